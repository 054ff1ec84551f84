import Deduction
import Puzzles
import Randomness
import Rollouts
import Testing

@Suite struct DeductionSearchTests {
    /// Givens that settle everything by the model's one rule.
    private let easy = Lattice(cells: [0b001, 0b010, 0b111, 0b010, 0b111, 0b111, 0b111, 0b111, 0b111])
    /// Two equal tokens in a row.
    private let impossible = Lattice(cells: [0b001, 0b001, 0b111, 0b111, 0b111, 0b111, 0b111, 0b111, 0b111])

    @Test func deducesWithoutASplit() {
        var driver = Driver(model: latinModel, rules: latinVerdict)
        let log = driver.run(search(easy))
        #expect(log.outcome.stopReason == .deduced)
        #expect(log.outcome.isSolved)
        #expect(log.outcome.selected?.verdict == .valid)
        #expect(log.outcome.selected?.depth == 0)
        #expect(log.outcome.tally.branches == 1)
        #expect(log.outcome.tally.eliminations == easy.candidateCount - 9)
        #expect(log.outcome.tally.passes == log.rounds.count)
        // Every elimination had a logit of 8: the product of as many probabilities.
        let q = log.outcome.selected?.q ?? 0
        #expect(q > 5 && q < 8)
    }

    @Test(arguments: [SearchSettings.Deduction.Order.depthFirst, .bestFirst], [1, 2, 5])
    func splitsUntilItHasAnAnswer(order: SearchSettings.Deduction.Order, width: Int) {
        var driver = Driver(model: latinModel, rules: latinVerdict)
        let log = driver.run(
            search {
                $0.deduction.order = order
                $0.deduction.width = width
            })
        #expect(log.outcome.stopReason == .deduced)
        #expect(log.outcome.selected?.verdict == .valid)
        #expect(log.outcome.tally.branches > 1)
        #expect(log.lost.isEmpty)
        #expect(log.rounds.allSatisfy { $0.count <= width })
    }

    @Test(arguments: 0..<20)
    func theOrderOfResultsNeverShows(seed: UInt64) {
        let settings: (inout SearchSettings) -> Void = {
            $0.deduction.width = 4
            $0.deduction.temperature = 1
            $0.seed = seed
        }
        var plain = Driver(model: latinModel, rules: latinVerdict)
        var shuffled = Driver(model: latinModel, rules: latinVerdict, order: SplitMix(seed: seed))
        let (first, second) = (plain.run(search(openSquare, settings)), shuffled.run(search(openSquare, settings)))
        #expect(first.outcome == second.outcome)
        #expect(first.rounds == second.rounds)
    }

    @Test func depthFirstKeepsNoMoreBranchesThanItIsDeep() {
        // A model that knows nothing splits until it has answers, and every answer is wrong.
        var driver = Driver(
            model: { _ in .init(impossible: [Float](repeating: 0, count: 27), q: 0) },
            rules: { _ in .broken(rule: "no", cells: []) })
        let log = driver.run(search(Lattice(cells: [0b11, 0b11, 0b11, 0b11, 1, 1, 1, 1, 1])))
        #expect(log.outcome.stopReason == .abstained)
        #expect(log.outcome.selected == nil)
        #expect(log.outcome.tally.wrong == 16)
        #expect(log.outcome.tally.branches == 31)
        #expect(log.outcome.tally.depth == 4)
        // Two at each of four depths, and the one that was split.
        #expect(log.mostKept <= 6)
    }

    @Test func abstainsWhereEveryBranchIsContradictory() {
        var driver = Driver(model: latinModel, rules: latinVerdict)
        let log = driver.run(search(impossible))
        #expect(log.outcome.stopReason == .abstained)
        #expect(!log.outcome.isSolved)
        #expect(log.outcome.tally.contradictions >= 1)
        #expect(log.outcome.tally.wrong == 0)
    }

