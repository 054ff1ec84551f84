// Which instruction sets this CPU and operating system run, asked of the CPU itself.

#include "CKernels.h"

extern const ptrm_kernels table_generic;

#if defined(__x86_64__)

#include <cpuid.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

extern const ptrm_kernels table_avx2, table_avx512, table_avx512bf16, table_amx;

enum { XMM_YMM = 0x06, XMM_YMM_ZMM = 0xE6, TILES = 0x60000 };

/// The register sets that the operating system saves on a context switch.
static uint32_t saved_state(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

/// Whether the operating system lets this process use tiles: their state is large, so a process asks for it before its
/// first use, once for all its threads.
static bool may_use_tiles(void) {
#if defined(__linux__)
    enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };
    return (saved_state() & TILES) == TILES && syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
#else
    return false;
#endif
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
    const uint32_t tiles = bit_AMXTILE | bit_AMXBF16;
    if (isa == PTRM_ISA_AMX && ((d & tiles) != tiles || !may_use_tiles())) return false;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & bit_AVX512BF16);
}

const ptrm_kernels *ptrm_kernels_fp32(ptrm_isa isa) {
    switch (isa) {
        case PTRM_ISA_GENERIC: return &table_generic;
        case PTRM_ISA_AVX2: return &table_avx2;
        case PTRM_ISA_AVX512BF16:
        case PTRM_ISA_AMX: return &table_avx512;
    }
    return NULL;
}

const ptrm_kernels *ptrm_kernels_bf16(ptrm_isa isa) {
    switch (isa) {
        case PTRM_ISA_AVX512BF16: return &table_avx512bf16;
        case PTRM_ISA_AMX: return &table_amx;
        default: return NULL;
    }
}

#else

bool ptrm_isa_supported(ptrm_isa isa) { return isa == PTRM_ISA_GENERIC; }

const ptrm_kernels *ptrm_kernels_fp32(ptrm_isa isa) { return isa == PTRM_ISA_GENERIC ? &table_generic : NULL; }

const ptrm_kernels *ptrm_kernels_bf16(ptrm_isa isa) { return NULL; }

#endif
