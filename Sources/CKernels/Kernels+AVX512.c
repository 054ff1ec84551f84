// AVX-512 with fp32 activations: sixteen lanes, tiles of 12 x 32.

#include "CKernels.h"

#if defined(__x86_64__)

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)

#define NAME(x) x##_avx512
#define TABLE_NAME "avx512"
#define LANES 16
#define TILE_ROWS 12
#define fused(a, b, c) __builtin_elementwise_fma(a, b, c)
#define REGISTER(value) "+v"(value)

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
