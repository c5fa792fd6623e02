#include "CEncoderKernels.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static inline uint32_t bits_of(float number) {
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static inline float number_of(uint32_t bits) {
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

void encoder_round(const float *from, size_t count, uint16_t *to) {
    for (size_t i = 0; i < count; i++) {
        uint32_t bits = bits_of(from[i]);
        to[i] = (uint16_t)((bits + 0x7FFFu + (bits >> 16 & 1)) >> 16);
    }
}

// Exact: a half's exponent and fraction, moved to where a float has them, are 2^112 too small; that also scales the
// subnormal ones. Infinity and not-a-number keep the largest exponent.
static inline float widened_half(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000u) << 16, rest = (uint32_t)(half & 0x7FFFu) << 13;
    if (rest >= 0x0F800000u) return number_of(sign | 0x70000000u | rest);
    return number_of(sign | bits_of(number_of(rest) * 0x1p112f));
}

void encoder_widen(const uint8_t *from, size_t count, bool is_bfloat, float *to) {
    for (size_t i = 0; i < count; i++) {
        uint16_t half = (uint16_t)(from[2 * i] | from[2 * i + 1] << 8);
        to[i] = is_bfloat ? number_of((uint32_t)half << 16) : widened_half(half);
    }
}

bool encoder_all_finite(const float *numbers, size_t count) {
    uint32_t found = 0;
    for (size_t i = 0; i < count; i++) found |= (bits_of(numbers[i]) & 0x7F800000u) == 0x7F800000u;
    return !found;
}

void encoder_gather(
    const float *table, const uint16_t *half_table, const float *positions, const int32_t *ids, const int32_t *lengths,
    size_t sequences, size_t width, float *y) {
    for (size_t s = 0; s < sequences; s++) {
        for (int32_t at = 0; at < lengths[s]; at++, ids++, y += width) {
            const float *position = positions + (size_t)at * width;
            if (table) {
                const float *row = table + (size_t)*ids * width;
                for (size_t i = 0; i < width; i++) y[i] = row[i] + position[i];
            } else {
                const uint16_t *row = half_table + (size_t)*ids * width;
                for (size_t i = 0; i < width; i++) y[i] = number_of((uint32_t)row[i] << 16) + position[i];
            }
        }
    }
}

void encoder_pool(
    const float *x, const int32_t *lengths, size_t sequences, size_t width, bool first_token_only, float *y) {
    for (size_t s = 0; s < sequences; s++, y += width) {
        size_t length = (size_t)lengths[s];
        memcpy(y, x, width * sizeof(float));
        if (!first_token_only) {
            for (size_t r = 1; r < length; r++) {
                for (size_t i = 0; i < width; i++) y[i] += x[r * width + i];
            }
        }
        double square = 0;
        for (size_t i = 0; i < width; i++) square += (double)y[i] * y[i];
        if (square > 0 && square < 1e300) {
            double inverse = 1 / __builtin_sqrt(square);
            for (size_t i = 0; i < width; i++) y[i] = (float)(y[i] * inverse);
        }
        x += length * width;
    }
}

void *encoder_allocate(size_t bytes) {
    const size_t huge = 2u << 20;
    void *memory = NULL;
    size_t alignment = bytes >= huge ? huge : 64;
    if (posix_memalign(&memory, alignment, bytes ? bytes : 64) != 0) return NULL;
#if defined(MADV_HUGEPAGE)
    if (alignment == huge) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

void encoder_free(void *memory) { free(memory); }
