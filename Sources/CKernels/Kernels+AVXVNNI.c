// AVX-VNNI: products of int8 by vectors of 256 bits, two of which are one of the template's; tiles of 3 x 32.

#include "CKernels.h"
#if defined(__x86_64__)

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
// Functions that take or return vectors are all inlined: there is no call whose registers could differ.
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push(__attribute__((target("avx2,fma,avxvnni"))), apply_to = function)

#define NAME(x) x##_int8_avx2
#define TABLE_NAME "int8 avx2"
#define WHOLE_NUMBERS
#define LANES 16
#define TILE_ROWS 3
#define fused(a, b, c) __builtin_elementwise_fma(a, b, c)
#define REGISTER(value) "+x"(value)

#include "Template/Float32.h"
#include "Template/Registers.h"

typedef int32_t half_vector __attribute__((vector_size(32)));

INLINE vi dot(vi sum, vi activations, vi weights) {
#define LOWER(x) __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7)
#define UPPER(x) __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15)
#define HALF(part)                                                                                       \
    (half_vector) _mm256_dpbusd_avx_epi32((__m256i)part(sum), (__m256i)part(activations), (__m256i)part(weights))
    return __builtin_shufflevector(HALF(LOWER), HALF(UPPER), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#undef HALF
#undef UPPER
#undef LOWER
}

#include "Template/Int8.h"
#include "Template/Products.h"
#include "Template/ColumnNorm.h"
#include "Template/Int8TokenMixing.h"
#include "Template/Attention.h"
#include "Template/Noise.h"

/// Multiply-adds of int8 that never leave the registers.
static double NAME(peak)(int64_t iterations) {
    enum { chains = 12 };
    const __m256i a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(2);
    __m256i sums[chains];
    for (int i = 0; i < chains; i++) sums[i] = a;
    for (int64_t n = 0; n < iterations; n++) {
        UNROLL for (int i = 0; i < chains; i++) {
            sums[i] = _mm256_dpbusd_avx_epi32(sums[i], a, b);
            __asm__ volatile("" : REGISTER(sums[i]));
        }
    }
    return (double)iterations * chains * 32 * 2;
}

#include "Template/Elementwise.h"

#pragma clang attribute pop

#endif
