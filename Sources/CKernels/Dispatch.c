// What this CPU and operating system run, asked of the CPU itself, and which kernels that makes the fastest.

#include "CKernels.h"

#include <string.h>

extern const ptrm_kernels table_generic, table_int8_generic;

/// Choices follow from what a CPU is, never from a measurement: results must not change from one start to the next.
ptrm_choice ptrm_choose(const ptrm_cpu *cpu) {
    enum { ZEN_4 = 0x19 };  // the first family of AMD's whose members have bf16 products, Zen 5 being the next
    if (cpu->amx) return (ptrm_choice){PTRM_ISA_AMX, true, "AMX multiplies whole bf16 matrices, much faster than vectors"};
    if (cpu->avx512bf16 && strcmp(cpu->vendor, "AuthenticAMD") == 0 && cpu->family >= ZEN_4) {
        return (ptrm_choice){PTRM_ISA_AVX512BF16, true, "AMD's CPUs do twice as many bf16 products as fp32 ones"};
    }
    if (cpu->avx512bf16) {
        return (ptrm_choice){PTRM_ISA_AVX512, true, "without AMX, only AMD's CPUs do more bf16 products than fp32 ones"};
    }
    if (cpu->avx512) return (ptrm_choice){PTRM_ISA_AVX512, true, "AVX-512 without bf16 products"};
    if (cpu->avx2) return (ptrm_choice){PTRM_ISA_AVX2, true, "AVX2 without AVX-512"};
    return (ptrm_choice){PTRM_ISA_GENERIC, true, "there are no kernels for more than this CPU's basic vectors"};
}

ptrm_choice ptrm_choose_int8(const ptrm_cpu *cpu, ptrm_isa isa) {
    switch (isa) {
        case PTRM_ISA_GENERIC: return (ptrm_choice){isa, false, "plain products of int8 are slower than those of fp32"};
        case PTRM_ISA_AVX2:
            if (cpu->avxvnni) return (ptrm_choice){isa, true, "AVX-VNNI does four times as many int8 products as fp32 ones"};
            return (ptrm_choice){isa, false, "without VNNI, int8 products take two instructions"};
        case PTRM_ISA_AVX512:
        case PTRM_ISA_AVX512BF16:
            if (!cpu->avx512vnni) return (ptrm_choice){isa, false, "without VNNI, int8 products take two instructions"};
            return (ptrm_choice){isa, true, "AVX-512 VNNI does at least twice as many int8 products as others"};
        case PTRM_ISA_AMX: return (ptrm_choice){isa, false, "AMX's bf16 products are faster than int8 ones of vectors"};
    }
    return (ptrm_choice){isa, false, ""};
}

#if defined(__x86_64__)

#include <cpuid.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

extern const ptrm_kernels table_avx2, table_avx512, table_avx512bf16, table_amx, table_int8_avx2, table_int8_avx512;

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

static void read_vendor_and_family(ptrm_cpu *cpu) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(0, &a, &b, &c, &d)) return;
    memcpy(cpu->vendor, &b, 4);
    memcpy(cpu->vendor + 4, &d, 4);
    memcpy(cpu->vendor + 8, &c, 4);
    if (!__get_cpuid(1, &a, &b, &c, &d)) return;
    const int base = a >> 8 & 0xF, model = a >> 4 & 0xF, more = a >> 16 & 0xF;
    cpu->family = base == 0xF ? base + (int)(a >> 20 & 0xFF) : base;
    cpu->model = base == 0xF || base == 6 ? model + 16 * more : model;
}

ptrm_cpu ptrm_this_cpu(void) {
    ptrm_cpu cpu = {.vendor = ""};
    read_vendor_and_family(&cpu);
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE) || !(c & bit_FMA)) return cpu;
    const uint32_t state = saved_state();
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (state & XMM_YMM) != XMM_YMM) return cpu;
    cpu.avx2 = b & bit_AVX2;
    uint32_t more = 0, rest;
    if (!__get_cpuid_count(7, 1, &more, &rest, &rest, &rest)) more = 0;
    cpu.avxvnni = cpu.avx2 && more & bit_AVXVNNI;
    const uint32_t wide = bit_AVX512F | bit_AVX512BW | bit_AVX512DQ | bit_AVX512VL;
    cpu.avx512 = cpu.avx2 && (b & wide) == wide && (state & XMM_YMM_ZMM) == XMM_YMM_ZMM;
    cpu.avx512bf16 = cpu.avx512 && more & bit_AVX512BF16;
    cpu.avx512fp16 = cpu.avx512 && d & bit_AVX512FP16;
    cpu.avx512vnni = cpu.avx512 && c & bit_AVX512VNNI;
    const uint32_t tiles = bit_AMXTILE | bit_AMXBF16;
    cpu.amx = cpu.avx512bf16 && (d & tiles) == tiles && may_use_tiles();
    cpu.amxint8 = cpu.amx && d & bit_AMXINT8;
    return cpu;
}

bool ptrm_isa_supported(ptrm_isa isa) {
    const ptrm_cpu cpu = ptrm_this_cpu();
    switch (isa) {
        case PTRM_ISA_GENERIC: return true;
        case PTRM_ISA_AVX2: return cpu.avx2;
        case PTRM_ISA_AVX512: return cpu.avx512;
        case PTRM_ISA_AVX512BF16: return cpu.avx512bf16;
        case PTRM_ISA_AMX: return cpu.amx;
    }
    return false;
}

const ptrm_kernels *ptrm_kernels_fp32(ptrm_isa isa) {
    switch (isa) {
        case PTRM_ISA_GENERIC: return &table_generic;
        case PTRM_ISA_AVX2: return &table_avx2;
        case PTRM_ISA_AVX512:
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

const ptrm_kernels *ptrm_kernels_int8(ptrm_isa isa) {
    const ptrm_cpu cpu = ptrm_this_cpu();
    switch (isa) {
        case PTRM_ISA_GENERIC: return &table_int8_generic;
        case PTRM_ISA_AVX2: return cpu.avxvnni ? &table_int8_avx2 : NULL;
        case PTRM_ISA_AVX512:
        case PTRM_ISA_AVX512BF16:
        case PTRM_ISA_AMX: return cpu.avx512vnni ? &table_int8_avx512 : NULL;
    }
    return NULL;
}

#else

ptrm_cpu ptrm_this_cpu(void) { return (ptrm_cpu){.vendor = ""}; }

bool ptrm_isa_supported(ptrm_isa isa) { return isa == PTRM_ISA_GENERIC; }

const ptrm_kernels *ptrm_kernels_fp32(ptrm_isa isa) { return isa == PTRM_ISA_GENERIC ? &table_generic : NULL; }

const ptrm_kernels *ptrm_kernels_bf16(ptrm_isa isa) { return NULL; }

const ptrm_kernels *ptrm_kernels_int8(ptrm_isa isa) { return isa == PTRM_ISA_GENERIC ? &table_int8_generic : NULL; }

#endif
