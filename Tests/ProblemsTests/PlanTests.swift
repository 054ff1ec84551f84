import Checkpoints
import Problems
import Puzzles
import Rollouts
import StepBenchmarking
import TRM
import Testing

/// What a plan decides, without anything that runs.
@Suite struct PlanTests {
    private static let problem: Result<Problem, any Error> = Result {
        let config = try BenchmarkShape.small.config
        return try Problem(
            try #require(Tasks.named("sudoku")).read(text: String(repeating: ".", count: 81)),
            model: try TRMModel(try Checkpoint.random(config, seed: 1)),
            shape: InputShape(seqLen: config.seqLen, vocabSize: config.vocabSize), hasChecker: true)
    }

    private static func plan(_ searches: Int, limits: SearchSettings.Limits = .init()) throws -> Plan {
        var settings = SearchSettings()
        settings.limits = limits
        let problem = try Self.problem.get()
        return Plan((0..<searches).map { _ in PlannedSearch(problem, settings: settings) })
    }

    private static func result(_ reason: StopReason, steps: Int = 10, milliseconds: UInt64 = 5) -> SearchResult {
        SearchResult(
            outcome: SearchOutcome(
                stopReason: reason, selected: nil, solved: false, verified: nil, steps: steps, rollouts: 2),
            queueTime: 7, computeTime: milliseconds * 1_000_000)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var ends: [StopReason]
        var reason: StopReason
        /// Whether another search follows the last of `ends`.
        var goesOn = false
        var testDescription: String { name }
    }

    @Test(arguments: [
        Case(name: "one", ends: [.qThreshold], reason: .qThreshold, goesOn: true),
        Case(name: "all alike", ends: [.verified, .verified, .verified], reason: .verified),
        Case(name: "not alike", ends: [.qThreshold, .depth, .qThreshold], reason: .depth),
        Case(name: "cut short", ends: [.depth, .cancelled], reason: .cancelled),
        Case(name: "cut short at once", ends: [.stepLimit], reason: .stepLimit),
        Case(name: "cut short at the end", ends: [.depth, .depth, .shutdown], reason: .shutdown),
    ])
    func reasonOfThreeSearches(_ example: Case) throws {
        var plan = try Self.plan(3)
        for reason in example.ends {
            #expect(plan.current != nil)
            plan.record(Self.result(reason))
        }
        #expect((plan.current != nil) == example.goesOn)
        #expect(plan.stopReason == example.reason)
        #expect(plan.steps == 10 * example.ends.count && plan.rollouts == 2 * example.ends.count)
        #expect(plan.queueTime == 7)
    }

    @Test func eachSearchGetsWhatIsLeftOfTheBudgets() throws {
        var plan = try Self.plan(3, limits: .init(maxSteps: 25, timeMs: 100, deadlineMs: 1000))
        #expect(plan.current?.settings.limits == .init(maxSteps: 25, timeMs: 100, deadlineMs: 1000))
        plan.record(Self.result(.depth, steps: 10, milliseconds: 60))
        #expect(plan.current?.settings.limits == .init(maxSteps: 15, timeMs: 40, deadlineMs: 1000))
        plan.record(Self.result(.depth, steps: 10, milliseconds: 40))
        #expect(plan.current == nil)
        #expect(plan.stopReason == .timeLimit)
    }

    @Test func aSpentBudgetEndsThePlanBetweenTwoSearches() throws {
        var plan = try Self.plan(2, limits: .init(maxSteps: 10))
        plan.record(Self.result(.depth, steps: 10))
        #expect(plan.current == nil && plan.stopReason == .stepLimit)
        // After the last search nothing is cut short.
        plan = try Self.plan(1, limits: .init(maxSteps: 10))
        plan.record(Self.result(.depth, steps: 10))
        #expect(plan.current == nil && plan.stopReason == .depth)
    }

    @Test func anEndFromOutsideKeepsTheRunningSearchsResultAndStartsNoOther() throws {
        var plan = try Self.plan(3)
        plan.record(Self.result(.depth))
        let (first, second) = (plan.end(.cancelled), plan.end(.shutdown))
        #expect(first && !second)
        #expect(plan.current == nil)
        plan.record(Self.result(.qThreshold))
        #expect(plan.results.count == 2 && plan.current == nil && plan.stopReason == .cancelled)
    }

    @Test func theLastSearchKeepsItsOwnReason() throws {
        var plan = try Self.plan(1)
        let cutsShort = plan.end(.cancelled)
        #expect(!cutsShort)
        plan.record(Self.result(.qThreshold))
        #expect(plan.stopReason == .qThreshold)
    }

    @Test func aPlanWithoutSearchesIsDone() {
        var plan = Plan([])
        #expect(plan.current == nil && plan.stopReason == .depth)
        plan.record(Self.result(.depth))
        #expect(plan.results.isEmpty)
    }
}
