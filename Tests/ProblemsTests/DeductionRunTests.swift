import Checkpoints
import Deduction
import JSON
import Problems
import Puzzles
import Rollouts
import StepBenchmarking
import TRM
import Testing

/// A search by deduction with a model of random weights: what it finds means nothing, and must be the same every time.
@Suite struct DeductionRunTests {
    private static let model: Result<TRMModel, any Error> = Result {
        let config = try ModelConfig(json: [
            "arch": "ldt", "seq_len": 16, "vocab_size": 6, "hidden_size": 32, "num_heads": 2, "expansion": 2,
            "H_cycles": 1, "L_cycles": 1, "L_layers": 1, "mlp_t": false, "pos_encodings": "learned",
            "puzzle_emb_ndim": 32, "puzzle_emb_len": 1, "num_puzzle_identifiers": 1,
        ])
        return try TRMModel(try Checkpoint.random(config, seed: 3), precision: .fp32)
    }

    private static func plan(_ change: (inout SearchSettings) -> Void = { _ in }) throws -> DeductionPlan {
        let model = try Self.model.get()
        let puzzle = try #require(Tasks.named("sudoku")).read(text: "1...3..4..2..4.1")
        let problem = try Problem(
            puzzle, model: model, shape: InputShape(seqLen: 16, vocabSize: 6), hasChecker: true)
        var settings = SearchSettings()
        // Random logits lie around 0.
        settings.deduction.threshold = 1
        settings.limits.maxSteps = 300
        change(&settings)
        return try #require(DeductionPlan(problem, settings: settings))
    }

    private static func run(_ plan: DeductionPlan) -> DeductionOutcome {
        let run = DeductionRun(plan)
        let workspace = plan.problem.model.makeWorkspace()
        while true { if let outcome = run.advance(in: workspace) { return outcome } }
    }

    @Test func theRootHasGivensAndDigits() throws {
        let root = try Self.plan().root
        #expect(root.cells[0] == 0b000100 && root.cells[4] == 0b010000)
        #expect(root.cells[1] == 0b111100)
        #expect(!root.isContradictory)
    }

    @Test func otherPuzzlesHaveNoLattice() throws {
        let maze = try #require(Tasks.named("lightup")).read(text: "...\n...\n...")
        #expect(!DeductionPlan.takes(maze))
    }

    @Test(arguments: [1, 4], [Float(0), 1])
    func theSameEveryTime(width: Int, temperature: Float) throws {
        let plan = try Self.plan {
            $0.deduction.width = width
            $0.deduction.temperature = temperature
            $0.seed = 9
        }
        let first = Self.run(plan)
        #expect(Self.run(plan) == first)
        #expect(first.tally.passes > 1 && first.tally.passes <= 300)
        #expect(first.selected == nil || first.selected?.verdict == .valid)
    }

    /// A search that would take the same way again does not begin anew; one that sees another view or draws its splits does.
    @Test(arguments: [
        (SearchSettings.Views.none, Float(0), false), (.none, 1, true), (.all, 0, true), (.all, 1, true),
    ])
    func beginsAnewOnlyOnAnotherWay(views: SearchSettings.Views, temperature: Float, isOther: Bool) throws {
        func plan(_ restarts: Int) throws -> DeductionPlan {
            try Self.plan {
                $0.views = views
                $0.seed = 5
                $0.deduction.temperature = temperature
                $0.deduction.threshold = 100
                $0.deduction.restarts = restarts
                $0.deduction.restartAfter = 2
                $0.limits.maxSteps = 6
            }
        }
        let (once, anew) = (Self.run(try plan(0)), Self.run(try plan(2)))
        // Each pass of this model splits a branch, so a search that begins anew gets less deep.
        #expect((once != anew) == isOther)
        #expect(anew.tally.depth == (isOther ? 2 : 6))
        #expect(Self.run(try plan(2)) == anew)
    }

    @Test func itTellsWhatItHolds() throws {
        // Nothing is ever taken away: it splits at every pass, and keeps one branch more each time.
        let plan = try Self.plan { $0.deduction.threshold = 100 }
        let run = DeductionRun(plan)
        let workspace = plan.problem.model.makeWorkspace()
        #expect(run.memory == 0)
        for _ in 0..<6 { _ = run.advance(in: workspace) }
        #expect(run.memory > 3 * plan.problem.model.carryBytes)
        #expect(run.tally.passes == 6)
        let outcome = try #require(run.end(.cancelled))
        #expect(outcome.stopReason == .cancelled)
        #expect(run.advance(in: workspace) == outcome)
        #expect(run.end(.shutdown) == outcome)
    }
}
