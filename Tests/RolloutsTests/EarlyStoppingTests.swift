import Rollouts
import Testing

/// Threshold, minimum steps, patience, and which offer of a round ends the search.
@Suite struct EarlyStoppingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var q: [[Float]]
        var change: @Sendable (inout SearchSettings) -> Void
        /// The expected winner, its steps, all steps, and the reason.
        var rollout: Int
        var after: Int
        var steps: Int
        var reason = StopReason.qThreshold
    }

    static let rows: [Row] = [
        Row(
            testDescription: "a logit equal to the threshold offers", q: [[-1, 0, 5]], change: { _ in }, rollout: 0,
            after: 2, steps: 2),
        Row(
            testDescription: "just below it does not", q: [[-1, -.ulpOfOne, -2]], change: { _ in }, rollout: 0,
            after: 3, steps: 3, reason: .depth),
        Row(
            testDescription: "the round is finished before anything is decided",
            q: [[-1, 3, 0], [-1, 1, 0], [-1, 2, 0]],
            change: { _ in }, rollout: 0, after: 2, steps: 6),
        Row(
            testDescription: "the highest q of the round wins, not the lowest k", q: [[1, 9], [3, 9], [2, 9]],
            change: { _ in }, rollout: 1, after: 1, steps: 3),
        Row(
            testDescription: "equal q: the lowest k", q: [[-1, 9], [2, 9], [2, 9]], change: { _ in }, rollout: 1,
            after: 1, steps: 3),
        Row(
            testDescription: "-0 and 0 are equal", q: [[-0.0], [0]], change: { _ in }, rollout: 0, after: 1, steps: 2),
        Row(
            testDescription: "the earlier round wins over a higher q", q: [[-1, 9], [0, -1]], change: { _ in },
            rollout: 1, after: 1, steps: 2),
        Row(
            testDescription: "min_steps holds an offer back", q: [[5, 4, 3, 2]], change: { $0.minSteps = 3 },
            rollout: 0,
            after: 3, steps: 3),
        Row(
            testDescription: "rounds before min_steps count for patience", q: [[5, 5, 5, 5]],
            change: {
                $0.minSteps = 3
                $0.patience = 3
            }, rollout: 0, after: 3, steps: 3),
        Row(
            testDescription: "patience wants consecutive rounds", q: [[1, 1, -1, 1, 1, 1, 1]],
            change: { $0.patience = 3 }, rollout: 0, after: 6, steps: 6),
        Row(
            testDescription: "min_steps beyond D: no offer", q: [[5, 6]], change: { $0.minSteps = 3 }, rollout: 0,
            after: 2, steps: 2, reason: .depth),
        Row(
            testDescription: "no threshold: no offer", q: [[5, 6]], change: { $0.qThreshold = nil }, rollout: 0,
            after: 2, steps: 2, reason: .depth),
        Row(
            testDescription: "a rollout's q is that of its last step", q: [[-1, -9], [-2, -3]],
            change: { _ in }, rollout: 1, after: 2, steps: 4, reason: .depth),
        Row(
            testDescription: "an offer at depth counts", q: [[-1, 1]], change: { _ in }, rollout: 0, after: 2, steps: 2),
        Row(
            testDescription: "stop: all runs the others on", q: [[3, 9, 9], [-1, 4, 9], [-1, -1, 2]],
            change: { $0.stop = .all }, rollout: 1, after: 2, steps: 6),
        Row(
            testDescription: "stop: all with a rollout at depth", q: [[3, 9, 9], [-1, -1, -1]],
            change: { $0.stop = .all }, rollout: 0, after: 1, steps: 4, reason: .depth),
    ]

    @Test(arguments: rows)
    func stops(_ row: Row) {
        let settings = SearchSettings.table(K: row.q.count, D: row.q[0].count, row.change)
        var driver = Driver(settings, World(q: row.q), hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.selected?.rollout == row.rollout)
        #expect(outcome.selected?.steps == row.after)
        #expect(outcome.steps == row.steps)
        #expect(outcome.stopReason == row.reason)
        #expect(outcome.rollouts == row.q.count)
    }

    /// Nothing is decoded before it is needed.
    @Test func onlyOffersAreDecoded() {
        let world = World(q: [[-1, -1, 1], [-1, -1, -1], [-1, -1, 2]])
        var driver = Driver(.table(K: 3, D: 5), world, hasChecker: false)
        _ = driver.run()
        #expect(driver.decoded == [[0, 2]])
    }

    struct Solved: Sendable {
        var q: Float
        var threshold: Float?
        var solved: Bool
    }

    /// Without a checker the threshold says whether the answer solves the puzzle; null counts as 0.
    @Test(arguments: [
        Solved(q: 1, threshold: 1, solved: true), Solved(q: 0.5, threshold: 1, solved: false),
        Solved(q: 0, threshold: nil, solved: true), Solved(q: -0.5, threshold: nil, solved: false),
        Solved(q: -1, threshold: -2, solved: true),
    ])
    func solvedByQ(_ row: Solved) {
        var driver = Driver(
            .table(K: 1, D: 1) { $0.qThreshold = row.threshold }, World(q: [[row.q]]), hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.solved == row.solved)
        #expect(outcome.verified == nil)
    }
}
