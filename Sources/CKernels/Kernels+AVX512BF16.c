// AVX-512 BF16: activations and weights in bfloat16, sums in fp32, tiles of 12 x 32.

#include "CKernels.h"

#if defined(__x86_64__)

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))), apply_to = function)

#define NAME(x) x##_avx512bf16
#define TABLE_NAME "avx512bf16"
#define TILE_ROWS 12

#include "Template/BFloat16.h"

/// Multiply-adds that never leave the registers.
static double NAME(peak)(int64_t iterations) {
    vf sums[2 * TILE_ROWS];
    vword a = (vword)_mm512_set1_epi32(0x3F003F00), b = (vword)_mm512_set1_epi32(0x3A003A00);
    for (int i = 0; i < 2 * TILE_ROWS; i++) sums[i] = splat((float)i);
    for (int64_t n = 0; n < iterations; n++) {
        _Pragma("clang loop unroll(full)") for (int i = 0; i < 2 * TILE_ROWS; i++) {
            sums[i] = _mm512_dpbf16_ps(sums[i], a, b);
            __asm__ volatile("" : "+v"(sums[i]));
        }
    }
    return (double)iterations * (2 * TILE_ROWS) * LANES * 4;
}

#include "Template/Registers.h"
#include "Template/PlainRows.h"
#include "Template/Products.h"
#include "Template/ColumnNorm.h"
#include "Template/TokenMixing.h"
#include "Template/Attention.h"
#include "Template/Noise.h"
#include "Template/Elementwise.h"

#pragma clang attribute pop

#endif
