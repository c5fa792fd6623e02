#include "CVectorKernels.h"
#include "lanes.h"

static int32_t pair_portable(const uint8_t *row, const uint8_t *other, size_t stride) {
    int32_t sum = 0;
    for (size_t i = 0; i < stride; i++) sum += (int32_t)row[i] * ((int32_t)other[i] - 128);
    return sum;
}

#if defined(__x86_64__)

// Widens both to 16 bits: the byte product of AVX2 would saturate.
__attribute__((target("avx2"))) static int32_t pair_avx2(const uint8_t *row, const uint8_t *other, size_t stride) {
    const __m256i offset = _mm256_set1_epi16(128);
    __m256i first = _mm256_setzero_si256(), second = first;
    for (size_t at = 0; at < stride; at += 32) {
        __m256i r0 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + at)));
        __m256i o0 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(other + at)));
        __m256i r1 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(row + at + 16)));
        __m256i o1 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(other + at + 16)));
        first = _mm256_add_epi32(first, _mm256_madd_epi16(r0, _mm256_sub_epi16(o0, offset)));
        second = _mm256_add_epi32(second, _mm256_madd_epi16(r1, _mm256_sub_epi16(o1, offset)));
    }
    return sum_of_eight(_mm256_add_epi32(first, second));
}

__attribute__((target("avx2,avxvnni"))) static int32_t pair_avx_vnni(
    const uint8_t *row, const uint8_t *other, size_t stride) {
    const __m256i sign = _mm256_set1_epi8((char)0x80);
    __m256i first = _mm256_setzero_si256(), second = first;
    for (size_t at = 0; at < stride; at += 64) {
        __m256i o0 = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(other + at)), sign);
        __m256i o1 = _mm256_xor_si256(_mm256_loadu_si256((const __m256i *)(other + at + 32)), sign);
        first = _mm256_dpbusd_avx_epi32(first, _mm256_loadu_si256((const __m256i *)(row + at)), o0);
        second = _mm256_dpbusd_avx_epi32(second, _mm256_loadu_si256((const __m256i *)(row + at + 32)), o1);
    }
    return sum_of_eight(_mm256_add_epi32(first, second));
}

// Two sums by turns: a product takes several cycles to be ready.
__attribute__((target("avx512f,avx512bw,avx512vnni"))) static int32_t pair_avx512_vnni(
    const uint8_t *row, const uint8_t *other, size_t stride) {
    const __m512i sign = _mm512_set1_epi8((char)0x80);
    __m512i first = _mm512_setzero_si512(), second = first;
    size_t at = 0;
    for (; at + 128 <= stride; at += 128) {
        __m512i o0 = _mm512_xor_si512(_mm512_loadu_si512(other + at), sign);
        __m512i o1 = _mm512_xor_si512(_mm512_loadu_si512(other + at + 64), sign);
        first = _mm512_dpbusd_epi32(first, _mm512_loadu_si512(row + at), o0);
        second = _mm512_dpbusd_epi32(second, _mm512_loadu_si512(row + at + 64), o1);
    }
    if (at < stride) {
        __m512i o0 = _mm512_xor_si512(_mm512_loadu_si512(other + at), sign);
        first = _mm512_dpbusd_epi32(first, _mm512_loadu_si512(row + at), o0);
    }
    return _mm512_reduce_add_epi32(_mm512_add_epi32(first, second));
}

#endif

vector_pair_product vector_pair_product_of(vector_kernel kernel) {
    switch (kernel) {
#if defined(__x86_64__)
    case vector_kernel_avx2: return pair_avx2;
    case vector_kernel_avx_vnni: return pair_avx_vnni;
    case vector_kernel_avx512_vnni: return pair_avx512_vnni;
#endif
    default: return pair_portable;
    }
}

int32_t vector_pair_offset(const uint8_t *other, size_t stride) {
    int32_t sum = 0;
    for (size_t i = 0; i < stride; i++) sum += (int32_t)other[i] - 128;
    return 128 * sum;
}
