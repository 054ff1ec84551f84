import Rollouts
import Testing

/// `ramp: {start, factor, every}`.
@Suite struct RampTests {
    struct Row: Sendable {
        var ramp: SearchSettings.Ramp?
        var K: Int
        var D: Int
        /// The number of rollouts that step in each round.
        var rounds: [Int]
    }

    @Test(arguments: [
        Row(ramp: nil, K: 4, D: 2, rounds: [4, 4]),
        // Started: 1, then 2, 4, 8, 10 after every round.
        Row(
            ramp: .init(start: 1, factor: 2, every: 1), K: 10, D: 9,
            rounds: [1, 2, 4, 8, 10, 10, 10, 10, 10, 9, 8, 6, 2]),
        Row(ramp: .init(start: 2, factor: 2, every: 2), K: 5, D: 3, rounds: [2, 2, 4, 2, 3, 1, 1]),
        // Fractions are rounded down, but a group has at least one rollout: 1, 2, 3, 4, 6.
        Row(ramp: .init(start: 1, factor: 1.5, every: 1), K: 6, D: 9, rounds: [1, 2, 3, 4, 6, 6, 6, 6, 6, 5, 4, 3, 2]),
        Row(ramp: .init(start: 1, factor: 1, every: 1), K: 3, D: 3, rounds: [1, 2, 3, 2, 1]),
        // None alive: the next group starts at once, long before its turn.
        Row(ramp: .init(start: 1, factor: 2, every: 100), K: 4, D: 2, rounds: [1, 1, 1, 1, 2, 2]),
        // The rounds to the group after that one are counted from there.
        Row(ramp: .init(start: 1, factor: 2, every: 3), K: 4, D: 2, rounds: [1, 1, 1, 1, 2, 2]),
        Row(ramp: .init(start: 9, factor: 2, every: 1), K: 4, D: 1, rounds: [4]),
    ])
    func groups(_ row: Row) {
        let world = World(q: Array(repeating: Array(repeating: -1, count: row.D), count: row.K))
        var driver = Driver(.table(K: row.K, D: row.D) { $0.ramp = row.ramp }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(driver.rounds.map(\.count) == row.rounds)
        #expect(outcome.steps == row.K * row.D)
        #expect(outcome.stopReason == .depth)
    }

    @Test func anEasyPuzzleTakesOneRollout() {
        let world = World(q: Array(repeating: [-1, -1, 2, 2], count: 8))
        var driver = Driver(
            .table(K: 8, D: 4) { $0.ramp = .init(start: 1, factor: 2, every: 4) }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.steps == 3)
        #expect(outcome.rollouts == 1)
    }

    /// The last alive rollout is given up; the next group does not wait.
    @Test func aDroppedGroupIsReplacedAtOnce() {
        let world = World(q: [[.nan, 0], [-1, 1], [-1, -1]])
        var driver = Driver(
            .table(K: 3, D: 2) { $0.ramp = .init(start: 1, factor: 2, every: 9) }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(driver.rounds == [[0], [1], [1]])
        #expect(outcome.selected?.rollout == 1)
        #expect(outcome.dropped == 1)
        #expect(outcome.rollouts == 2)
    }

    /// Regular checks follow the search's rounds, not each rollout's own steps.
    @Test func regularChecksFollowTheRounds() {
        // Rollout 1 joins in round 3 and is right from its first step; round 4 is the first check that sees it.
        let world = World(
            q: Array(repeating: Array(repeating: -5, count: 8), count: 2),
            answers: [Array(repeating: 0, count: 8), Array(repeating: 1, count: 8)], valid: [1])
        var driver = Driver(
            .table(K: 2, D: 8) {
                $0.ramp = .init(start: 1, factor: 2, every: 2)
                $0.checkEvery = 4
            }, world)
        let outcome = driver.run()
        #expect(driver.rounds.count == 4)
        #expect(outcome.stopReason == .verified)
        #expect(outcome.selected?.steps == 2)
    }

    @Test func extremeFactorsDoNotTrap() {
        for factor in [Double.infinity, .nan, -.infinity, 1e300, 0, -5] {
            let ramp = SearchSettings.Ramp(start: 1, factor: factor, every: 1)
            let total = ramp.total(after: 3, K: 100)
            #expect(total == (factor < 1 ? 4 : 100), "\(factor)")
        }
    }
}
