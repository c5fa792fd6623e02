#include "dot.h"

#include <math.h>

// Rows whose products are computed before the best are looked for among them.
enum { group = 64 };

// Puts a candidate in its place; `found` of `capacity` places are taken. Returns how many are taken then.
static size_t keep(vector_candidate *nearest, size_t capacity, size_t found, vector_candidate candidate) {
    size_t place = found < capacity ? found : capacity - 1;
    while (place > 0 && nearest[place - 1].score < candidate.score) {
        nearest[place] = nearest[place - 1];
        place--;
    }
    nearest[place] = candidate;
    return found < capacity ? found + 1 : found;
}

size_t vector_scan_rows(
    vector_kernel kernel, const uint8_t *rows, size_t stride, size_t count, const int8_t *query, const float *scales,
    const int64_t *expiries, int64_t now, uint32_t first_row, vector_candidate *nearest, size_t capacity,
    size_t found) {
    if (capacity == 0) return 0;
    dot_rows dot = dot_rows_of(kernel);
    int32_t bias = dot_bias(query, stride), products[group];
    float least = found < capacity ? -INFINITY : nearest[capacity - 1].score;
    for (size_t start = 0; start < count; start += group) {
        size_t rows_here = count - start < group ? count - start : group;
        dot(rows + start * stride, stride, rows_here, query, bias, products);
        for (size_t i = 0; i < rows_here; i++) {
            float score = (float)products[i] * scales[start + i];
            if (score <= least || expiries[start + i] <= now) continue;
            vector_candidate candidate = {score, first_row + (uint32_t)(start + i)};
            found = keep(nearest, capacity, found, candidate);
            if (found == capacity) least = nearest[capacity - 1].score;
        }
    }
    return found;
}

double vector_cosine(const float *query, const uint8_t *row, size_t dimensions) {
    double product = 0;
    int64_t squares = 0;
    for (size_t i = 0; i < dimensions; i++) {
        int32_t component = (int32_t)row[i] - 128;
        product += (double)query[i] * component;
        squares += component * component;
    }
    return squares == 0 ? 0 : product / sqrt((double)squares);
}
