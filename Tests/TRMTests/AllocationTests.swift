import CAllocationCounter
import TRM
import Testing

/// Steps allocate nothing, alone or led in a team.
@Suite(.enabled(if: ptrm_allocation_count() >= 0, "allocations are counted with glibc only"))
struct AllocationTests {
    @Test(arguments: GoldenVectors.names, [Precision.fp32, .auto])
    func stepsAllocateNothing(name: String, precision: Precision) throws {
        let golden = try GoldenVectors(name)
        let model = try TRMModel(golden.checkpoint, precision: precision)
        let team = StepTeam(size: 2)
        let workspace = model.makeWorkspace(teamSize: 2)
        let noise = StepNoise(seed: 1, rollout: 1, step: 1, sigma: 0.1, target: .both)
        var slots = try golden.inputs().map { input in
            StepSlot(
                carry: model.makeCarry(),
                embedding: try model.embed(tokens: input.tokens, puzzleIdentifier: input.identifier), noise: noise)
        }
        #expect(Self.allocations { _ = model.makeCarry() } > 0, "the counter counts")
        #expect(Self.allocations { model.step(&slots, in: workspace) } == 0)
        #expect(Self.allocations { model.step(&slots, in: workspace, team: team) } == 0)
    }

    static func allocations(_ body: () -> Void) -> Int64 {
        let before = ptrm_allocation_count()
        body()
        return ptrm_allocation_count() - before
    }
}
