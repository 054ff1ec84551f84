import CKernels
import Testing

/// Every table of kernels that this CPU can run.
struct KernelTable: Sendable, CustomTestStringConvertible {
    let isa: ptrm_isa
    let isBFloat16: Bool

    static let all: [KernelTable] = {
        let sets = [PTRM_ISA_GENERIC, PTRM_ISA_AVX2, PTRM_ISA_AVX512, PTRM_ISA_AVX512BF16, PTRM_ISA_AMX].filter {
            ptrm_isa_supported($0)
        }
        // Those with bf16 share avx512's fp32 table.
        return sets.filter { ptrm_kernels_bf16($0) == nil }.map { KernelTable(isa: $0, isBFloat16: false) }
            + sets.filter { ptrm_kernels_bf16($0) != nil }.map { KernelTable(isa: $0, isBFloat16: true) }
    }()
    static let float32 = all.filter { !$0.isBFloat16 }

    var kernels: ptrm_kernels? {
        (isBFloat16 ? ptrm_kernels_bf16(isa) : ptrm_kernels_fp32(isa))?.pointee
    }

    var testDescription: String {
        kernels.map { String(cString: $0.name) } ?? "missing"
    }
}