    @Test(arguments: [1, 2, 3, 7])
    func passesAreTheBudget(most: Int) {
        var driver = Driver(model: { _ in .init(impossible: [Float](repeating: 0, count: 27), q: 0) })
        let log = driver.run(
            search {
                $0.limits.maxSteps = most
                $0.deduction.width = 3
            })
        #expect(log.outcome.stopReason == .stepLimit)
        #expect(log.outcome.tally.passes == most)
        #expect(log.outcome.selected == nil)
    }

    @Test(arguments: [1, 3])
    func splitsAfterAsManyStillPasses(still: Int) {
        var driver = Driver(model: { _ in .init(impossible: [Float](repeating: 0, count: 27), q: 0) })
        let log = driver.run(
            search {
                $0.deduction.still = still
                $0.limits.maxSteps = still + 1
            })
        #expect(log.rounds == [[Int]](repeating: [0], count: still) + [[1]])
    }

    @Test(arguments: EndReason.allCases) func endsFromOutside(reason: EndReason) {
        var driver = Driver(model: { _ in .init(impossible: [Float](repeating: 0, count: 27), q: 0) })
        var rounds = 0
        driver.before = { search in
            rounds += 1
            if rounds == 5 { search.end(reason) }
            if rounds == 6 { search.end(.shutdown) }
        }
        let log = driver.run(search())
        #expect(log.outcome.stopReason == reason.stopReason)
        #expect(log.outcome.tally.passes == 5)
    }

    @Test func anEndInAnOpenRoundKeepsWhatIsRecorded() {
        var search = search { $0.deduction.width = 2 }
        guard case .pass(let first) = search.next() else {
            Issue.record("no pass")
            return
        }
        #expect(first.map(\.branch) == [0])
        search.record(.init(impossible: [], q: 0), of: 0)
        guard case .pass(let second) = search.next() else {
            Issue.record("no second round")
            return
        }
        #expect(second.map(\.branch) == [1, 2])
        search.record(.init(impossible: [], q: 0), of: 2)
        search.end(.cancelled)
        let demand = search.next()
        guard case .finished(let outcome) = demand else {
            Issue.record("goes on: \(demand)")
            return
        }
        #expect(outcome.stopReason == .cancelled)
        #expect(outcome.tally.passes == 2)
        #expect(search.next() == demand)
    }

    @Test(
        arguments: [
            (nil, true, StopReason.abstained, 1), (.report, true, .deduced, 1), (.off, true, .deduced, 0),
            (nil, false, .deduced, 0),
        ] as [(SearchSettings.Verification?, Bool, StopReason, Int)])
    func whatTheRulesDecide(verify: SearchSettings.Verification?, hasChecker: Bool, reason: StopReason, wrong: Int) {
        var driver = Driver(model: latinModel, rules: { _ in .broken(rule: "no", cells: []) })
        let log = driver.run(search(easy, hasChecker: hasChecker) { $0.verify = verify })
        #expect(log.outcome.stopReason == reason)
        #expect(log.outcome.tally.wrong == wrong)
        #expect(log.outcome.isSolved == (reason == .deduced && wrong == 0))
    }

    @Test(arguments: [DeductionSearch.Report(impossible: [], q: .nan), .init(impossible: [], q: 0, isFinite: false)])
    func numbersThatAreNoneEndABranch(report: DeductionSearch.Report) {
        var driver = Driver(model: { _ in report })
        let log = driver.run(search())
        #expect(log.outcome.stopReason == .abstained)
        #expect(log.outcome.tally.dropped == 1)
    }

    @Test func bestFirstGoesWhereTheHaltLogitIsHighest() {
        // The side that has token 0 in the first cell looks bad, and everything else well.
        var driver = Driver(model: { lattice in
            .init(impossible: [Float](repeating: 0, count: 27), q: lattice.cells[0] == 1 ? -5 : 5)
        })
        let log = driver.run(
            search(Lattice(cells: [0b11, 0b11, 0b11, 1, 1, 1, 1, 1, 1])) {
                $0.deduction.order = .bestFirst
                $0.limits.maxSteps = 4
            })
        // 1 is looked at once, its sides wait behind 2 and what comes of it.
        #expect(log.rounds.prefix(3).map { $0 } == [[0], [1], [2]])
        #expect((log.rounds.last?.first ?? 0) > 4)
    }
}
