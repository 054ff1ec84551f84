// AVX-512 VNNI: products of int8 in tiles of 12 x 32.

#include "CKernels.h"
#if defined(__x86_64__)

#include <immintrin.h>

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni"))), apply_to = function)

#define NAME(x) x##_int8_avx512
#define TABLE_NAME "int8 avx512"
#define WHOLE_NUMBERS
#define LANES 16
#define TILE_ROWS 12
#define fused(a, b, c) __builtin_elementwise_fma(a, b, c)
#define REGISTER(value) "+v"(value)

#include "Template/Float32.h"
#include "Template/Registers.h"

INLINE vi dot(vi sum, vi activations, vi weights) {
    return (vi)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)activations, (__m512i)weights);
}

#include "Template/Int8.h"
#include "Template/Products.h"
#include "Template/ColumnNorm.h"
#include "Template/Int8TokenMixing.h"
#include "Template/Attention.h"
#include "Template/Noise.h"

/// Multiply-adds of int8 that never leave the registers.
static double NAME(peak)(int64_t iterations) {
    vi sums[2 * TILE_ROWS];
    const vi a = splat_whole(0x01010101), b = splat_whole(0x02020202);
    for (int i = 0; i < 2 * TILE_ROWS; i++) sums[i] = splat_whole(i);
    for (int64_t n = 0; n < iterations; n++) {
        UNROLL for (int i = 0; i < 2 * TILE_ROWS; i++) {
            sums[i] = dot(sums[i], a, b);
            __asm__ volatile("" : REGISTER(sums[i]));
        }
    }
    return (double)iterations * (2 * TILE_ROWS) * LANES * 4 * 2;
}

#include "Template/Elementwise.h"

#pragma clang attribute pop

#endif
