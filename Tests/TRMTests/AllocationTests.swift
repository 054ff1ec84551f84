import CAllocationCounter
import Synchronization
import TRM
import Testing
import Threading

/// Steps allocate nothing, alone or shared.
@Suite(.enabled(if: ptrm_allocation_count() >= 0, "allocations are counted with glibc only"))
struct AllocationTests {
    @Test(arguments: GoldenVectors.names, [Precision.fp32, .auto, .int8])
    func stepsAllocateNothing(name: String, precision: Precision) throws {
        let golden = try GoldenVectors(name)
        let isa: InstructionSet? = precision == .int8 && !InstructionSet.best.hasInt8 ? .generic : nil
        let model = try TRMModel(golden.checkpoint, precision: precision, instructionSet: isa)
        let workspace = model.makeWorkspace(teamSize: 2)
        let noise = StepNoise(seed: 1, rollout: 1, step: 1, sigma: 0.1, target: .both)
        var slots = try golden.inputs().map { input in
            StepSlot(
                carry: model.makeCarry(),
                embedding: try model.embed(tokens: input.tokens, puzzleIdentifier: input.identifier), noise: noise)
        }
        #expect(Self.allocations { _ = model.makeCarry() } > 0, "the counter counts")
        #expect(Self.allocations { model.step(&slots, in: workspace) } == 0)
        let steps = SharedSteps(model: model, slots: slots, workspace: workspace, helpers: 1)
        let rank = try #require(steps.join())
        let helper = Helper(steps, rank)
        let thread = try #require(DedicatedThread(name: "helper") { helper.run() })
        let led = Self.allocations { slots = steps.lead().slots }
        thread.join()
        #expect(helper.allocations == 0)
        // The barrier and the array of results: once for a batch, not for its steps.
        #expect(led <= 2)
    }

    /// A helper that counts its thread's allocations.
    final class Helper: Sendable {
        private let steps: SharedSteps
        private let rank: Int
        private let counted = Atomic<Int64>(-1)
        var allocations: Int64 { counted.load(ordering: .acquiring) }

        init(_ steps: SharedSteps, _ rank: Int) {
            self.steps = steps
            self.rank = rank
        }

        func run() {
            counted.store(AllocationTests.allocations { steps.help(as: rank) }, ordering: .releasing)
        }
    }

    static func allocations(_ body: () -> Void) -> Int64 {
        let before = ptrm_allocation_count()
        body()
        return ptrm_allocation_count() - before
    }
}
