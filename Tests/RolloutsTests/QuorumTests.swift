import Rollouts
import Testing

/// `quorum: n` waits for n equal accepted answers.
@Suite struct QuorumTests {
    @Test func waitsForEqualAnswersAcrossRounds() {
        let world = World(
            q: [[5, 0, 0], [-1, 3, 0], [-1, -1, 4], [-1, -1, -1]],
            answers: [[8, 0, 0], [0, 9, 0], [0, 0, 9], [0, 0, 0]])
        var driver = Driver(.table(K: 4, D: 4) { $0.quorum = 2 }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.stopReason == .quorum)
        // Rollouts stop when accepted: rounds of 4, 3 and 2 steps.
        #expect(driver.rounds == [[0, 1, 2, 3], [1, 2, 3], [2, 3]])
        // Of the two that agree, the higher q.
        #expect(outcome.selected?.rollout == 2)
        #expect(outcome.selected?.candidate.tokens == [9, 0, 9])
    }

    @Test func twoAnswersReachItInOneRound() {
        let world = World(
            q: [[1], [4], [3], [4]], answers: [[6], [7], [6], [7]])
        var driver = Driver(.table(K: 4, D: 1) { $0.quorum = 2 }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.stopReason == .quorum)
        #expect(outcome.selected?.rollout == 1)
    }

    @Test func refusedAnswersDoNotVote() {
        let world = World(
            q: [[2, -1], [2, -1], [1, 1], [-1, 1]], answers: [[6, 6], [6, 6], [7, 7], [0, 7]], valid: [7])
        var driver = Driver(.table(K: 4, D: 2) { $0.quorum = 2 }, world)
        let outcome = driver.run()
        #expect(outcome.stopReason == .quorum)
        #expect(outcome.falseAlarms == 1)
        #expect(outcome.selected?.rollout == 2)
        #expect(outcome.verified == true)
    }

    @Test func regularChecksVoteToo() {
        let world = World(q: [[-3], [-2], [-4]], answers: [[7], [6], [7]], valid: [7])
        var driver = Driver(
            .table(K: 3, D: 1) {
                $0.quorum = 2
                $0.checkEvery = 1
            }, world)
        let outcome = driver.run()
        #expect(outcome.stopReason == .quorum)
        #expect(outcome.selected?.rollout == 0)
    }

    @Test func notReachedEndsAtDepth() {
        let world = World(q: [[1, 0], [-1, -1]], answers: [[6, 0], [6, 6]])
        var driver = Driver(.table(K: 2, D: 2) { $0.quorum = 2 }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.stopReason == .depth)
        #expect(outcome.selected?.rollout == 0)
        #expect(outcome.selected?.accepted == true)
    }

    /// All rollouts stopped at the threshold, with as many answers.
    @Test func notReachedWithoutDepth() {
        let world = World(q: [[1, 0], [2, 0]], answers: [[6, 0], [7, 0]])
        var driver = Driver(.table(K: 2, D: 2) { $0.quorum = 2 }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.stopReason == .qThreshold)
        #expect(outcome.selected?.rollout == 1)
    }

    @Test func stopAllDoesNotStopAtAQuorum() {
        let world = World(q: [[1, 0], [1, 0], [-1, -1]], answers: [[6, 0], [6, 0], [5, 5]])
        var driver = Driver(
            .table(K: 3, D: 2) {
                $0.quorum = 2
                $0.stop = .all
            }, world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.steps == 4)
        #expect(outcome.stopReason == .depth)
    }
}
