#pragma once

#include "row_space.h"

#include <cstdlib>
#include <iterator>
#include <memory>
#include <mutex>
#include <new>
#include <queue>
#include <utility>
#include <vector>

// What a piece of memory costs the allocator beside its bytes, about.
constexpr size_t overhead = 16;

// Rows by their numbers, and a node for each vector among them: nodes of the same vector would be linked with each other
// alone, and lead nowhere.
class Graph : public hnswlib::HierarchicalNSW<float> {
public:
    Graph(RowSpace *space, size_t capacity, size_t links, size_t breadth)
        : hnswlib::HierarchicalNSW<float>(space, capacity, links, breadth), comparedBytes(space->stride) {
        rowOfNode.reserve(capacity);
        rows.reserve(capacity);
    }

    void add(const uint8_t *data) {
        if (rows.size() >= INT32_MAX) throw std::bad_alloc();
        uint32_t row = static_cast<uint32_t>(rows.size());
        Number twin = twinOf(data);
        if (twin != none) {
            rows.push_back({rowOfNode[twin], false});
            rowOfNode[twin] = row;
            return;
        }
        if (cur_element_count == max_elements_) grow(max_elements_ + max_elements_ / 8 + 64);
        Number node = addPoint(data, cur_element_count, -1);
        // Nodes are known by their numbers: no table is needed to find those.
        label_lookup_.clear();
        if (element_levels_[node] > 0) upperBytes += element_levels_[node] * size_links_per_element_ + overhead;
        rowOfNode.push_back(row);
        rows.push_back({none, false});
    }

    // Marks are looked at by searches alone: hnswlib's own keep a new node from being linked with marked ones, and it
    // relies on there being others.
    void mark(uint32_t row) {
        if (row < rows.size()) rows[row].isMarked = true;
    }

    // Writes the nearest rows that are not marked, and returns how many.
    size_t nearest(const uint8_t *query, size_t breadth, uint32_t *found) const {
        return search(query, breadth, found, [this](Number node, auto use) {
            for (uint32_t row = rowOfNode[node]; row != none; row = rows[row].next) {
                if (!rows[row].isMarked) use(row);
            }
        });
    }

    size_t count() const { return rows.size(); }

    size_t bytes() const {
        size_t perElement = size_data_per_element_ + sizeof(char *) + sizeof(std::mutex) + sizeof(int);
        // A list of visited nodes for each search at a time; there are two at most, as a rule.
        perElement += 2 * sizeof(hnswlib::vl_type);
        return sizeof(Graph) + max_update_element_locks * sizeof(std::mutex) + max_elements_ * perElement + upperBytes
            + rowOfNode.capacity() * sizeof(uint32_t) + rows.capacity() * sizeof(Row);
    }

private:
    using Number = hnswlib::tableint;
    static constexpr uint32_t none = UINT32_MAX;

    struct Row {
        // Another row of the same node.
        uint32_t next;
        bool isMarked;
    };

    // The nodes that a search has come by.
    class Visits {
    public:
        explicit Visits(hnswlib::VisitedListPool &pool) : pool(pool), list(pool.getFreeVisitedList()) {}
        ~Visits() { pool.releaseVisitedList(list); }
        Visits(const Visits &) = delete;
        Visits &operator=(const Visits &) = delete;

        bool isFirst(Number node) { return std::exchange(list->mass[node], list->curV) != list->curV; }

    private:
        hnswlib::VisitedListPool &pool;
        hnswlib::VisitedList *list;
    };

    float distance(const uint8_t *query, Number node) const {
        return fstdistfunc_(query, getDataByInternalId(node), dist_func_param_);
    }

    // The node of the same vector, as far as a short search finds it.
    Number twinOf(const uint8_t *data) const {
        uint32_t near[8];
        size_t found = search(data, std::size(near), near, [](Number node, auto use) { use(node); });
        for (size_t i = 0; i < found; i++) {
            if (std::memcmp(getDataByInternalId(near[i]), data, comparedBytes) == 0) return near[i];
        }
        return none;
    }

    // Writes the nearest of what nodes stand for, the nearest first, as the paper's algorithms 5 and 2 do.
    template <typename Names>
    size_t search(const uint8_t *query, size_t breadth, uint32_t *names, Names namesOf) const {
        if (cur_element_count == 0 || breadth == 0) return 0;
        Visits visits(*visited_list_pool_);
        // The farthest first in `found`, the nearest first in `open`.
        std::priority_queue<std::pair<float, uint32_t>> found, open;
        auto look = [&](Number node, float away) {
            open.emplace(-away, node);
            namesOf(node, [&](uint32_t name) {
                if (found.size() == breadth && away >= found.top().first) return;
                found.emplace(away, name);
                if (found.size() > breadth) found.pop();
            });
        };
        Number entry = descend(query);
        visits.isFirst(entry);
        look(entry, distance(query, entry));
        while (!open.empty()) {
            auto [nearness, current] = open.top();
            if (found.size() == breadth && -nearness > found.top().first) break;
            open.pop();
            const hnswlib::linklistsizeint *list = get_linklist0(current);
            const Number *linked = list + 1;
            size_t count = getListCount(const_cast<hnswlib::linklistsizeint *>(list));
            for (size_t i = 0; i < count; i++) {
                if (i + 1 < count) __builtin_prefetch(getDataByInternalId(linked[i + 1]));
                if (!visits.isFirst(linked[i])) continue;
                float away = distance(query, linked[i]);
                if (found.size() < breadth || away < found.top().first) look(linked[i], away);
            }
        }
        size_t count = found.size();
        for (size_t place = count; place > 0; place--) {
            names[place - 1] = found.top().second;
            found.pop();
        }
        return count;
    }

    // Goes down to the node of the second level that is nearest to a query, as far as steps to nearer ones lead.
    Number descend(const uint8_t *query) const {
        Number nearest = enterpoint_node_;
        float least = distance(query, nearest);
        for (int level = maxlevel_; level > 0; level--) {
            for (bool hasMoved = true; hasMoved;) {
                hasMoved = false;
                const hnswlib::linklistsizeint *list = get_linklist(nearest, level);
                size_t count = getListCount(const_cast<hnswlib::linklistsizeint *>(list));
                for (size_t i = 1; i <= count; i++) {
                    float away = distance(query, list[i]);
                    if (away >= least) continue;
                    least = away;
                    nearest = list[i];
                    hasMoved = true;
                }
            }
        }
        return nearest;
    }

    // As resizeIndex, but the graph stays whole when there is no memory.
    void grow(size_t capacity) {
        std::unique_ptr<hnswlib::VisitedListPool> visited(
            new hnswlib::VisitedListPool(1, static_cast<int>(capacity)));
        std::vector<std::mutex> locks(capacity);
        element_levels_.resize(capacity);
        void *rows = std::realloc(data_level0_memory_, capacity * size_data_per_element_);
        if (rows == nullptr) throw std::bad_alloc();
        data_level0_memory_ = static_cast<char *>(rows);
        void *lists = std::realloc(linkLists_, capacity * sizeof(char *));
        if (lists == nullptr) throw std::bad_alloc();
        linkLists_ = static_cast<char **>(lists);
        link_list_locks_.swap(locks);
        delete visited_list_pool_;
        visited_list_pool_ = visited.release();
        max_elements_ = capacity;
    }

    const size_t comparedBytes;
    // The latest row of each node, and of each row the one before it.
    std::vector<uint32_t> rowOfNode;
    std::vector<Row> rows;
    size_t upperBytes = 0;
};
