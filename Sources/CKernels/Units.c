// Loops that only multiply and add in registers, one for each arithmetic unit that this CPU has: what its kernels could
// reach at most, and what kernels for its other units could.

#include "CKernels.h"

#pragma STDC FP_CONTRACT OFF

/// Chains of multiply-adds that hide each other's latency.
enum { CHAINS = 24 };

/// `chains` of `type`, each step being `step` of `sum`; `operations` in each.
#define LOOP(type, start, step, operations)                                    \
    type sums[CHAINS];                                                         \
    for (int i = 0; i < CHAINS; i++) sums[i] = start;                          \
    for (int64_t n = 0; n < iterations; n++) {                                 \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < CHAINS; i++) {  \
            type sum = sums[i];                                                \
            sums[i] = step;                                                    \
            __asm__ volatile("" : "+v"(sums[i]));                              \
        }                                                                      \
    }                                                                          \
    return (double)iterations * CHAINS * (operations);

#if defined(__x86_64__)

#include <immintrin.h>

__attribute__((target("avx512f,avx512fp16"))) static double fp16_avx512(int64_t iterations) {
    const __m512h factor = (__m512h)_mm512_set1_epi16(0x3800), addend = (__m512h)_mm512_set1_epi16(0x1400);
    LOOP(__m512h, addend, _mm512_fmadd_ph(sum, factor, addend), 32 * 2)
}

__attribute__((target("avx512f,avx512vnni"))) static double int8_avx512(int64_t iterations) {
    const __m512i a = _mm512_set1_epi8(1), b = _mm512_set1_epi8(2);
    LOOP(__m512i, a, _mm512_dpbusd_epi32(sum, a, b), 64 * 2)
}

__attribute__((target("avx2,avxvnni"))) static double int8_avx2(int64_t iterations) {
    enum { chains = 12 };
    const __m256i a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(2);
    __m256i sums[chains];
    for (int i = 0; i < chains; i++) sums[i] = a;
    for (int64_t n = 0; n < iterations; n++) {
        _Pragma("clang loop unroll(full)") for (int i = 0; i < chains; i++) {
            sums[i] = _mm256_dpbusd_avx_epi32(sums[i], a, b);
            __asm__ volatile("" : "+x"(sums[i]));
        }
    }
    return (double)iterations * chains * 32 * 2;
}

__attribute__((target("amx-tile,amx-int8"))) static double int8_amx(int64_t iterations) {
    static const struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t row_bytes[16];
        uint8_t rows[16];
    } shapes = {
        .palette = 1, .row_bytes = {64, 64, 64, 64, 64, 64, 64, 64}, .rows = {16, 16, 16, 16, 16, 16, 16, 16}};
    const int64_t rounds = iterations / 4;  // they take longer than those of vectors
    _tile_loadconfig(&shapes);
    for (int64_t n = 0; n < rounds; n++) {
        _tile_dpbusd(0, 4, 6);
        _tile_dpbusd(1, 4, 7);
        _tile_dpbusd(2, 5, 6);
        _tile_dpbusd(3, 5, 7);
    }
    _tile_release();
    return (double)rounds * 4 * 16 * 16 * 64 * 2;
}

#endif

ptrdiff_t ptrm_list_units(ptrm_unit *units) {
    ptrdiff_t count = 0;
    units[count++] = (ptrm_unit){"fp32, plain", PTRM_FP32, ptrm_kernels_fp32(PTRM_ISA_GENERIC)->peak};
#if defined(__x86_64__)
    const ptrm_cpu cpu = ptrm_this_cpu();
    if (cpu.avx2) units[count++] = (ptrm_unit){"fp32, AVX2", PTRM_FP32, ptrm_kernels_fp32(PTRM_ISA_AVX2)->peak};
    if (cpu.avx512) {
        units[count++] = (ptrm_unit){"fp32, AVX-512", PTRM_FP32, ptrm_kernels_fp32(PTRM_ISA_AVX512)->peak};
    }
    if (cpu.avx512bf16) {
        units[count++] = (ptrm_unit){"bf16, AVX-512", PTRM_BF16, ptrm_kernels_bf16(PTRM_ISA_AVX512BF16)->peak};
    }
    if (cpu.amx) units[count++] = (ptrm_unit){"bf16, AMX", PTRM_BF16, ptrm_kernels_bf16(PTRM_ISA_AMX)->peak};
    if (cpu.avx512fp16) units[count++] = (ptrm_unit){"fp16, AVX-512", PTRM_FP16, fp16_avx512};
    if (cpu.avxvnni) units[count++] = (ptrm_unit){"int8, AVX-VNNI", PTRM_INT8, int8_avx2};
    if (cpu.avx512vnni) units[count++] = (ptrm_unit){"int8, AVX-512 VNNI", PTRM_INT8, int8_avx512};
    if (cpu.amxint8) units[count++] = (ptrm_unit){"int8, AMX", PTRM_INT8, int8_amx};
#endif
    return count;
}
