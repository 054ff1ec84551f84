// The plain path of int8: vectors that every compiler maps to what the CPU has. A multiply-add is rounded once, as in the
// other tables of int8, by the C library where the CPU has no instruction for it.

#include "CKernels.h"

#pragma STDC FP_CONTRACT OFF
// Functions that take or return vectors are all inlined: there is no call whose registers could differ.
#pragma clang diagnostic ignored "-Wpsabi"

#define NAME(x) x##_int8_generic
#define TABLE_NAME "int8 generic"
#define WHOLE_NUMBERS
#define LANES 16
#define TILE_ROWS 4
#define REGISTER(value) "+m"(value)
#if defined(__FMA__) || defined(__aarch64__)
#define fused(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
// Out of line: it is sixteen calls.
typedef float lanes_of_floats __attribute__((vector_size(4 * LANES)));
__attribute__((noinline)) static lanes_of_floats fused(lanes_of_floats a, lanes_of_floats b, lanes_of_floats c) {
    for (int i = 0; i < LANES; i++) c[i] = __builtin_fmaf(a[i], b[i], c[i]);
    return c;
}
#endif

#include "Template/Float32.h"
#include "Template/Registers.h"

INLINE vi dot(vi sum, vi activations, vi weights) {
    UNROLL for (int byte = 0; byte < 4; byte++) {
        const vi a = activations >> 8 * byte & 0xFF, b = (vi)((u_lanes)weights << (24 - 8 * byte)) >> 24;
        sum += a * b;
    }
    return sum;
}

#include "Template/Int8.h"
#include "Template/Products.h"
#include "Template/ColumnNorm.h"
#include "Template/Int8TokenMixing.h"
#include "Template/Attention.h"
#include "Template/Noise.h"

/// Multiply-adds of int8 as the products do them.
static double NAME(peak)(int64_t iterations) {
    const vi a = splat_whole(0x01010101), b = splat_whole(0x02020202);
    vi sum = splat_whole(0);
    for (int64_t n = 0; n < iterations; n++) {
        sum = dot(sum, a, b);
        __asm__ volatile("" : REGISTER(sum));
    }
    return (double)iterations * LANES * 4 * 2;
}

#include "Template/Elementwise.h"
