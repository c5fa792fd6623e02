import CacheAPI

/// The parameters of a request's query.
struct Query {
    private var values: [String: String] = [:]

    /// Reads `a=1&b=2`, percent-decoded; an unknown, repeated or undecodable parameter is refused.
    init(_ text: Substring, allowing known: [String]) throws(Refusal) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Query.decoded(parts[0]), let value = Query.decoded(parts.count > 1 ? parts[1] : "") else {
                throw Refusal(.invalidRequest, "\(parts[0].prefix(64)): the query is not percent-encoded UTF-8 here")
            }
            guard known.contains(name) else {
                throw Refusal(
                    .invalidRequest,
                    "\(name.prefix(64)): unknown query parameter; known are \(known.joined(separator: ", "))"
                )
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw Refusal(.invalidRequest, "\(name): appears twice in the query")
            }
        }
    }

    /// The value of a parameter; nil when it is absent.
    subscript(_ name: String) -> String? { values[name] }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 0x37
        default: nil
        }
    }
}
