#pragma once

#include "CVectorKernels.h"

// Dot products with rows; `bias` is what the rows' offset of 128 adds.
typedef void (*dot_rows)(
    const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias, int32_t *products);

dot_rows dot_rows_of(vector_kernel kernel);
int32_t dot_bias(const int8_t *query, size_t stride);
