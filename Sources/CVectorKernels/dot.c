#include "dot.h"
#include "lanes.h"

static int32_t dot_portable(const uint8_t *row, const int8_t *query, size_t stride) {
    int32_t sum = 0;
    for (size_t i = 0; i < stride; i++) sum += (int32_t)row[i] * query[i];
    return sum;
}

static void rows_portable(
    const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias, int32_t *products) {
    for (size_t i = 0; i < count; i++) products[i] = dot_portable(rows + i * stride, query, stride) - bias;
}

#if defined(__x86_64__)

// Widens both to 16 bits: the byte product of AVX2 would saturate.
__attribute__((target("avx2"))) static void rows_avx2(
    const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias, int32_t *products) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = rows + i * stride;
        __m256i first = _mm256_setzero_si256(), second = first;
        for (size_t at = 0; at < stride; at += 32) {
            __m256i r0 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + at)));
            __m256i q0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + at)));
            __m256i r1 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + at + 16)));
            __m256i q1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(query + at + 16)));
            first = _mm256_add_epi32(first, _mm256_madd_epi16(r0, q0));
            second = _mm256_add_epi32(second, _mm256_madd_epi16(r1, q1));
        }
        products[i] = sum_of_eight(_mm256_add_epi32(first, second)) - bias;
    }
}

__attribute__((target("avx2,avxvnni"))) static void rows_avx_vnni(
    const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias, int32_t *products) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t *row = rows + i * stride;
        __m256i first = _mm256_setzero_si256(), second = first;
        for (size_t at = 0; at < stride; at += 64) {
            first = _mm256_dpbusd_avx_epi32(
                first, _mm256_loadu_si256((const __m256i *)(row + at)),
                _mm256_loadu_si256((const __m256i *)(query + at)));
            second = _mm256_dpbusd_avx_epi32(
                second, _mm256_loadu_si256((const __m256i *)(row + at + 32)),
                _mm256_loadu_si256((const __m256i *)(query + at + 32)));
        }
        products[i] = sum_of_eight(_mm256_add_epi32(first, second)) - bias;
    }
}

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vnni")))

AVX512 static inline __m512i dot_bytes(__m512i sum, const uint8_t *row, __m512i query) {
    return _mm512_dpbusd_epi32(sum, _mm512_loadu_si512(row), query);
}

// Two rows at a time, each with its own sum: the product takes several cycles to be ready.
AVX512 static void rows_avx512_vnni(
    const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias, int32_t *products) {
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        const uint8_t *row = rows + i * stride, *next = row + stride;
        __m512i first = _mm512_setzero_si512(), second = first;
        for (size_t at = 0; at < stride; at += 64) {
            __m512i part = _mm512_loadu_si512(query + at);
            first = dot_bytes(first, row + at, part);
            second = dot_bytes(second, next + at, part);
        }
        products[i] = _mm512_reduce_add_epi32(first) - bias;
        products[i + 1] = _mm512_reduce_add_epi32(second) - bias;
    }
    if (i < count) {
        const uint8_t *row = rows + i * stride;
        __m512i sum = _mm512_setzero_si512();
        for (size_t at = 0; at < stride; at += 64) sum = dot_bytes(sum, row + at, _mm512_loadu_si512(query + at));
        products[i] = _mm512_reduce_add_epi32(sum) - bias;
    }
}

#endif

bool vector_kernel_is_available(vector_kernel kernel) {
    switch (kernel) {
    case vector_kernel_portable: return true;
#if defined(__x86_64__)
    case vector_kernel_avx2: return __builtin_cpu_supports("avx2");
    case vector_kernel_avx_vnni: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avxvnni");
    case vector_kernel_avx512_vnni:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512vnni");
#endif
    default: return false;
    }
}

vector_kernel vector_kernel_best(void) {
    static const vector_kernel fastest_first[] = {
        vector_kernel_avx512_vnni, vector_kernel_avx_vnni, vector_kernel_avx2};
    for (size_t i = 0; i < sizeof fastest_first / sizeof fastest_first[0]; i++) {
        if (vector_kernel_is_available(fastest_first[i])) return fastest_first[i];
    }
    return vector_kernel_portable;
}

dot_rows dot_rows_of(vector_kernel kernel) {
    switch (kernel) {
#if defined(__x86_64__)
    case vector_kernel_avx2: return rows_avx2;
    case vector_kernel_avx_vnni: return rows_avx_vnni;
    case vector_kernel_avx512_vnni: return rows_avx512_vnni;
#endif
    default: return rows_portable;
    }
}

int32_t dot_bias(const int8_t *query, size_t stride) {
    int32_t sum = 0;
    for (size_t i = 0; i < stride; i++) sum += query[i];
    return 128 * sum;
}

void vector_dot_rows(
    vector_kernel kernel, const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t *products) {
    dot_rows_of(kernel)(rows, stride, count, query, dot_bias(query, stride), products);
}
