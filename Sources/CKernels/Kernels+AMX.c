// AMX: as AVX-512 BF16, but the products are those of whole matrices, 32 x 32 at a time. Their sums are rounded in
// another order: the even products of 32 channels and the odd ones are added up apart.

#include "CKernels.h"

#if defined(__x86_64__)

#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,amx-tile,amx-bf16"))), apply_to = function)

#define NAME(x) x##_amx
#define TABLE_NAME "amx"
#define TILE_ROWS 32

#include "Template/BFloat16.h"
#include "Template/Tiles.h"
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
