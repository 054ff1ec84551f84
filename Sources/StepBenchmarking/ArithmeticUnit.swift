import CKernels
import Synchronization
import TRM

/// An arithmetic unit of this CPU, with a loop that shows the most it can do.
///
/// `@unchecked Sendable`: the loop is a function that works on registers alone.
package struct ArithmeticUnit: @unchecked Sendable {
    /// What it multiplies and by which instructions, as "fp32, AVX-512".
    package let name: String
    private let arithmetic: ptrm_arithmetic
    private let peak: @convention(c) (Int64) -> Double

    /// Every unit of this CPU that this build knows.
    package static let all: [ArithmeticUnit] = {
        let room = Int(PTRM_MOST_UNITS)
        let units = [ptrm_unit](unsafeUninitializedCapacity: room) { units, count in
            if let base = units.baseAddress { count = ptrm_list_units(base) }
        }
        return units.map { unit in
            ArithmeticUnit(name: String(cString: unit.name), arithmetic: unit.arithmetic, peak: unit.peak)
        }
    }()

    /// The units whose products and sums are at least as exact as `precision`. fp16 is not among them: its sums are not
    /// in fp32.
    static func all(from precision: Precision) -> [ArithmeticUnit] {
        let least = precision == .int8 ? PTRM_INT8 : precision == .bf16 ? PTRM_BF16 : PTRM_FP32
        return all.filter { $0.arithmetic.rawValue >= least.rawValue && $0.arithmetic != PTRM_FP16 }
    }

    /// Operations per second of the loop on all of `workers` for some ten milliseconds.
    func measure(on workers: BenchmarkWorkers) -> Double { Self.measure(on: workers) { peak($0) } }

    /// Operations per second of `loop`, which is given a number of rounds and returns the operations done.
    static func measure(on workers: BenchmarkWorkers, _ loop: @escaping @Sendable (Int64) -> Double) -> Double {
        let total = Total()
        let time = ContinuousClock().measure {
            workers.run { _ in total.operations.add(Int(loop(1_000_000)), ordering: .relaxed) }
        }
        return Double(total.operations.load(ordering: .relaxed)) / (time / .seconds(1))
    }

    private final class Total: Sendable {
        let operations = Atomic<Int>(0)
    }
}
