#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Dot products of one query with many rows of bytes.
//
// A row holds its components plus 128 as unsigned bytes, because the byte products of x86 want one operand without a
// sign; what that adds is the same for all rows of a query. Rows and the query are `stride` bytes long, a multiple of
// 64; the query is zero beyond its dimensions, so what a row holds there does not matter.

// How a dot product is computed. All give the same integers.
typedef enum vector_kernel {
    vector_kernel_portable = 0,
    vector_kernel_avx2 = 1,
    vector_kernel_avx_vnni = 2,
    vector_kernel_avx512_vnni = 3,
} vector_kernel;

// Whether this machine has what a kernel needs.
bool vector_kernel_is_available(vector_kernel kernel);

// The fastest kernel that this machine has.
vector_kernel vector_kernel_best(void);

// Writes the dot product of the query with each of `count` rows; `stride` is at most 65,536.
void vector_dot_rows(
    vector_kernel kernel, const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t *products);

// A row and how near it is to the query: the dot product times the row's scale.
typedef struct vector_candidate {
    float score;
    uint32_t row;
} vector_candidate;

// Merges the rows that expire after `now` into `nearest`, which holds `found` of at most `capacity` candidates, the
// best first, and returns how many it holds then. Row `i` is named `first_row + i`.
size_t vector_scan_rows(
    vector_kernel kernel, const uint8_t *rows, size_t stride, size_t count, const int8_t *query, const float *scales,
    const int64_t *expiries, int64_t now, uint32_t first_row, vector_candidate *nearest, size_t capacity, size_t found);

// The cosine of a query of floats and a row; 0 when the row is all zeros. The query has the length 1.
double vector_cosine(const float *query, const uint8_t *row, size_t dimensions);

// The product of a row and another row less 128 each: more than their dot product by what `vector_pair_offset` says of
// the other. `stride` is a multiple of 64 and at most 65,536; beyond the dimensions rows hold 128.
typedef int32_t (*vector_pair_product)(const uint8_t *row, const uint8_t *other, size_t stride);

vector_pair_product vector_pair_product_of(vector_kernel kernel);

// What the offset of 128 of a row adds to its product with `other`.
int32_t vector_pair_offset(const uint8_t *other, size_t stride);

#ifdef __cplusplus
}
#endif
