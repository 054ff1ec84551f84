import CKernels
import Platform

/// The instruction sets there are kernels for. Results are bit-identical on one instruction set of one maker's CPUs, and
/// differ in the last bits between sets (and may between makers, whose estimates of a reciprocal are their own).
package enum InstructionSet: String, Sendable, Hashable, CaseIterable {
    /// Plain C in four-lane vectors; the same bits on every architecture.
    case generic
    /// x86 with AVX2 and FMA.
    case avx2
    /// x86 with AVX-512 (F, BW, DQ and VL), in fp32 alone.
    case avx512
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
        case .avx512: PTRM_ISA_AVX512
        case .avx512bf16: PTRM_ISA_AVX512BF16
        case .amx: PTRM_ISA_AMX
        }
    }

    private init(_ kernelName: ptrm_isa) {
        self = Self.allCases.first { $0.kernelName == kernelName } ?? .generic
    }

    /// Whether this CPU and operating system run it.
    package var isSupported: Bool { ptrm_isa_supported(kernelName) }

    /// Whether it multiplies bfloat16 natively.
    package var hasBFloat16: Bool { ptrm_kernels_bf16(kernelName) != nil }

    /// Whether there are int8 products on it: everywhere alike, and on `generic` slow.
    package var hasInt8: Bool { ptrm_kernels_int8(kernelName) != nil }

    /// Whether int8 products are faster than its others, by a rule that knows this CPU's features.
    package var prefersInt8: Bool {
        var cpu = ptrm_this_cpu()
        return hasInt8 && ptrm_choose_int8(&cpu, kernelName).is_taken
    }

    /// The fastest one that this CPU runs, by a rule that knows makes of CPUs: the same at every start.
    package static var best: InstructionSet {
        var cpu = ptrm_this_cpu()
        return InstructionSet(ptrm_choose(&cpu).isa)
    }

    /// The fastest one that this CPU runs and that computes in `precision`; `best` when there is none.
    package static func best(for precision: Precision) -> InstructionSet {
        let best = best
        guard precision == .bf16, !best.hasBFloat16 else { return best }
        return allCases.last { $0.hasBFloat16 && $0.isSupported } ?? best
    }

    /// The one that `PTRM_ISA` names, else the best for `precision`.
    package static func fromEnvironment(for precision: Precision = .auto) throws(TRMError) -> InstructionSet {
        guard let name = Process.variable(environmentKey), !name.isEmpty else { return best(for: precision) }
        guard let named = InstructionSet(rawValue: name) else {
            let names = allCases.map(\.rawValue).joined(separator: ", ")
            throw TRMError("\(environmentKey) is '\(name)', expected one of \(names)")
        }
        guard named.isSupported else { throw TRMError("\(environmentKey) is '\(name)', which this CPU does not run") }
        return named
    }

    /// What `precision` comes to here: fp32, bf16 or int8.
    func arithmetic(for precision: Precision, int8IsAsGood: Bool) throws(TRMError) -> Precision {
        switch precision {
        case .auto where int8IsAsGood && prefersInt8: return .int8
        case .auto, .float: return hasBFloat16 ? .bf16 : .fp32
        case .fp32: return .fp32
        case .bf16:
            guard hasBFloat16 else {
                let able = [InstructionSet.avx512bf16, .amx].map(\.rawValue).joined(separator: " or ")
                throw TRMError("precision bf16 needs \(able), this is \(rawValue)")
            }
            return .bf16
        case .int8:
            guard hasInt8 else {
                throw TRMError("precision int8 needs a CPU with VNNI, or the plain kernels (PTRM_ISA=generic)")
            }
            return .int8
        }
    }

    /// The kernels that compute in `arithmetic`.
    func kernels(for arithmetic: Precision) -> UnsafePointer<ptrm_kernels>? {
        switch arithmetic {
        case .bf16: ptrm_kernels_bf16(kernelName)
        case .int8: ptrm_kernels_int8(kernelName)
        default: ptrm_kernels_fp32(kernelName)
        }
    }
}
