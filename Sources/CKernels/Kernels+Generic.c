// The plain path: four-lane vectors that every compiler maps to what the CPU has (SSE2, NEON, ...). Products are
// rounded before they are added, so this table computes the same bits on every architecture.

#include "CKernels.h"

#pragma STDC FP_CONTRACT OFF

#define NAME(x) x##_generic
#define TABLE_NAME "generic"
#define LANES 4
#define TILE_ROWS 4
#define fused(a, b, c) ((a) * (b) + (c))
#if defined(__x86_64__)
#define REGISTER(value) "+x"(value)
#elif defined(__aarch64__)
#define REGISTER(value) "+w"(value)
#else
#define REGISTER(value) "+m"(value)
#endif

#include "Template/Float32.h"
#include "Template/Registers.h"
#include "Template/PlainRows.h"
#include "Template/Products.h"
#include "Template/ColumnNorm.h"
#include "Template/TokenMixing.h"
#include "Template/Attention.h"
#include "Template/Noise.h"
#include "Template/Elementwise.h"

void ptrm_philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    const u16x zero = {0};
    u16x x0 = zero + counter[0], x1 = zero + counter[1], x2 = zero + counter[2], x3 = zero + counter[3];
    philox(&x0, &x1, &x2, &x3, key[0], key[1]);
    out[0] = x0[0];
    out[1] = x1[0];
    out[2] = x2[0];
    out[3] = x3[0];
}

void ptrm_top1(const float *logits, ptrdiff_t rows, ptrdiff_t columns, int32_t *indices, float *probabilities) {
    for (ptrdiff_t r = 0; r < rows; r++, logits += columns) {
        ptrdiff_t top = 0;
        for (ptrdiff_t c = 1; c < columns; c++) top = logits[c] > logits[top] ? c : top;
        float sum = 0;
        for (ptrdiff_t c = 0; c < columns; c++) sum += exponential(splat(logits[c] - logits[top]))[0];
        indices[r] = (int32_t)top;
        probabilities[r] = 1 / sum;
    }
}
