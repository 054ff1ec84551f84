import CKernels
import Checkpoints

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
    }

    private let model: TRMModel
    private let team: StepTeam
    private let rollouts: Int
    private var slots: [[StepSlot]]
    private let workspaces: [Workspace]
    private let embedding: InputEmbedding

    /// - Parameters:
    ///   - rollouts: alive together, at least 1.
    ///   - threads: at least 1; the calling thread is one of them.
    package init(_ model: TRMModel, rollouts: Int, threads: Int) throws(TRMError) {
        guard rollouts >= 1 else { throw TRMError("\(rollouts) rollouts, expected at least 1") }
        guard threads >= 1 else { throw TRMError("\(threads) threads, expected at least 1") }
        self.model = model
        self.rollouts = rollouts
        team = StepTeam(size: threads)
        guard team.size == threads else { throw TRMError("the system gave \(team.size) threads of \(threads)") }
        let tokens = (0..<Int32(model.config.seqLen)).map { $0 % Int32(model.config.vocabSize) }
        let embedding = try model.embed(tokens: tokens)
        self.embedding = embedding
        let groups = rollouts < threads ? 1 : threads
        workspaces = (0..<groups).map { _ in model.makeWorkspace(teamSize: groups == 1 ? threads : 1) }
        slots = (0..<groups).map { group in
            (rollouts * group / groups..<rollouts * (group + 1) / groups).map { _ in
                StepSlot(carry: model.makeCarry(), embedding: embedding)
            }
        }
    }

    /// Alternates rounds for about `seconds` (and at least three times) after one round that is not counted.
    package mutating func run(seconds: Double) -> Report {
        var report = Report(
            instructionSet: model.instructionSet, precision: model.precision, threads: team.size, rollouts: rollouts,
            positions: model.config.positions, hiddenSize: model.config.hiddenSize,
            operationsPerStep: model.stepOperations, weightBytes: model.weightBytes, carryBytes: model.carryBytes,
            rounds: [], peaks: [])
        step(number: 0)
        let clock = ContinuousClock()
        let start = clock.now
        var number: UInt32 = 1
        repeat {
            report.peaks.append(measurePeak())
            report.rounds.append(clock.measure { step(number: number) } / .seconds(1))
            number += 1
        } while (clock.now - start) / .seconds(1) < seconds || report.rounds.count < 3
        return report
    }

    private mutating func step(number: UInt32) {
        for group in slots.indices {
            for index in slots[group].indices {
                slots[group][index].noise = StepNoise(
                    seed: 1, rollout: UInt32(group * rollouts + index), step: number, sigma: 0.2, target: .zL)
            }
        }
        guard slots.count > 1 else {
            return model.step(&slots[0], in: workspaces[0], team: team)
        }
        workspaces.withUnsafeBufferPointer { workspaces in
            slots.withUnsafeMutableBufferPointer { slots in
                var job = Job(model: model, slots: slots, workspaces: workspaces)
                withUnsafeMutablePointer(to: &job) { job in
                    team.run(
                        { context, rank in
                            let job = context.assumingMemoryBound(to: Job.self).pointee
                            job.model.step(&job.slots[rank], in: job.workspaces[rank])
                        }, context: job)
                }
            }
        }
    }

    /// What the members of the team need: each takes the slots and the workspace of its rank.
    private struct Job {
        let model: TRMModel
        let slots: UnsafeMutableBufferPointer<[StepSlot]>
        let workspaces: UnsafeBufferPointer<Workspace>
    }

    /// Operations per second of the register-only loop on all threads for some ten milliseconds.
    private func measurePeak() -> Double {
        var job = Peak(kernels: model.kernels, operations: .init(repeating: 0, count: team.size))
        let time = ContinuousClock().measure {
            withUnsafeMutablePointer(to: &job) { job in
                team.run(
                    { context, rank in
                        let job = context.assumingMemoryBound(to: Peak.self)
                        let done = job.pointee.kernels.peak(2_000_000)
                        if rank == 0 { job.pointee.operations[0] = done }
                    }, context: job)
            }
        }
        return job.operations[0] * Double(team.size) / (time / .seconds(1))
    }

    private struct Peak {
        let kernels: ptrm_kernels
        var operations: [Double]
    }
}

extension [Double] {
    fileprivate var median: Double {
        let ordered = sorted()
        guard let middle = ordered.indices.dropFirst(ordered.count / 2).first else { return .nan }
        return ordered.count.isMultiple(of: 2) ? (ordered[middle - 1] + ordered[middle]) / 2 : ordered[middle]
    }
}
