import Checkpoints
package import TRM

/// Measures supervision steps against the most that the same threads reach in registers, in one run.
///
/// Rounds of steps alternate with rounds of multiply-adds that never touch memory, so that whatever else the machine
/// does falls on both. Rollouts are spread over the threads; with fewer rollouts than threads each step is shared.
package struct StepBenchmark {
    package struct Report: Sendable {
        package var instructionSet: InstructionSet
        package var precision: Precision
        package var threads: Int
        package var rollouts: Int
        package var positions: Int
        package var hiddenSize: Int
        /// Multiply-adds count twice; padding does not count.
        package var operationsPerStep: Double
        package var weightBytes: Int
        package var carryBytes: Int
        /// Wall seconds of each measured round: one step of every rollout.
        package var rounds: [Double]
        /// Operations per second of each round of the register-only loop, all threads together.
        package var peaks: [Double]

        package var medianRound: Double { rounds.median }
        /// Rollout-steps per second of the median round.
        package var stepsPerSecond: Double { Double(rollouts) / medianRound }
        package var operationsPerSecond: Double { stepsPerSecond * operationsPerStep }
        package var peakOperationsPerSecond: Double { peaks.median }
        package var shareOfPeak: Double { operationsPerSecond / peakOperationsPerSecond }

        /// The same for each unit of this CPU that is at least as exact as `precision`.
        package var unitPeaks: [(unit: ArithmeticUnit, rounds: [Double])]
        /// The fastest of those, and its operations per second.
        package var fastestUnit: (name: String, operationsPerSecond: Double) {
            unitPeaks.map { ($0.unit.name, $0.rounds.median) }.max { $0.1 < $1.1 } ?? ("", .nan)
        }
        package var shareOfFastest: Double { operationsPerSecond / fastestUnit.operationsPerSecond }
    }

    private let model: TRMModel
    private let workers: BenchmarkWorkers
    private let rollouts: Int
    private let groups: [Group]

    /// Rollouts that are stepped together.
    ///
    /// `@unchecked Sendable`: a worker has a group for itself during a round, or leads its steps; between
    /// rounds it is the benchmark's.
    private final class Group: @unchecked Sendable {
        var slots: [StepSlot]
        let workspace: Workspace

        init(slots: [StepSlot], workspace: Workspace) {
            self.slots = slots
            self.workspace = workspace
        }
    }

    /// - Parameters:
    ///   - rollouts: alive together, at least 1.
    ///   - threads: at least 1; the calling thread is one of them.
    package init(_ model: TRMModel, rollouts: Int, threads: Int) throws(TRMError) {
        guard rollouts >= 1 else { throw TRMError("\(rollouts) rollouts, expected at least 1") }
        guard threads >= 1 else { throw TRMError("\(threads) threads, expected at least 1") }
        self.model = model
        self.rollouts = rollouts
        workers = BenchmarkWorkers(size: threads)
        guard workers.size == threads else { throw TRMError("the system gave \(workers.size) threads of \(threads)") }
        let tokens = (0..<Int32(model.config.seqLen)).map { $0 % Int32(model.config.vocabSize) }
        let embedding = try model.embed(tokens: tokens)
        let count = rollouts < threads ? 1 : threads
        groups = (0..<count).map { group in
            Group(
                slots: (rollouts * group / count..<rollouts * (group + 1) / count).map { _ in
                    StepSlot(carry: model.makeCarry(), embedding: embedding)
                },
                workspace: model.makeWorkspace(teamSize: count == 1 ? threads : 1))
        }
    }

    /// What a rollout without noise gives of the puzzle that is measured.
    package struct Outputs: Sendable {
        /// After one step, [position][vocabulary].
        package var logits: [Float]
        /// After four.
        package var tokens: [Int32]
    }

    /// For comparison with other programs.
    package func outputs() throws(TRMError) -> Outputs {
        let tokens = (0..<Int32(model.config.seqLen)).map { $0 % Int32(model.config.vocabSize) }
        var slots = [StepSlot(carry: model.makeCarry(), embedding: try model.embed(tokens: tokens))]
        let workspace = model.makeWorkspace()
        model.step(&slots, in: workspace)
        let logits = model.logits(slots[0].carry, in: workspace)
        for _ in 0..<3 { model.step(&slots, in: workspace) }
        return Outputs(logits: logits, tokens: model.decode(slots[0].carry, in: workspace).tokens)
    }

    /// Alternates rounds for about `seconds` (and at least three times) after one round that is not counted.
    package func run(seconds: Double) -> Report {
        var report = Report(
            instructionSet: model.instructionSet, precision: model.precision, threads: workers.size, rollouts: rollouts,
            positions: model.config.positions, hiddenSize: model.config.hiddenSize,
            operationsPerStep: model.stepOperations, weightBytes: model.weightBytes, carryBytes: model.carryBytes,
            rounds: [], peaks: [], unitPeaks: ArithmeticUnit.all(from: model.precision).map { ($0, []) })
        step(number: 0)
        let clock = ContinuousClock()
        let start = clock.now
        var number: UInt32 = 1
        repeat {
            report.peaks.append(ArithmeticUnit.measure(on: workers) { [model] in model.peak(iterations: $0) })
            for index in report.unitPeaks.indices {
                report.unitPeaks[index].rounds.append(report.unitPeaks[index].unit.measure(on: workers))
            }
            report.rounds.append(clock.measure { step(number: number) } / .seconds(1))
            number += 1
        } while (clock.now - start) / .seconds(1) < seconds || report.rounds.count < 3
        return report
    }

    /// One step of every rollout: each member steps a group of its own, or all share the steps of the only one.
    private func step(number: UInt32) {
        for (index, group) in groups.enumerated() {
            for slot in group.slots.indices {
                group.slots[slot].noise = StepNoise(
                    seed: 1, rollout: UInt32(index * rollouts + slot), step: number, sigma: 0.2, target: .zL)
            }
        }
        guard workers.size > groups.count else {
            return workers.run { [model, groups] rank in
                let group = groups[rank]
                model.step(&group.slots, in: group.workspace)
            }
        }
        let group = groups[0]
        let steps = SharedSteps(
            model: model, slots: group.slots, workspace: group.workspace, helpers: workers.size - 1)
        workers.run { rank in
            if rank == 0 {
                group.slots = steps.lead().slots
            } else if let seat = steps.join() {
                steps.help(as: seat)
            }
        }
    }
}

extension [Double] {
    var median: Double {
        let ordered = sorted()
        guard let middle = ordered.indices.dropFirst(ordered.count / 2).first else { return .nan }
        return ordered.count.isMultiple(of: 2) ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
    }
}
