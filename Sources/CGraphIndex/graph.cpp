#include "CGraphIndex.h"

#include <pthread.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

// Its own kernels are not used, and would define functions that are not static.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

namespace {

// What follows the components of a row in the graph.
struct Tail {
    float scale;
    // What the offset of 128 of another row adds to its product with this one.
    int32_t offset;
};

// How far apart two rows are: less for nearer ones.
class RowSpace : public hnswlib::SpaceInterface<float> {
public:
    RowSpace(vector_kernel kernel, size_t stride) : stride(stride), product(vector_pair_product_of(kernel)) {}

    size_t get_data_size() override { return stride + sizeof(Tail); }
    hnswlib::DISTFUNC<float> get_dist_func() override { return distance; }
    void *get_dist_func_param() override { return this; }

    // Writes a row as the graph holds it.
    void write(const uint8_t *row, float scale, uint8_t *target) const {
        std::memcpy(target, row, stride);
        Tail tail = {scale, vector_pair_offset(row, stride)};
        std::memcpy(target + stride, &tail, sizeof tail);
    }

    const size_t stride;

private:
    static float distance(const void *left, const void *right, const void *parameter) {
        const RowSpace *space = static_cast<const RowSpace *>(parameter);
        const uint8_t *row = static_cast<const uint8_t *>(left), *other = static_cast<const uint8_t *>(right);
        Tail ofRow, ofOther;
        std::memcpy(&ofRow, row + space->stride, sizeof ofRow);
        std::memcpy(&ofOther, other + space->stride, sizeof ofOther);
        int32_t product = space->product(row, other, space->stride) - ofOther.offset;
        return 1 - static_cast<float>(product) * ofRow.scale * ofOther.scale;
    }

    const vector_pair_product product;
};

// What a piece of memory costs the allocator beside its bytes, about.
constexpr size_t overhead = 16;

class Graph : public hnswlib::HierarchicalNSW<float> {
public:
    Graph(RowSpace *space, size_t capacity, size_t links, size_t breadth)
        : hnswlib::HierarchicalNSW<float>(space, capacity, links, breadth) {}

    void add(const uint8_t *data) {
        if (cur_element_count == max_elements_) grow(max_elements_ + max_elements_ / 8 + 64);
        hnswlib::tableint number = addPoint(data, cur_element_count, -1);
        // Rows are named by their numbers: no table is needed to find those.
        label_lookup_.clear();
        if (element_levels_[number] > 0) upperBytes += element_levels_[number] * size_links_per_element_ + overhead;
    }

    size_t bytes() const {
        size_t perElement = size_data_per_element_ + sizeof(char *) + sizeof(std::mutex) + sizeof(int);
        // A list of visited rows for each search at a time; there are two at most, as a rule.
        perElement += 2 * sizeof(hnswlib::vl_type);
        return sizeof(Graph) + max_update_element_locks * sizeof(std::mutex) + max_elements_ * perElement + upperBytes;
    }

private:
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

    size_t upperBytes = 0;
};

// Readers that do not wait keep no writer waiting for ever: a waiting writer goes first.
class Turns {
public:
    Turns() {
        pthread_rwlockattr_t attributes;
        pthread_rwlockattr_init(&attributes);
#if defined(__GLIBC__)
        pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
        int failure = pthread_rwlock_init(&lock, &attributes);
        pthread_rwlockattr_destroy(&attributes);
        if (failure != 0) throw std::bad_alloc();
    }
    ~Turns() { pthread_rwlock_destroy(&lock); }
    Turns(const Turns &) = delete;
    Turns &operator=(const Turns &) = delete;

    bool tryRead() { return pthread_rwlock_tryrdlock(&lock) == 0; }
    void write() { pthread_rwlock_wrlock(&lock); }
    void end() { pthread_rwlock_unlock(&lock); }

private:
    pthread_rwlock_t lock;
};

// Gives a turn back at the end of a scope.
struct Turn {
    Turns &turns;
    ~Turn() { turns.end(); }
};

}  // namespace

struct graph_index {
    graph_index(vector_kernel kernel, size_t stride, size_t capacity, size_t links, size_t breadth)
        : space(kernel, stride), graph(&space, capacity, links, breadth), row(space.get_data_size()) {}

    RowSpace space;
    Graph graph;
    Turns turns;
    // The row that is being added.
    std::vector<uint8_t> row;
};

graph_index *graph_index_create(vector_kernel kernel, size_t stride, size_t capacity, size_t links, size_t breadth) {
    try {
        return new graph_index(kernel, stride, capacity, links, breadth);
    } catch (...) {
        return nullptr;
    }
}

void graph_index_free(graph_index *graph) { delete graph; }

bool graph_index_add(graph_index *graph, const uint8_t *row, float scale) {
    graph->space.write(row, scale, graph->row.data());
    graph->turns.write();
    Turn turn{graph->turns};
    try {
        graph->graph.add(graph->row.data());
        return true;
    } catch (...) {
        return false;
    }
}

void graph_index_mark(graph_index *graph, uint32_t row) {
    graph->turns.write();
    Turn turn{graph->turns};
    if (row < graph->graph.cur_element_count && !graph->graph.isMarkedDeleted(row)) graph->graph.markDeletedInternal(row);
}

ptrdiff_t graph_index_search(graph_index *graph, const uint8_t *query, float scale, size_t breadth, uint32_t *rows) {
    if (!graph->turns.tryRead()) return -1;
    Turn turn{graph->turns};
    try {
        std::vector<uint8_t> asked(graph->space.get_data_size());
        graph->space.write(query, scale, asked.data());
        auto nearest = graph->graph.searchKnn(asked.data(), breadth);
        ptrdiff_t found = static_cast<ptrdiff_t>(nearest.size());
        for (ptrdiff_t place = found - 1; place >= 0; place--) {
            rows[place] = static_cast<uint32_t>(nearest.top().second);
            nearest.pop();
        }
        return found;
    } catch (...) {
        return -1;
    }
}

size_t graph_index_count(const graph_index *graph) { return graph->graph.cur_element_count; }

size_t graph_index_bytes(const graph_index *graph) { return sizeof(graph_index) + graph->graph.bytes(); }
