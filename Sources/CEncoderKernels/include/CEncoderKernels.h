#pragma once

// The arithmetic of a transformer encoder: dense layers, attention, layer norm. Every function is pure but for the
// memory it is handed, so any number of threads may call any of them at once. Matrices are row-major float32; a row is
// a token, and the sequences of a batch stand one after another without padding.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The instruction sets that the functions are compiled for.
typedef enum {
    encoder_portable = 0,
    encoder_avx2 = 1,
    encoder_avx512 = 2,
    /// AVX-512 with products of bfloat16 numbers summed up in float32.
    encoder_avx512_bf16 = 3,
} encoder_path;

/// What a dense layer does to its sums.
typedef enum {
    encoder_identity = 0,
    /// x/2 * (1 + erf(x / sqrt 2)), absolute error below 1e-6.
    encoder_gelu = 1,
} encoder_activation;

/// Whether this CPU and its operating system can run `path`.
bool encoder_path_is_supported(encoder_path path);

/// A dense layer y = activation(x W^T + bias), its weights in the order in which `path` reads them.
typedef struct {
    encoder_path path;
    size_t inputs;
    size_t outputs;
    /// From encoder_pack.
    const void *weights;
    const float *bias;
} encoder_dense;

/// Bytes that encoder_pack writes.
size_t encoder_packed_bytes(encoder_path path, size_t inputs, size_t outputs);

/// Reorders `weights` (outputs x inputs) into `packed`, which is aligned to 64 bytes.
void encoder_pack(encoder_path path, const float *weights, size_t inputs, size_t outputs, void *packed);

/// Bytes of scratch memory, aligned to 64, that encoder_apply wants.
size_t encoder_apply_scratch(const encoder_dense *layer, size_t rows);

/// Writes the layer's `rows` x outputs results for `rows` x inputs of `x` to `y`, which does not overlap `x`.
void encoder_apply(
    const encoder_dense *layer, const float *x, size_t rows, encoder_activation activation, float *y, void *scratch);

/// Bytes of scratch memory, aligned to 64, that encoder_attend wants for sequences of at most `longest` tokens.
size_t encoder_attend_scratch(encoder_path path, size_t longest, size_t width, size_t heads);

/// Scaled dot-product attention of every sequence over itself.
///
/// A row of `qkv` is a token's query, key and value, 3 x `width`; a row of `y` is `width`.
void encoder_attend(
    encoder_path path, const float *qkv, const int32_t *lengths, size_t sequences, size_t width, size_t heads, float *y,
    void *scratch);

/// x = layer norm of (x + residual), row by row; `residual` may be null.
void encoder_add_norm(
    encoder_path path, float *x, const float *residual, size_t rows, size_t width, const float *gain, const float *bias,
    float epsilon);

/// y = the table's rows at `ids`, each plus its row of `positions` (already with the token type added).
///
/// `lengths` are those of the sequences; positions count from 0 in each. `half_table` holds bfloat16 numbers and is
/// read when `table` is null.
void encoder_gather(
    const float *table, const uint16_t *half_table, const float *positions, const int32_t *ids, const int32_t *lengths,
    size_t sequences, size_t width, float *y);

/// Rounds `count` numbers to bfloat16, to nearest, ties to even.
void encoder_round(const float *from, size_t count, uint16_t *to);

/// Widens `count` little-endian IEEE half-precision (`is_bfloat` false) or bfloat16 numbers.
void encoder_widen(const uint8_t *from, size_t count, bool is_bfloat, float *to);

/// Whether all `count` numbers are finite.
bool encoder_all_finite(const float *numbers, size_t count);

/// One unit vector for each sequence: the mean of its rows, or its first row, divided by its length.
///
/// A vector that is zero or not finite is left as it is.
void encoder_pool(
    const float *x, const int32_t *lengths, size_t sequences, size_t width, bool first_token_only, float *y);

/// Memory for `bytes`, aligned to 64 and in huge pages where the system has them; null when there is none.
void *encoder_allocate(size_t bytes);

/// Frees what encoder_allocate returned.
void encoder_free(void *memory);

#ifdef __cplusplus
}
#endif
