// Which instruction sets this CPU and operating system run, asked of the CPU itself.

#include "CKernels.h"

extern const ptrm_kernels table_generic;

#if defined(__x86_64__)

#include <cpuid.h>

extern const ptrm_kernels table_avx2, table_avx512, table_avx512bf16;

enum { XMM_YMM = 0x06, XMM_YMM_ZMM = 0xE6 };

/// The register sets that the operating system saves on a context switch.
static uint32_t saved_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

bool ptrm_isa_supported(ptrm_isa isa) {
    if (isa == PTRM_ISA_GENERIC) return true;
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_FMA)) return false;
    const uint32_t state = saved_state();
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & bit_AVX2) || (state & XMM_YMM) != XMM_YMM) return false;
    if (isa == PTRM_ISA_AVX2) return true;
    const uint32_t wide = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
    if ((b & wide) != wide || (state & XMM_YMM_ZMM) != XMM_YMM_ZMM) return false;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & bit_AVX512BF16);
}

const ptrm_kernels *ptrm_kernels_fp32(ptrm_isa isa) {
    switch (isa) {
        case PTRM_ISA_GENERIC: return &table_generic;
        case PTRM_ISA_AVX2: return &table_avx2;
        case PTRM_ISA_AVX512BF16: return &table_avx512;
    }
    return NULL;
}

const ptrm_kernels *ptrm_kernels_bf16(ptrm_isa isa) { return isa == PTRM_ISA_AVX512BF16 ? &table_avx512bf16 : NULL; }

#else

bool ptrm_isa_supported(ptrm_isa isa) { return isa == PTRM_ISA_GENERIC; }

const ptrm_kernels *ptrm_kernels_fp32(ptrm_isa isa) { return isa == PTRM_ISA_GENERIC ? &table_generic : NULL; }

const ptrm_kernels *ptrm_kernels_bf16(ptrm_isa isa) { return NULL; }

#endif
