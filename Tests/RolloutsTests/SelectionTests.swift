import Puzzles
import Rollouts
import Testing

/// Which candidate answers a search in which none was accepted, and values that are not finite.
@Suite struct SelectionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var selection: SearchSettings.Selection
        var q: [Float]
        var answers: [Int32]
        var valid: Set<Int32>? = []
        var top1: [Float] = []
        var verify: SearchSettings.Verification?
        var rollout: Int
    }

    static let rows: [Row] = [
        Row(testDescription: "best_q", selection: .bestQ, q: [-3, -1, -2], answers: [1, 2, 3], rollout: 1),
        Row(testDescription: "best_q, tie", selection: .bestQ, q: [-3, -1, -1], answers: [1, 2, 3], rollout: 1),
        Row(
            testDescription: "best_q prefers what keeps the rules", selection: .bestQ, q: [-3, -1, -2],
            answers: [1, 2, 3], valid: [1, 3], rollout: 2),
        Row(
            testDescription: "best_q with report prefers it too", selection: .bestQ, q: [-3, -1, -2],
            answers: [1, 2, 3], valid: [1, 3], verify: .report, rollout: 2),
        Row(
            testDescription: "best_q with verify off does not look", selection: .bestQ, q: [-3, -1, -2],
            answers: [1, 2, 3], valid: [1, 3], verify: .off, rollout: 1),
        Row(
            testDescription: "mode: the most frequent answer, its highest q", selection: .mode, q: [-1, -4, -3, -3],
            answers: [9, 5, 5, 5], rollout: 2),
        Row(
            testDescription: "mode, tie between answers: the highest q", selection: .mode, q: [-4, -2, -3, -1],
            answers: [5, 6, 5, 6], rollout: 3),
        Row(
            testDescription: "mode, tie in q as well: the lowest k", selection: .mode, q: [-1, -1, -1, -1],
            answers: [5, 6, 6, 5], rollout: 0),
        Row(
            testDescription: "mode among what keeps the rules", selection: .mode, q: [-1, -1, -1, -5, -4, -6],
            answers: [5, 5, 5, 6, 7, 6], valid: [6, 7], rollout: 3),
        Row(
            testDescription: "mode with verify off", selection: .mode, q: [-1, -1, -1, -5, -4],
            answers: [5, 5, 5, 6, 6], valid: [6], verify: .off, rollout: 0),
        Row(
            testDescription: "top1 does not look at q", selection: .top1, q: [-1, -9, -2], answers: [1, 2, 3],
            top1: [0.5, 0.75, 0.25], rollout: 1),
        Row(
            testDescription: "top1, tie: the lowest k", selection: .top1, q: [-9, -1, -2], answers: [1, 2, 3],
            top1: [0.5, 0.5, 0.25], rollout: 0),
        Row(
            testDescription: "top1 that is not a number comes last", selection: .top1, q: [-9, -1, -2],
            answers: [1, 2, 3], top1: [.nan, 0, 0], rollout: 1),
        Row(
            testDescription: "top1 prefers what keeps the rules", selection: .top1, q: [-1, -9, -2],
            answers: [1, 2, 3], valid: [3], top1: [0.5, 0.75, 0.25], rollout: 2),
    ]

    @Test(arguments: rows)
    func selects(_ row: Row) {
        let world = World(q: row.q.map { [$0] }, answers: row.answers.map { [$0] }, valid: row.valid, top1: row.top1)
        let settings = SearchSettings.table(K: row.q.count, D: 1) {
            $0.selection = row.selection
            $0.verify = row.verify
        }
        var driver = Driver(settings, world)
        let outcome = driver.run()
        #expect(outcome.selected?.rollout == row.rollout)
        #expect(outcome.stopReason == .depth)
        #expect(outcome.selected?.accepted == false)
        let chosen = row.answers[row.rollout]
        #expect(outcome.verified == (row.verify == .off ? nil : row.valid?.contains(chosen)))
    }

    /// An answer that the checker cannot judge is better than one that breaks a rule.
    @Test func uncheckedBeforeInvalid() {
        let verdicts: [Verdict] = [.invalid, .unchecked, .unchecked]
        var search = Search(settings: .table(K: 3, D: 1), hasChecker: true)
        _ = search.next()
        for k in 0..<3 { search.record(StepReport(q: -1 - Float(k)), of: k) }
        _ = search.next()
        for k in 0..<3 {
            search.record(Candidate(tokens: [Int32(k)], verdict: verdicts[k], meanTop1: 0.5), of: k)
        }
        guard case .finished(let outcome) = search.next() else {
            Issue.record("the end is expected")
            return
        }
        #expect(outcome.selected?.rollout == 1)
        #expect(outcome.verified == nil && !outcome.solved)
    }

    /// With `stop: all` rollouts that stopped early and rollouts at depth are counted together.
    @Test func modeOverAllRollouts() {
        let world = World(q: [[3, 0], [-1, -1], [-1, -2]], answers: [[5, 0], [0, 6], [0, 6]])
        var driver = Driver(
            .table(K: 3, D: 2) {
                $0.stop = .all
                $0.selection = .mode
            }, world, hasChecker: false)
        #expect(driver.run().selected?.rollout == 1)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func aLogitThatIsNotFiniteDropsItsRollout(q: Float) {
        let world = World(q: [[-2, -3, -1], [-1, q, -1], [-5, -5, -5]])
        var driver = Driver(.table(K: 3, D: 3), world, hasChecker: false, records: [.candidates, .trace])
        let outcome = driver.run()
        #expect(driver.rounds == [[0, 1, 2], [0, 1, 2], [0, 2]])
        #expect(outcome.dropped == 1)
        #expect(outcome.steps == 8)
        #expect(outcome.rollouts == 3)
        #expect(outcome.selected?.rollout == 0)
        #expect(outcome.candidates?[1] == RolloutResult(rollout: 1, steps: 2, q: nil, end: .dropped, candidate: nil))
        #expect(outcome.trace == [[-2, -3, -1], [-1], [-5, -5, -5]])
    }

    @Test func aCarryThatIsNotFiniteDropsItsRollout() {
        var world = World(q: [[9], [-1]])
        world.brokenCarries = [0: 0]
        var driver = Driver(.table(K: 2, D: 1), world, hasChecker: false)
        let outcome = driver.run()
        #expect(outcome.selected?.rollout == 1)
        #expect(outcome.dropped == 1)
    }

    @Test func allDropped() {
        let world = World(q: [[-1, .nan], [.nan, 0]])
        var driver = Driver(.table(K: 2, D: 2), world)
        #expect(
            driver.run()
                == SearchOutcome(
                    stopReason: .depth, selected: nil, solved: false, verified: nil, steps: 3, rollouts: 2, dropped: 2))
        #expect(driver.decoded.isEmpty)
    }
}
