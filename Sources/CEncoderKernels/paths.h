#pragma once

// The table of functions that each path fills; see lanes.h.

#include "CEncoderKernels.h"

typedef struct {
    /// Columns of a panel of packed weights.
    size_t panel;
    size_t (*packed_bytes)(size_t inputs, size_t outputs);
    void (*pack)(const float *weights, size_t inputs, size_t outputs, void *packed);
    size_t (*apply_scratch)(size_t inputs, size_t rows);
    void (*apply)(
        const encoder_dense *layer, const float *x, size_t rows, encoder_activation activation, float *y,
        void *scratch);
    size_t (*attend_scratch)(size_t longest, size_t head);
    void (*attend)(
        const float *qkv, const int32_t *lengths, size_t sequences, size_t width, size_t heads, float *y,
        void *scratch);
    void (*add_norm)(
        float *x, const float *residual, size_t rows, size_t width, const float *gain, const float *bias,
        float epsilon);
} encoder_functions;

extern const encoder_functions encoder_portable_functions;
#if defined(__x86_64__)
extern const encoder_functions encoder_avx2_functions;
extern const encoder_functions encoder_avx512_functions;
extern const encoder_functions encoder_avx512_bf16_functions;
#endif

static inline size_t encoder_round_up(size_t value, size_t step) { return (value + step - 1) / step * step; }
