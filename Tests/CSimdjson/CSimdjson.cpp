#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using simdjson::dom::element;
using simdjson::dom::element_type;

namespace {

void write_string(std::string_view text, std::string &out) {
    out += '"';
    out += std::to_string(text.size());
    out += ':';
    out.append(text.data(), text.size());
}

void write_double(double value, std::string &out) {
    if (value == 0) value = 0;  // -0 is 0
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    out += 'd';
    out += std::to_string(bits);
}

void write(element value, std::string &out) {
    switch (value.type()) {
        case element_type::ARRAY: {
            out += '[';
            for (element child : simdjson::dom::array(value)) {
                write(child, out);
                out += ',';
            }
            out += ']';
            break;
        }
        case element_type::OBJECT: {
            std::vector<std::pair<std::string_view, element>> members;
            for (auto field : simdjson::dom::object(value)) members.emplace_back(field.key, field.value);
            std::stable_sort(members.begin(), members.end(), [](const auto &left, const auto &right) {
                return left.first < right.first;
            });
            out += '{';
            for (const auto &member : members) {
                write_string(member.first, out);
                write(member.second, out);
                out += ',';
            }
            out += '}';
            break;
        }
        case element_type::STRING: write_string(std::string_view(value), out); break;
        case element_type::INT64: out += 'i' + std::to_string(int64_t(value)); break;
        case element_type::UINT64: out += 'u' + std::to_string(uint64_t(value)); break;
        case element_type::DOUBLE: write_double(double(value), out); break;
        case element_type::BOOL: out += bool(value) ? 't' : 'f'; break;
        case element_type::NULL_VALUE: out += 'n'; break;
    }
}

}  // namespace

extern "C" csimdjson_verdict csimdjson_parse(
    const uint8_t *bytes, size_t length, size_t max_depth, uint8_t **written, size_t *written_length) {
    static thread_local simdjson::dom::parser parser;
    static thread_local std::string out;
    if (parser.allocate(length + 64, max_depth) != simdjson::SUCCESS) return CSIMDJSON_REJECTED;
    simdjson::padded_string padded(reinterpret_cast<const char *>(bytes), length);
    element root;
    switch (parser.parse(padded).get(root)) {
        case simdjson::SUCCESS: break;
        case simdjson::NUMBER_ERROR: return CSIMDJSON_NUMBER;
        case simdjson::DEPTH_ERROR: return CSIMDJSON_DEPTH;
        default: return CSIMDJSON_REJECTED;
    }
    if (written == nullptr) return CSIMDJSON_ACCEPTED;
    out.clear();
    write(root, out);
    *written = static_cast<uint8_t *>(std::malloc(out.size() + 1));
    if (*written == nullptr) return CSIMDJSON_REJECTED;
    std::memcpy(*written, out.data(), out.size());
    *written_length = out.size();
    return CSIMDJSON_ACCEPTED;
}

extern "C" void csimdjson_free(uint8_t *written) { std::free(written); }
