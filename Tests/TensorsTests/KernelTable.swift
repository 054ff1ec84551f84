import CKernels
import Testing

/// Every table of kernels that this CPU can run.
struct KernelTable: Sendable, CustomTestStringConvertible {
    let isa: ptrm_isa
    let arithmetic: ptrm_arithmetic

    static let all: [KernelTable] = {
        let sets = [PTRM_ISA_GENERIC, PTRM_ISA_AVX2, PTRM_ISA_AVX512, PTRM_ISA_AVX512BF16, PTRM_ISA_AMX].filter {
            ptrm_isa_supported($0)
        }
        // Those with bf16 share avx512's tables of fp32 and int8.
        let own = sets.filter { ptrm_kernels_bf16($0) == nil }
        return own.map { KernelTable(isa: $0, arithmetic: PTRM_FP32) }
            + sets.filter { ptrm_kernels_bf16($0) != nil }.map { KernelTable(isa: $0, arithmetic: PTRM_BF16) }
            + own.filter { ptrm_kernels_int8($0) != nil }.map { KernelTable(isa: $0, arithmetic: PTRM_INT8) }
    }()
    static let float32 = all.filter { $0.arithmetic == PTRM_FP32 }
    static let int8 = all.filter { $0.arithmetic == PTRM_INT8 }

    var kernels: ptrm_kernels? {
        switch arithmetic {
        case PTRM_BF16: ptrm_kernels_bf16(isa)?.pointee
        case PTRM_INT8: ptrm_kernels_int8(isa)?.pointee
        default: ptrm_kernels_fp32(isa)?.pointee
        }
    }

    var testDescription: String {
        kernels.map { String(cString: $0.name) } ?? "missing"
    }
}
