#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CVectorKernels.h"

#ifdef __cplusplus
extern "C" {
#endif

// A graph over rows of bytes in which near rows are found without looking at all of them: hierarchical navigable small
// worlds (Malkov and Yashunin, arXiv 1603.09320), as hnswlib has them.
//
// A row holds its components plus 128 as unsigned bytes, `stride` of them, 128 beyond its dimensions, and has a scale;
// nearness is the product of two rows and their scales. The graph keeps copies. Rows are numbered from 0 as they are
// added and stay until the graph is freed; a row that is marked is no longer found.
//
// Searches may run at once and beside one thread that changes the graph. No function lets an exception out.
typedef struct graph_index graph_index;

// Creates an empty graph with room for `capacity` rows, 1 to 2^31 - 1; NULL for more and when there is no memory.
//
// `links` is the number of neighbors that a row is connected with (twice as many on the lowest level), at most 1,000;
// `breadth` the number of candidates that are looked at to find them.
graph_index *graph_index_create(
    vector_kernel kernel, size_t stride, size_t capacity, size_t links, size_t breadth);

// Frees a graph that nobody uses; does nothing with NULL.
void graph_index_free(graph_index *graph);

// Adds a row, for which room is made when there is none left. Waits for searches. False when there is no memory: the
// graph is then to be used no more, but for being freed.
bool graph_index_add(graph_index *graph, const uint8_t *row, float scale);

// Takes a row out of what is found; its memory stays. Waits for searches.
void graph_index_mark(graph_index *graph, uint32_t row);

// Writes the numbers of the `breadth` rows, or fewer, that are nearest to a query of the same form as rows, the nearest
// first, and returns how many. -1 when the graph is being changed just now or there is no memory: it does not wait.
ptrdiff_t graph_index_search(
    graph_index *graph, const uint8_t *query, float scale, size_t breadth, uint32_t *rows);

// Rows that have been added, marked ones too.
size_t graph_index_count(const graph_index *graph);

// Bytes of memory that the graph takes, with what the allocator adds; those of its creation grow with the capacity.
size_t graph_index_bytes(const graph_index *graph);

#ifdef __cplusplus
}
#endif
