import Checkpoints
import StepBenchmarking
import TRM
import Testing
import Threading

/// A rollout's bytes are the same alone, among others and on several threads.
@Suite struct BatchInvarianceTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var precision: Precision
        var isa: InstructionSet
        var testDescription: String { "\(name) \(isa) \(precision)" }
    }

    static let cases: [Case] = GoldenStepTests.supported.flatMap { isa -> [Case] in
        var precisions: [Precision] = [.fp32]
        if isa.hasBFloat16 { precisions.append(.bf16) }
        // The plain path of int8 has the others' bytes and takes long.
        if isa.prefersInt8 { precisions.append(.int8) }
        return GoldenVectors.names.flatMap { name in
            precisions.map { Case(name: name, precision: $0, isa: isa) }
        }
    }

    /// The bits of carry and q of rollouts `0..<count` after `steps` steps, in batches of `batch`.
    static func run(
        _ model: TRMModel, _ golden: GoldenVectors, rollouts: Range<Int>, batch: Int, members: Int = 1,
        groupSize: Int? = nil
    ) throws -> [[UInt32]] {
        let inputs = try golden.inputs()
        let workspace = model.makeWorkspace(teamSize: members, groupSize: groupSize)
        let carries = rollouts.map { _ in model.makeCarry() }
        var qs = [Float](repeating: .nan, count: rollouts.count)
        for step in 0..<3 {
            for start in stride(from: 0, to: rollouts.count, by: batch) {
                let indices = start..<min(start + batch, rollouts.count)
                let slots = try indices.map { index in
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
                let results = try Self.step(slots, of: model, in: workspace, members: members)
                for (index, slot) in zip(indices, results) { qs[index] = slot.q }
            }
        }
        return zip(carries, qs).map { carry, q in
            (carry.values(of: .zH) + carry.values(of: .zL) + [q]).map(\.bitPattern)
        }
    }

    /// One step of every slot, shared by exactly `members` threads in the way the daemon's compute threads do it.
    static func step(
        _ slots: [StepSlot], of model: TRMModel, in workspace: Workspace, members: Int
    ) throws -> [StepSlot] {
        guard members > 1 else {
            var slots = slots
            model.step(&slots, in: workspace)
            return slots
        }
        let steps = SharedSteps(model: model, slots: slots, workspace: workspace, helpers: members - 1)
        let helpers = try (1..<members).map { _ in
            let rank = try #require(steps.join())
            return try #require(DedicatedThread(name: "helper") { steps.help(as: rank) })
        }
        #expect(steps.join() == nil, "no seat is left")
        let (results, count) = steps.lead()
        for helper in helpers { helper.join() }
        #expect(count == members)
        return results
    }

    @Test(arguments: cases)
    func sameBytes(_ test: Case) throws {
        let golden = try GoldenVectors(test.name)
        let model = try TRMModel(golden.checkpoint, precision: test.precision, instructionSet: test.isa)
        let all = try Self.run(model, golden, rollouts: 0..<32, batch: 32)
        #expect(Set(all).count == 32, "every rollout has its own noise")
        #expect(try Self.run(model, golden, rollouts: 0..<32, batch: 7) == all)
        for size in [2, 3, 200] {
            #expect(
                try Self.run(model, golden, rollouts: 0..<32, batch: 32, groupSize: size) == all,
                "\(size) through the weights together")
        }
        for rollout in [0, 5, 31] {
            let alone = try Self.run(model, golden, rollouts: rollout..<rollout + 1, batch: 1)
            #expect(alone == [all[rollout]])
        }
        for size in 1...3 {
            let shared = try Self.run(
                model, golden, rollouts: 0..<4, batch: 4, members: size, groupSize: size == 2 ? 2 : nil)
            #expect(shared == Array(all[0..<4]), "team of \(size)")
        }
    }

    @Test("Shapes of the size that models have", arguments: BenchmarkShape.allCases, [false, true])
    func realShapes(_ shape: BenchmarkShape, int8IsAsGood: Bool) throws {
        var config = try shape.config
        (config.hCycles, config.lCycles) = (1, 1)
        let model = try TRMModel(Checkpoint.random(config, seed: 3), int8IsAsGood: int8IsAsGood)
        let embedding = try model.embed(tokens: [Int32](repeating: 1, count: config.seqLen))
        func run(_ rollouts: Range<UInt32>, members: Int = 1) throws -> [[UInt32]] {
            let slots = rollouts.map { rollout in
                StepSlot(
                    carry: model.makeCarry(), embedding: embedding,
                    noise: StepNoise(seed: 5, rollout: rollout, step: 0, sigma: 0.3, target: .both))
            }
            let workspace = model.makeWorkspace(teamSize: members)
            return try Self.step(slots, of: model, in: workspace, members: members).map { slot in
                (slot.carry.values(of: .zH) + slot.carry.values(of: .zL) + [slot.q]).map(\.bitPattern)
            }
        }
        let alone = try (0..<5).flatMap { try run($0..<$0 + 1) }
        #expect(Set(alone).count == 5)
        for count in 2...5 {
            #expect(try run(0..<UInt32(count)) == Array(alone[..<count]), "\(count) together")
        }
        for size in 2...4 { #expect(try run(0..<2, members: size) == Array(alone[..<2]), "team of \(size)") }
    }
}
