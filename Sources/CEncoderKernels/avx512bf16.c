#include "paths.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                                                         \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16,fma"))), apply_to = function)

#define LANES 16
#define VECTORS 3
#define ROWS 8
#include "lanes.h"

// A panel holds inputs in pairs, as the instruction multiplies them: for each pair, the two weights of PANEL outputs
// side by side; zeros beyond the last output and the last input.
static inline size_t pairs_of(size_t inputs) { return (inputs + 1) / 2; }

static size_t packed_bytes(size_t inputs, size_t outputs) {
    return encoder_round_up(outputs, PANEL) * pairs_of(inputs) * sizeof(uint32_t);
}

static void pack(const float *weights, size_t inputs, size_t outputs, void *packed) {
    uint16_t *to = packed;
    for (size_t first = 0; first < outputs; first += PANEL) {
        for (size_t pair = 0; pair < pairs_of(inputs); pair++) {
            for (size_t c = 0; c < PANEL; c++, to += 2) {
                to[0] = to[1] = 0;
                if (first + c >= outputs) continue;
                const float *from = weights + (first + c) * inputs + 2 * pair;
                encoder_round(from, inputs - 2 * pair < 2 ? 1 : 2, to);
            }
        }
    }
}

// Rows of bfloat16 pairs, each rounded up to whole vectors.
static inline size_t input_stride(size_t inputs) { return encoder_round_up(pairs_of(inputs), LANES); }

static size_t apply_scratch(size_t inputs, size_t rows) { return rows * input_stride(inputs) * sizeof(uint32_t); }

static void round_rows(const float *x, size_t rows, size_t inputs, uint32_t *to) {
    size_t stride = input_stride(inputs), whole = inputs / 32 * 32;
    for (size_t r = 0; r < rows; r++) {
        const float *from = x + r * inputs;
        uint32_t *row = to + r * stride;
        for (size_t i = 0; i < whole; i += 32) {
            __m512bh pair = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(from + i + 16), _mm512_loadu_ps(from + i));
            _mm512_storeu_si512(row + i / 2, (__m512i)pair);
        }
        if (whole < inputs) {
            for (size_t i = whole / 2; i < stride; i++) row[i] = 0;
            encoder_round(from + whole, inputs - whole, (uint16_t *)row + whole);
        }
    }
}

#define INPUT uint32_t
#define DENSE_TILE(R)                                                                                                 \
    static void dense_##R(                                                                                            \
        const uint32_t *x, size_t xs, const uint32_t *b, size_t depth, const lanes *bias,                             \
        encoder_activation activation, float *y, size_t ys, size_t columns) {                                         \
        __m512 acc[R][VECTORS];                                                                                       \
        UNROLLED for (int r = 0; r < R; r++) {                                                                        \
            UNROLLED for (int v = 0; v < VECTORS; v++) acc[r][v] = (__m512)bias[v];                                   \
        }                                                                                                             \
        for (size_t k = 0; k < depth; k++, b += PANEL) {                                                              \
            __m512bh w[VECTORS];                                                                                      \
            UNROLLED for (int v = 0; v < VECTORS; v++) w[v] = (__m512bh)_mm512_load_si512(b + v * LANES);             \
            UNROLLED for (int r = 0; r < R; r++) {                                                                    \
                __m512bh factor = (__m512bh)_mm512_set1_epi32((int)x[r * xs + k]);                                    \
                UNROLLED for (int v = 0; v < VECTORS; v++) acc[r][v] = _mm512_dpbf16_ps(acc[r][v], factor, w[v]);     \
            }                                                                                                         \
        }                                                                                                             \
        if (activation == encoder_gelu) {                                                                             \
            UNROLLED for (int r = 0; r < R; r++) {                                                                    \
                UNROLLED for (int v = 0; v < VECTORS; v++) acc[r][v] = (__m512)gelu((lanes)acc[r][v]);                \
            }                                                                                                         \
        }                                                                                                             \
        store_tile((const lanes *)acc[0], R, VECTORS, y, ys, columns);                                                \
    }
#include "tiles.h"

static void apply(
    const encoder_dense *layer, const float *x, size_t rows, encoder_activation activation, float *y, void *scratch) {
    size_t stride = input_stride(layer->inputs), pairs = pairs_of(layer->inputs);
    round_rows(x, rows, layer->inputs, scratch);
    for (size_t first = 0; first < layer->outputs; first += PANEL) {
        size_t columns = layer->outputs - first < PANEL ? layer->outputs - first : PANEL;
        const uint32_t *panel = (const uint32_t *)layer->weights + first * pairs;
        lanes bias[VECTORS];
        panel_bias(layer->bias + first, columns, bias);
        for (size_t row = 0, count; row < rows; row += count) {
            count = tile_rows(rows - row);
            tile(
                count, (const uint32_t *)scratch + row * stride, stride, panel, pairs, bias, activation,
                y + row * layer->outputs + first, layer->outputs, columns);
        }
    }
}

#pragma clang attribute pop

const encoder_functions encoder_avx512_bf16_functions =
    {PANEL, packed_bytes, pack, apply_scratch, apply, attend_scratch, attend, add_norm};
#endif
