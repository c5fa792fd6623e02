#pragma once

#include "CVectorKernels.h"

#include <cstdint>
#include <cstring>

// Its own kernels are not used, and would define functions that are not static.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

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
