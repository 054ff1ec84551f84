import Evaluation
import JSON
import StepBenchmarking
import TRM

extension Bench {
    /// `--units`: what each unit of this CPU reaches, and which kernels are used on it.
    func measureUnits() throws {
        let report: UnitReport
        do { report = try UnitReport.measure(threads: setup.count, seconds: seconds) } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        try StandardOutput.writeLine(json ? Self.json(report).text : Self.table(report))
    }

    private static func table(_ report: UnitReport) -> String {
        let cpu = report.vendor.isEmpty ? "" : "\(report.vendor) family \(report.family) model \(report.model), "
        let width = report.units.map(\.unit.name.count).max() ?? 0
        let lines = report.units.map { unit, rate in
            let padding = String(repeating: " ", count: width - unit.name.count)
            return "\(unit.name)\(padding)  \((rate / 1e9).text(1)) billion operations/s"
        }
        return """
            \(cpu)\(report.threads) threads, register-only loops
            \(lines.joined(separator: "\n"))
            kernels: \(report.chosen.rawValue) (\(report.reason))
            int8: \(report.usesInt8 ? "for models that are no worse in it" : "not used") (\(report.int8Reason))
            """
    }

    private static func json(_ report: UnitReport) -> JSON {
        let units = report.units.map { unit, rate -> JSON in
            ["name": .string(unit.name), "gigaops": .number(rate / 1e9)]
        }
        return [
            "vendor": .string(report.vendor), "family": .integer(Int64(report.family)),
            "model": .integer(Int64(report.model)), "threads": .integer(Int64(report.threads)),
            "units": .array(units), "instruction_set": .string(report.chosen.rawValue),
            "reason": .string(report.reason), "uses_int8": .bool(report.usesInt8),
            "int8_reason": .string(report.int8Reason),
        ]
    }
}
