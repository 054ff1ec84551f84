import CKernels
package import TRM

/// What this machine's units reach, and which kernels are used on it.
package struct UnitReport: Sendable {
    package var vendor: String
    package var family: Int
    package var model: Int
    package var threads: Int
    /// Medians of operations per second, all threads together.
    package var units: [(unit: ArithmeticUnit, operationsPerSecond: Double)]
    /// The kernels that are used without `PTRM_ISA`, and why.
    package var chosen: InstructionSet
    package var reason: String
    /// Whether models that are no worse in int8 are computed in it, and why or why not.
    package var usesInt8: Bool
    package var int8Reason: String

    /// Lets the units take turns on `threads` threads for about `seconds`, and at least three times.
    package static func measure(threads: Int, seconds: Double) throws(TRMError) -> UnitReport {
        let workers = BenchmarkWorkers(size: threads)
        guard workers.size == threads else { throw TRMError("the system gave \(workers.size) threads of \(threads)") }
        var rates = ArithmeticUnit.all.map { _ in [Double]() }
        let clock = ContinuousClock()
        let start = clock.now
        repeat {
            for (index, unit) in ArithmeticUnit.all.enumerated() { rates[index].append(unit.measure(on: workers)) }
        } while (clock.now - start) / .seconds(1) < seconds || rates.contains { $0.count < 3 }
        var cpu = ptrm_this_cpu()
        let vendor = withUnsafeBytes(of: cpu.vendor) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let choice = ptrm_choose(&cpu)
        let int8 = ptrm_choose_int8(&cpu, choice.isa)
        return UnitReport(
            vendor: vendor, family: Int(cpu.family), model: Int(cpu.model), threads: threads,
            units: zip(ArithmeticUnit.all, rates).map { ($0, $1.median) }, chosen: .best,
            reason: String(cString: choice.reason), usesInt8: int8.is_taken, int8Reason: String(cString: int8.reason))
    }
}
