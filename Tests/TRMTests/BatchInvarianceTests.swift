import Checkpoints
import TRM
import Testing

/// A rollout's bytes are the same alone, among others and on several threads.
@Suite struct BatchInvarianceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var precision: Precision
        var isa: InstructionSet
        var testDescription: String { "\(name) \(isa) \(precision)" }
    }

    static let cases: [Case] = GoldenStepTests.supported.flatMap { isa in
        GoldenVectors.names.flatMap { name in
            [Precision.fp32, .bf16].filter { $0 == .fp32 || isa.hasBFloat16 }.map {
                Case(name: name, precision: $0, isa: isa)
            }
        }
    }

    /// The bits of carry and q of rollouts `0..<count` after `steps` steps, in batches of `batch`.
    static func run(
        _ model: TRMModel, _ golden: GoldenVectors, rollouts: Range<Int>, batch: Int, team: StepTeam?,
        groupSize: Int? = nil
    ) throws -> [[UInt32]] {
        let inputs = try golden.inputs()
        let workspace = model.makeWorkspace(teamSize: team?.size ?? 1, groupSize: groupSize)
        let carries = rollouts.map { _ in model.makeCarry() }
        var qs = [Float](repeating: .nan, count: rollouts.count)
        for step in 0..<3 {
            for start in stride(from: 0, to: rollouts.count, by: batch) {
                let members = start..<min(start + batch, rollouts.count)
                var slots = try members.map { index in
                    let rollout = rollouts.lowerBound + index
                    let input = inputs[rollout % inputs.count]
                    return StepSlot(
                        carry: carries[index],
                        embedding: try model.embed(tokens: input.tokens, puzzleIdentifier: input.identifier),
                        noise: rollout == 0
                            ? nil
                            : StepNoise(
                                seed: 11, rollout: UInt32(rollout), step: UInt32(step), sigma: 0.3, target: .both))
                }
                if let team {
                    model.step(&slots, in: workspace, team: team)
                } else {
                    model.step(&slots, in: workspace)
                }
                for (index, slot) in zip(members, slots) { qs[index] = slot.q }
            }
        }
        return zip(carries, qs).map { carry, q in
            (carry.values(of: .zH) + carry.values(of: .zL) + [q]).map(\.bitPattern)
        }
    }

    @Test(arguments: cases)
    func sameBytes(_ test: Case) throws {
        let golden = try GoldenVectors(test.name)
        let model = try TRMModel(golden.checkpoint, precision: test.precision, instructionSet: test.isa)
        let all = try Self.run(model, golden, rollouts: 0..<32, batch: 32, team: nil)
        #expect(Set(all).count == 32, "every rollout has its own noise")
        #expect(try Self.run(model, golden, rollouts: 0..<32, batch: 7, team: nil) == all)
        for size in [2, 3, 200] {
            #expect(
                try Self.run(model, golden, rollouts: 0..<32, batch: 32, team: nil, groupSize: size) == all,
                "\(size) through the weights together")
        }
        for rollout in [0, 5, 31] {
            let alone = try Self.run(model, golden, rollouts: rollout..<rollout + 1, batch: 1, team: nil)
            #expect(alone == [all[rollout]])
        }
        for size in 1...3 {
            let team = StepTeam(size: size)
            #expect(team.size == size)
            let shared = try Self.run(
                model, golden, rollouts: 0..<4, batch: 4, team: team, groupSize: size == 2 ? 2 : nil)
            #expect(shared == Array(all[0..<4]), "team of \(size)")
        }
    }

    @Test("Shapes of the size that models have", arguments: BenchmarkShape.allCases)
    func realShapes(_ shape: BenchmarkShape) throws {
        var config = try shape.config
        (config.hCycles, config.lCycles) = (1, 1)
        let model = try TRMModel(Checkpoint.random(config, seed: 3))
        let embedding = try model.embed(tokens: [Int32](repeating: 1, count: config.seqLen))
        func run(_ rollouts: Range<UInt32>, team: StepTeam) -> [[UInt32]] {
            var slots = rollouts.map { rollout in
                StepSlot(
                    carry: model.makeCarry(), embedding: embedding,
                    noise: StepNoise(seed: 5, rollout: rollout, step: 0, sigma: 0.3, target: .both))
            }
            model.step(&slots, in: model.makeWorkspace(teamSize: team.size), team: team)
            return slots.map { slot in
                (slot.carry.values(of: .zH) + slot.carry.values(of: .zL) + [slot.q]).map(\.bitPattern)
            }
        }
        let single = StepTeam(size: 1)
        let alone = (0..<5).flatMap { run($0..<$0 + 1, team: single) }
        #expect(Set(alone).count == 5)
        for count in 2...5 {
            #expect(run(0..<UInt32(count), team: single) == Array(alone[..<count]), "\(count) together")
        }
        for size in 2...4 { #expect(run(0..<2, team: StepTeam(size: size)) == Array(alone[..<2]), "team of \(size)") }
    }
}
