import Checkpoints
import Exact
import JSON
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
        return Plan(
            (0..<searches).map { _ in .rollouts(RolloutSearch(problem, settings: settings)) }, course: .all)
    }

    private static func result(
        _ reason: StopReason, steps: Int = 10, milliseconds: UInt64 = 5, isSolved: Bool = false,
        isVerified: Bool? = nil
    ) -> SearchResult {
        SearchResult(
            .rollouts(
                SearchOutcome(
                    stopReason: reason, selected: nil, solved: isSolved, verified: isVerified, steps: steps, rollouts: 2
                )),
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
        #expect(plan.current?.limits == .init(maxSteps: 25, timeMs: 100, deadlineMs: 1000))
        plan.record(Self.result(.depth, steps: 10, milliseconds: 60))
        #expect(plan.current?.limits == .init(maxSteps: 15, timeMs: 40, deadlineMs: 1000))
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
        var plan = Plan([], course: .all)
        #expect(plan.current == nil && plan.stopReason == .depth)
        plan.record(Self.result(.depth))
        #expect(plan.results.isEmpty)
    }

    // Engines.

    /// Rollouts, then exact search.
    private static func engines(wantsUniqueness: Bool = false, limits: SearchSettings.Limits = .init()) throws -> Plan {
        var settings = SearchSettings()
        settings.limits = limits
        let problem = try Self.problem.get()
        let exact = ExactPlan(
            problem.puzzle, options: ExactOptions(wantsUniqueness: wantsUniqueness), limits: limits)
        return Plan(
            [.rollouts(RolloutSearch(problem, settings: settings)), .exact(exact)], course: .untilSettled)
    }

    private static func exact(_ outcome: ExactOutcome?, ending: EndReason? = nil) -> SearchResult {
        SearchResult(.exact(ExactResult(outcome: outcome, conflicts: 3, ending: ending)))
    }

    @Test func exactSearchFollowsOnlyWhatIsNotSettled() throws {
        var plan = try Self.engines()
        plan.record(Self.result(.qThreshold, isSolved: true))
        #expect(plan.current == nil && plan.stopReason == .qThreshold && plan.engine == .ptrm)
        plan = try Self.engines()
        plan.record(Self.result(.depth))
        #expect(plan.current?.exact != nil)
        plan.record(Self.exact(.noSolution))
        #expect(plan.current == nil && plan.stopReason == .noSolution && plan.engine == .exact)
        #expect(plan.conflicts == 3)
    }

    @Test func aStepLimitIsTheRolloutsOwn() throws {
        var plan = try Self.engines(limits: .init(maxSteps: 10))
        plan.record(Self.result(.stepLimit))
        #expect(plan.current?.exact != nil)
        plan.record(Self.exact(.limit))
        #expect(plan.stopReason == .conflictLimit)
    }

    @Test func timeIsTheWholePlans() throws {
        var plan = try Self.engines(limits: .init(timeMs: 5))
        plan.record(Self.result(.timeLimit))
        #expect(plan.current == nil && plan.stopReason == .timeLimit && plan.engine == .ptrm)
    }

    @Test func uniquenessIsLookedForAlsoWhenSolved() throws {
        var plan = try Self.engines(wantsUniqueness: true)
        plan.record(Self.result(.qThreshold, isSolved: true, isVerified: true))
        #expect(plan.current?.exact != nil)
        let answer = PuzzleAnswer(notation: "1", cells: [1])
        plan.record(Self.exact(.solved(answer, isUnique: true, other: nil)))
        // What settled the puzzle was the rollouts.
        #expect(plan.current == nil && plan.stopReason == .qThreshold && plan.engine == .ptrm)
    }

    @Test func aProofStandsBeforeAnAnswerThatNothingChecked() throws {
        var plan = try Self.engines(wantsUniqueness: true)
        plan.record(Self.result(.qThreshold, isSolved: true))
        plan.record(Self.exact(.noSolution))
        #expect(plan.stopReason == .noSolution && plan.engine == .exact)
    }

    @Test(arguments: [EndReason.cancelled, .timeLimit, .shutdown])
    func anExactSearchThatIsEndedSaysWhy(reason: EndReason) throws {
        var plan = try Self.engines()
        plan.record(Self.result(.depth))
        plan.record(Self.exact(nil, ending: reason))
        #expect(plan.current == nil && plan.stopReason == reason.stopReason && plan.engine == .exact)
    }
}
