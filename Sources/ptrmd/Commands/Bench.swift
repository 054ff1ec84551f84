import ArgumentParser
import BundledFiles
import Checkpoints
import Evaluation
import JSON
import StepBenchmarking
import TRM

/// `ptrmd bench`: how fast a model's supervision steps are on this machine.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure supervision steps per second, and the share of the CPU's peak they reach.",
        discussion: """
            Rounds of steps alternate with rounds of a loop that multiplies and adds in registers only, on the same \
            threads, so that the share of the peak holds on a noisy machine. Medians are printed. Shares are those of \
            the unit in use, and of this CPU's fastest unit that computes as exactly.

              ptrmd bench --shape mlp --rollouts 8 --threads 2
              ptrmd bench --model sudoku-9x9 --rollouts 16 --json
              ptrmd bench --units
            """)

    @Option(
        help: ArgumentHelp("A shape with random weights: \(Self.shapes).", valueName: "name"),
        completion: .list(BenchmarkShape.allCases.map(\.rawValue)))
    var shape: String?

    @Option(help: ArgumentHelp("A bundled model's name or a model file.", valueName: "model"), completion: .models)
    var model: String?

    @Option(
        help: ArgumentHelp("Rollouts alive together; default: what the shape is measured with, else 8.", valueName: "n")
    )
    var rollouts: Int?

    @OptionGroup var setup: ThreadOptions

    @Option(help: "auto, float, fp32, bf16 or int8; auto is int8 for a bundled model that is no worse in it.")
    var precision = Precision.auto

    @Option(help: ArgumentHelp("How long to measure.", valueName: "s"))
    var seconds = 5.0

    @Flag(help: "Measure this CPU's arithmetic units instead of a model, and say which kernels are used and why.")
    var units = false

    @Flag(
        help:
            "Add to the JSON what a rollout without noise gives: logits after a step, tokens after four. For comparisons."
    )
    var outputs = false

    @Flag(help: "Print JSON.")
    var json = false

    private static let shapes = BenchmarkShape.allCases.map(\.rawValue).joined(separator: ", ")

    func validate() throws {
        if shape != nil, model != nil { throw ValidationError("Give --shape or --model, not both.") }
        if units, shape ?? model != nil || rollouts != nil {
            throw ValidationError("--units measures no model: it takes --threads, --seconds and --json.")
        }
        if outputs, !json { throw ValidationError("--outputs adds to --json.") }
        if let shape, BenchmarkShape(rawValue: shape) == nil {
            throw ValidationError("There is no shape \(shape); there are \(Self.shapes).")
        }
        if let rollouts, !(1...100_000).contains(rollouts) {
            throw ValidationError("--rollouts must be from 1 to 100000.")
        }
        guard seconds > 0, seconds < 3600 else {
            throw ValidationError("--seconds must be more than 0 and below 3600.")
        }
    }

    func run() throws {
        if units { return try measureUnits() }
        let shape = self.shape.flatMap(BenchmarkShape.init(rawValue:))
        let report: StepBenchmark.Report
        var found: StepBenchmark.Outputs?
        let name = shape?.rawValue ?? model ?? "sudoku-9x9"
        let isAsGoodInInt8 = shape == nil && BundledFiles.isAsGoodInInt8(name)
        do {
            let checkpoint =
                if let shape { try Checkpoint.random(shape.config, seed: 1) } else { try Checkpoint.open(name) }
            let benchmark = try StepBenchmark(
                try TRMModel(checkpoint, precision: precision, int8IsAsGood: isAsGoodInInt8),
                rollouts: rollouts ?? shape?.rollouts ?? 8,
                threads: setup.count)
            if outputs { found = try benchmark.outputs() }
            report = benchmark.run(seconds: seconds)
        } catch let error as CheckpointError {
            throw CommandFailure(code: .model, message: "\(error)")
        } catch let error as TRMError {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        guard json else { return try StandardOutput.writeLine(Self.table(report, name: name)) }
        var object = Self.json(report, name: name)
        object["outputs"] = found.map { found in
            [
                "logits": .array(found.logits.map { .number(Double($0)) }),
                "tokens": .array(found.tokens.map { .integer(Int64($0)) }),
            ]
        }
        try StandardOutput.writeLine(JSON.object(object).text)
    }

    private static func table(_ report: StepBenchmark.Report, name: String) -> String {
        func rounded(_ value: Double, _ digits: Int = 1) -> String { value.text(digits) }
        let kernels = "\(report.instructionSet.rawValue), \(report.precision.rawValue)"
        let rate = rounded(report.stepsPerSecond)
        let peak = rounded(report.peakOperationsPerSecond / 1e9)
        let fastest = report.fastestUnit
        return """
            \(name): \(report.positions) positions x \(report.hiddenSize), \(kernels)
            \(report.rollouts) rollouts on \(report.threads) threads, \(report.rounds.count) rounds
            \(rate) rollout-steps/s, \(rounded(report.medianRound * 1000, 2)) ms a round
            \(rounded(report.operationsPerSecond / 1e9)) GFLOPS, \(rounded(report.shareOfPeak * 100)) % of the peak
            peak \(peak) GFLOPS (register-only loop, same threads, same run)
            \(rounded(report.shareOfFastest * 100)) % of this CPU's fastest unit as exact: \(fastest.name), \
            \(rounded(fastest.operationsPerSecond / 1e9)) GFLOPS
            """
    }

    private static func json(_ report: StepBenchmark.Report, name: String) -> JSONObject {
        [
            "name": .string(name), "instruction_set": .string(report.instructionSet.rawValue),
            "precision": .string(report.precision.rawValue), "threads": .integer(Int64(report.threads)),
            "rollouts": .integer(Int64(report.rollouts)), "positions": .integer(Int64(report.positions)),
            "hidden_size": .integer(Int64(report.hiddenSize)), "rounds": .integer(Int64(report.rounds.count)),
            "median_round_ms": .number(report.medianRound * 1000),
            "steps_per_second": .number(report.stepsPerSecond),
            "gflops": .number(report.operationsPerSecond / 1e9),
            "peak_gflops": .number(report.peakOperationsPerSecond / 1e9),
            "share_of_peak": .number(report.shareOfPeak), "fastest_unit": .string(report.fastestUnit.name),
            "fastest_unit_gflops": .number(report.fastestUnit.operationsPerSecond / 1e9),
            "share_of_fastest_unit": .number(report.shareOfFastest),
            "weight_bytes": .integer(Int64(report.weightBytes)),
            "carry_bytes": .integer(Int64(report.carryBytes)),
        ]
    }
}

extension Precision: ExpressibleByArgument {}
