// AVX2 and FMA: eight-lane fp32, tiles of 6 x 16.

#include "CKernels.h"

#if defined(__x86_64__)

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define NAME(x) x##_avx2
#define TABLE_NAME "avx2"
#define LANES 8
#define TILE_ROWS 6
#define fused(a, b, c) __builtin_elementwise_fma(a, b, c)
#define REGISTER(value) "+x"(value)

#include "Template/Float32.h"
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
