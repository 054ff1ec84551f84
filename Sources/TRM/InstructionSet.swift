import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The instruction sets there are kernels for. Results are bit-identical on one instruction set of one maker's CPUs, and
/// differ in the last bits between sets (and may between makers, whose estimates of a reciprocal are their own).
package enum InstructionSet: String, Sendable, Hashable, CaseIterable {
    /// Plain C in four-lane vectors; the same bits on every architecture.
    case generic
    /// x86 with AVX2 and FMA.
    case avx2
    /// x86 with AVX-512 and its bfloat16 products.
    case avx512bf16
    /// x86 with AMX too, whose products are those of whole bfloat16 matrices.
    case amx

    /// The environment variable that forces one.
    package static let environmentKey = "PTRM_ISA"

    var kernelName: ptrm_isa {
        switch self {
        case .generic: PTRM_ISA_GENERIC
        case .avx2: PTRM_ISA_AVX2
        case .avx512bf16: PTRM_ISA_AVX512BF16
        case .amx: PTRM_ISA_AMX
        }
    }

    /// Whether this CPU and operating system run it.
    package var isSupported: Bool { ptrm_isa_supported(kernelName) }

    /// Whether it multiplies bfloat16 natively.
    package var hasBFloat16: Bool { ptrm_kernels_bf16(kernelName) != nil }

    /// The fastest one that this CPU runs.
    package static var best: InstructionSet { allCases.last(where: \.isSupported) ?? .generic }

    /// The one that `PTRM_ISA` names, else the best.
    package static func fromEnvironment() throws(TRMError) -> InstructionSet {
        guard let value = getenv(environmentKey) else { return best }
        let name = String(cString: value)
        guard !name.isEmpty else { return best }
        guard let named = InstructionSet(rawValue: name) else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            throw TRMError("\(environmentKey) is '\(name)', expected one of \(names)")
        }
        guard named.isSupported else { throw TRMError("\(environmentKey) is '\(name)', which this CPU does not run") }
        return named
    }
}
