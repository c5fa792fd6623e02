#include "CGraphIndex.h"

#include "row_graph.h"
#include "turns.h"

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
    // Rows are numbered in 31 bits.
    if (capacity > INT32_MAX) return nullptr;
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
    graph->graph.mark(row);
}

ptrdiff_t graph_index_search(graph_index *graph, const uint8_t *query, float scale, size_t breadth, uint32_t *rows) {
    if (!graph->turns.tryRead()) return -1;
    Turn turn{graph->turns};
    try {
        std::vector<uint8_t> asked(graph->space.get_data_size());
        graph->space.write(query, scale, asked.data());
        return static_cast<ptrdiff_t>(graph->graph.nearest(asked.data(), breadth, rows));
    } catch (...) {
        return -1;
    }
}

size_t graph_index_count(const graph_index *graph) { return graph->graph.count(); }

size_t graph_index_bytes(const graph_index *graph) { return sizeof(graph_index) + graph->graph.bytes(); }
