#include "paths.h"

bool encoder_path_is_supported(encoder_path path) {
    switch (path) {
    case encoder_portable: return true;
#if defined(__x86_64__)
    case encoder_avx2: __builtin_cpu_init(); return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case encoder_avx512:
        __builtin_cpu_init();
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
    case encoder_avx512_bf16:
        return encoder_path_is_supported(encoder_avx512) && __builtin_cpu_supports("avx512bf16");
#endif
    default: return false;
    }
}

static const encoder_functions *functions(encoder_path path) {
    switch (path) {
#if defined(__x86_64__)
    case encoder_avx2: return &encoder_avx2_functions;
    case encoder_avx512: return &encoder_avx512_functions;
    case encoder_avx512_bf16: return &encoder_avx512_bf16_functions;
#endif
    default: return &encoder_portable_functions;
    }
}

size_t encoder_packed_bytes(encoder_path path, size_t inputs, size_t outputs) {
    return functions(path)->packed_bytes(inputs, outputs);
}

void encoder_pack(encoder_path path, const float *weights, size_t inputs, size_t outputs, void *packed) {
    functions(path)->pack(weights, inputs, outputs, packed);
}

size_t encoder_apply_scratch(const encoder_dense *layer, size_t rows) {
    return functions(layer->path)->apply_scratch(layer->inputs, rows);
}

void encoder_apply(
    const encoder_dense *layer, const float *x, size_t rows, encoder_activation activation, float *y, void *scratch) {
    functions(layer->path)->apply(layer, x, rows, activation, y, scratch);
}

size_t encoder_attend_scratch(encoder_path path, size_t longest, size_t width, size_t heads) {
    return functions(path)->attend_scratch(longest, width / heads);
}

void encoder_attend(
    encoder_path path, const float *qkv, const int32_t *lengths, size_t sequences, size_t width, size_t heads, float *y,
    void *scratch) {
    functions(path)->attend(qkv, lengths, sequences, width, heads, y, scratch);
}

void encoder_add_norm(
    encoder_path path, float *x, const float *residual, size_t rows, size_t width, const float *gain, const float *bias,
    float epsilon) {
    functions(path)->add_norm(x, residual, rows, width, gain, bias, epsilon);
}
