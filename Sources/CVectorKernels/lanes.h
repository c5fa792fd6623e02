#pragma once

#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>

// The sum of the eight lanes.
__attribute__((target("avx2"))) static inline int32_t sum_of_eight(__m256i sums) {
    __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    four = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0xb1));
    return _mm_cvtsi128_si32(four);
}

#endif
