import Rollouts
import Testing

/// `max_steps`, and ends that come from outside.
@Suite struct BudgetTests {
    struct Row: Sendable {
        var maxSteps: Int
        var rounds: [[Int]]
        var reason: StopReason
    }

    /// K = 3, D = 2: rounds of three steps; the last one is cut to the lowest k.
    @Test(arguments: [
        Row(maxSteps: 0, rounds: [], reason: .stepLimit),
        Row(maxSteps: 1, rounds: [[0]], reason: .stepLimit),
        Row(maxSteps: 3, rounds: [[0, 1, 2]], reason: .stepLimit),
        Row(maxSteps: 5, rounds: [[0, 1, 2], [0, 1]], reason: .stepLimit),
        // All rollouts are at depth: the budget did not bind.
        Row(maxSteps: 6, rounds: [[0, 1, 2], [0, 1, 2]], reason: .depth),
        Row(maxSteps: 7, rounds: [[0, 1, 2], [0, 1, 2]], reason: .depth),
    ])
    func maxSteps(_ row: Row) {
        let world = World(q: [[-3, -3], [-2, -4], [-1, -1]])
        var driver = Driver(.table(K: 3, D: 2) { $0.limits.maxSteps = row.maxSteps }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(driver.rounds == row.rounds)
        #expect(outcome.stopReason == row.reason)
        #expect(outcome.steps == row.rounds.reduce(0) { $0 + $1.count })
        #expect(outcome.rollouts == row.rounds.first?.count ?? 0)
        #expect((outcome.selected == nil) == (row.maxSteps == 0))
    }

    @Test func anOfferInTheShortRoundIsAccepted() {
        let world = World(q: [[-3, 1], [-2, 5], [-1, 9]])
        var driver = Driver(.table(K: 3, D: 3) { $0.limits.maxSteps = 5 }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.stopReason == .qThreshold)
        #expect(outcome.selected?.rollout == 1)
        #expect(outcome.steps == 5)
    }

    /// A group that the budget does not reach is not started.
    @Test func theBudgetCutsTheRamp() {
        let world = World(q: Array(repeating: Array(repeating: -1, count: 9), count: 8))
        var driver = Driver(
            .table(K: 8, D: 9) {
                $0.ramp = .init(start: 2, factor: 4, every: 2)
                $0.limits.maxSteps = 7
            }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(driver.rounds == [[0, 1], [0, 1], [0, 1, 2]])
        #expect(outcome.rollouts == 3)
        #expect(outcome.stopReason == .stepLimit)
    }

    /// After a budget everything that ran is decoded and checked whatever its q.
    @Test func aValidAnswerIsFoundAtTheEnd() {
        let world = World(q: [[-1, -1], [-9, -9], [-2, -2]], answers: [[0, 0], [0, 1], [0, 0]], valid: [1])
        var driver = Driver(.table(K: 3, D: 4) { $0.limits.maxSteps = 5 }, world)
        let outcome = driver.run()
        #expect(driver.decoded == [[0, 1, 2]])
        #expect(outcome.stopReason == .stepLimit)
        #expect(outcome.selected?.rollout == 1)
        #expect(outcome.verified == true && outcome.solved)
    }

    @Test(arguments: [
        (EndReason.timeLimit, "time_limit"), (.cancelled, "cancelled"), (.superseded, "superseded"),
        (.shutdown, "shutdown"),
    ])
    func endInTheMiddleOfARound(reason: EndReason, name: String) {
        let world = World(q: [[-1, -1], [-2, 5], [-3, -3]])
        var search = Search(settings: .table(K: 3, D: 4), hasChecker: false)
        func step(_ k: Int, _ t: Int) { search.record(world.report(rollout: k, step: t), of: k) }
        _ = search.next()
        for k in 0..<3 { step(k, 0) }
        guard case .step(let orders) = search.next() else {
            Issue.record("a second round is expected")
            return
        }
        #expect(orders.map(\.step) == [1, 1, 1])
        step(1, 1)
        search.end(reason)
        step(0, 1)
        // Rollout 2's second step is abandoned; its candidate is that of its first.
        #expect(search.next() == .decode([0, 1, 2]))
        // Too late to count.
        step(2, 1)
        for (k, steps) in [(0, 2), (1, 2), (2, 1)] { search.record(world.candidate(rollout: k, steps: steps), of: k) }
        guard case .finished(let outcome) = search.next() else {
            Issue.record("the end is expected")
            return
        }
        #expect(outcome.stopReason.rawValue == name)
        #expect(outcome.steps == 5)
        #expect(outcome.rollouts == 3)
        #expect(outcome.selected?.rollout == 1)
        #expect(outcome.selected?.q == 5)
        #expect(outcome.selected?.accepted == false)
        #expect(outcome.solved)
    }

    @Test func endBeforeAnythingRan() {
        for recordsFirst in [false, true] {
            var search = Search(settings: .table(K: 3, D: 4), hasChecker: true)
            if recordsFirst { _ = search.next() }
            search.end(.cancelled)
            guard case .finished(let outcome) = search.next() else {
                Issue.record("nothing is left to do")
                return
            }
            #expect(
                outcome
                    == SearchOutcome(
                        stopReason: .cancelled, selected: nil, solved: false, verified: nil, steps: 0, rollouts: 0))
        }
    }

    /// A complete round is decided before the end takes effect, and a search that is over stays as it is.
    @Test func endAfterACompleteRound() {
        let world = World(q: [[1, -1]])
        var search = Search(settings: .table(K: 1, D: 2), hasChecker: false)
        _ = search.next()
        search.record(world.report(rollout: 0, step: 0), of: 0)
        search.end(.timeLimit)
        #expect(search.next() == .decode([0]))
        search.record(world.candidate(rollout: 0, steps: 1), of: 0)
        guard case .finished(let outcome) = search.next() else {
            Issue.record("the end is expected")
            return
        }
        #expect(outcome.stopReason == .qThreshold)
        search.end(.cancelled)
        #expect(search.next() == .finished(outcome))
    }

    @Test func theFirstReasonCounts() {
        var search = Search(settings: .table(K: 1, D: 2), hasChecker: false)
        _ = search.next()
        search.end(.superseded)
        search.end(.shutdown)
        guard case .finished(let outcome) = search.next() else {
            Issue.record("the end is expected")
            return
        }
        #expect(outcome.stopReason == .superseded)
    }
}
