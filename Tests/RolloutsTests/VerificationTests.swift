import Rollouts
import Testing

/// What the exact checker's verdict does: `require`, `report`, `off`, and `check_every`.
@Suite struct VerificationTests {
    @Test func aRefusedRolloutGoesOnAndItsPatienceStartsAgain() {
        // Offers after steps 2 (refused), 4 (refused, the same answer) and 6 (another answer, valid).
        let world = World(q: [[1, 1, 1, 1, 1, 1, 1, 1]], answers: [[7, 7, 7, 7, 9, 9, 9, 9]], valid: [9])
        var driver = Driver(.table(K: 1, D: 8) { $0.patience = 2 }, world)
        let outcome = driver.run()
        #expect(outcome.stopReason == .qThreshold)
        #expect(outcome.steps == 6)
        #expect(driver.decoded.count == 3)
        #expect(outcome.falseAlarms == 1)
        #expect(outcome.verified == true && outcome.solved)
        #expect(outcome.selected?.candidate.tokens == [9, 0, 9])
    }

    @Test func distinctAnswersAreDistinctFalseAlarms() {
        let world = World(q: [[1, 1, 1], [1, 1, -1]], answers: [[4, 5, 4], [5, 6, 0]], valid: [])
        var driver = Driver(.table(K: 2, D: 3), world)
        let outcome = driver.run()
        #expect(outcome.falseAlarms == 3)
        #expect(outcome.stopReason == .depth)
        #expect(outcome.verified == false && !outcome.solved)
        #expect(outcome.selected?.accepted == false)
    }

    @Test func aRefusedHigherQDoesNotHideAnAcceptedLowerOne() {
        let world = World(q: [[9], [1], [2]], answers: [[0], [1], [1]], valid: [1])
        var driver = Driver(.table(K: 3, D: 1), world)
        let outcome = driver.run()
        #expect(outcome.selected?.rollout == 2)
        #expect(outcome.stopReason == .qThreshold)
        #expect(outcome.falseAlarms == 1)
    }

    struct Mode: Sendable {
        var verify: SearchSettings.Verification?
        var hasChecker: Bool
        /// What is expected for an offer after step 1 that breaks a rule; step 2's answer is valid.
        var steps: Int
        var verified: Bool?
        var solved: Bool
        var falseAlarms: Int
    }

    @Test(arguments: [
        Mode(verify: nil, hasChecker: true, steps: 2, verified: true, solved: true, falseAlarms: 1),
        Mode(verify: .require, hasChecker: true, steps: 2, verified: true, solved: true, falseAlarms: 1),
        Mode(verify: .report, hasChecker: true, steps: 1, verified: false, solved: false, falseAlarms: 1),
        Mode(verify: .off, hasChecker: true, steps: 1, verified: nil, solved: true, falseAlarms: 0),
        Mode(verify: nil, hasChecker: false, steps: 1, verified: nil, solved: true, falseAlarms: 0),
        Mode(verify: .require, hasChecker: false, steps: 1, verified: nil, solved: true, falseAlarms: 0),
    ])
    func modes(_ mode: Mode) {
        let world = World(q: [[1, 1]], answers: [[3, 4]], valid: [4])
        var driver = Driver(
            .table(K: 1, D: 2) { $0.verify = mode.verify }, world, hasChecker: mode.hasChecker)
        let outcome = driver.run()
        #expect(driver.search.needsVerdicts == (mode.hasChecker && mode.verify != .off))
        #expect(outcome.steps == mode.steps)
        #expect(outcome.verified == mode.verified)
        #expect(outcome.solved == mode.solved)
        #expect(outcome.falseAlarms == mode.falseAlarms)
        #expect(outcome.stopReason == .qThreshold)
    }

    /// A candidate that the checker cannot judge breaks no rule: its q decides.
    @Test func uncheckedOffersAreAccepted() {
        var driver = Driver(.table(K: 1, D: 2), World(q: [[1, 1]], valid: nil))
        let outcome = driver.run()
        #expect(outcome.stopReason == .qThreshold)
        #expect(outcome.steps == 1)
        #expect(outcome.verified == nil && outcome.solved)
    }

    struct Check: Sendable {
        var every: Int?
        var verify: SearchSettings.Verification?
        var steps: Int
        var reason: StopReason
    }

    /// Rollout 1 holds the valid answer from step 3 on, with a q far below the threshold.
    @Test(arguments: [
        Check(every: nil, verify: nil, steps: 12, reason: .depth),
        Check(every: 1, verify: nil, steps: 6, reason: .verified),
        Check(every: 2, verify: nil, steps: 8, reason: .verified),
        Check(every: 3, verify: .report, steps: 6, reason: .verified),
        Check(every: 5, verify: nil, steps: 10, reason: .verified),
        Check(every: 7, verify: nil, steps: 12, reason: .depth),
        Check(every: 1, verify: .off, steps: 12, reason: .depth),
    ])
    func regularChecks(_ check: Check) {
        let world = World(
            q: Array(repeating: Array(repeating: -5, count: 6), count: 2),
            answers: [[0, 0, 0, 0, 0, 0], [0, 0, 1, 1, 1, 1]], valid: [1])
        var driver = Driver(
            .table(K: 2, D: 6) {
                $0.checkEvery = check.every
                $0.verify = check.verify
            }, world)
        let outcome = driver.run()
        #expect(outcome.steps == check.steps)
        #expect(outcome.stopReason == check.reason)
        #expect(outcome.verified == (check.verify == .off ? nil : true))
        #expect(outcome.falseAlarms == 0)
        if check.verify != .off { #expect(outcome.selected?.rollout == 1) }
    }

    /// A regular check that finds a broken rule is no offer: nothing is counted and patience goes on.
    @Test func aRegularCheckRefusesNothing() {
        let world = World(q: [[1, 1, 1]], answers: [[0, 0, 1]], valid: [1])
        var driver = Driver(
            .table(K: 1, D: 4) {
                $0.patience = 3
                $0.checkEvery = 2
            }, world)
        let outcome = driver.run()
        #expect(outcome.steps == 3)
        #expect(outcome.stopReason == .qThreshold)
        #expect(outcome.falseAlarms == 0)
    }

    /// The reason is that of the winner, when an offer and a regular check find something in the same round.
    @Test(arguments: [(Float(3), StopReason.qThreshold), (-1, .verified)])
    func offerAndCheckInOneRound(q: Float, reason: StopReason) {
        let world = World(q: [[-2, -2], [-1, q]], answers: [[1, 1], [0, 1]], valid: [1])
        var driver = Driver(.table(K: 2, D: 2) { $0.checkEvery = 2 }, world)
        let outcome = driver.run()
        #expect(outcome.stopReason == reason)
        #expect(outcome.selected?.rollout == 1)
    }

    /// The answer at depth is no offer, but a valid one is what a search ends with.
    @Test func aValidAnswerAtDepthIsSelected() {
        let world = World(q: [[-1, -9], [-1, -1]], answers: [[0, 1], [0, 2]], valid: [1])
        var driver = Driver(.table(K: 2, D: 2), world)
        let outcome = driver.run()
        #expect(outcome.stopReason == .depth)
        #expect(outcome.selected?.rollout == 0)
        #expect(outcome.selected?.accepted == false)
        #expect(outcome.verified == true && outcome.solved)
    }
}
