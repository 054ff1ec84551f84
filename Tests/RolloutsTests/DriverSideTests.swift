import Puzzles
import Rollouts
import TRM
import Testing

/// What a driver sees on the way: noise and views of the orders, carries that may go, progress, repeated demands.
@Suite struct DriverSideTests {
    @Test func noiseOfTheOrders() {
        var settings = SearchSettings.table(K: 2, D: 2)
        settings.sigma = 0.5
        settings.noise = .both
        settings.seed = .max
        var search = Search(settings: settings, hasChecker: false)
        guard case .step(let first) = search.next() else {
            Issue.record("a round is expected")
            return
        }
        #expect(first.map(\.rollout) == [0, 1])
        #expect(first[0].noise == nil)
        #expect(first[1].noise == StepNoise(seed: .max, rollout: 1, step: 0, sigma: 0.5, target: .both))
        for k in 0..<2 { search.record(StepReport(q: -1), of: k) }
        guard case .step(let second) = search.next() else {
            Issue.record("a second round is expected")
            return
        }
        #expect(second[0].noise == nil && second[0].step == 1)
        #expect(second[1].noise?.step == 1)
    }

    @Test(arguments: [
        (SearchSettings.FirstRollout.noisy, Float(0.2), false), (.deterministic, 0.2, true),
        (.noisy, 0, true),
    ])
    func noiseOfTheFirstRollout(first: SearchSettings.FirstRollout, sigma: Float, isQuiet: Bool) {
        var settings = SearchSettings.table(K: 1, D: 1)
        settings.firstRollout = first
        settings.sigma = sigma
        var search = Search(settings: settings, hasChecker: false)
        guard case .step(let orders) = search.next() else {
            Issue.record("a round is expected")
            return
        }
        #expect((orders[0].noise == nil) == isQuiet)
    }

    @Test(arguments: [
        (SearchSettings.Views.none, [false, false, false, false, false]), (.some, [false, true, false, true, false]),
        (.all, [false, true, true, true, true]),
    ])
    func views(views: SearchSettings.Views, expected: [Bool]) {
        var search = Search(settings: .table(K: 5, D: 1) { $0.views = views }, hasChecker: false)
        guard case .step(let orders) = search.next() else {
            Issue.record("a round is expected")
            return
        }
        #expect(orders.map { $0.start == .view } == expected)
    }

    @Test func carriesAreReleasedAsSoonAsTheyMay() {
        // Rollout 0 is accepted in round 1, 1 is dropped in round 2, 2 and 3 reach depth in round 3.
        let world = World(q: [[1, 0, 0], [-1, .nan, 0], [-1, -1, -1], [-1, -1, -1]])
        var search = Search(settings: .table(K: 4, D: 3) { $0.quorum = 2 }, hasChecker: false)
        var released: [[Int]] = []
        var steps = [0, 0, 0, 0]
        var isOver = false
        while !isOver {
            switch search.next() {
            case .step(let orders):
                for order in orders {
                    search.record(world.report(rollout: order.rollout, step: order.step), of: order.rollout)
                    steps[order.rollout] += 1
                }
            case .decode(let rollouts):
                for k in rollouts { search.record(world.candidate(rollout: k, steps: steps[k]), of: k) }
            case .finished: isOver = true
            }
            released.append(search.takeReleased())
        }
        // With the demands: step, decode, step, step, decode, finished.
        #expect(released == [[], [], [0], [1], [], [2, 3]])
        #expect(search.takeReleased() == [])
    }

    /// `next()` asks again for what is missing, and for nothing else.
    @Test func missingWorkIsDemandedAgain() {
        var search = Search(settings: .table(K: 3, D: 2), hasChecker: false)
        guard case .step(let orders) = search.next() else {
            Issue.record("a round is expected")
            return
        }
        search.record(StepReport(q: 1), of: 1)
        // Twice, unknown, or of the wrong kind: not counted.
        search.record(StepReport(q: -9), of: 1)
        search.record(StepReport(q: 9), of: 3)
        search.record(StepReport(q: 9), of: -1)
        search.record(Candidate(tokens: [], verdict: .valid, meanTop1: 1), of: 0)
        #expect(search.next() == .step([orders[0], orders[2]]))
        #expect(search.progress.steps == 1)
        search.record(StepReport(q: 2), of: 2)
        search.record(StepReport(q: -1), of: 0)
        #expect(search.next() == .decode([1, 2]))
        search.record(Candidate(tokens: [1], verdict: .unchecked, meanTop1: 1), of: 2)
        #expect(search.next() == .decode([1]))
        search.record(Candidate(tokens: [2], verdict: .unchecked, meanTop1: 1), of: 1)
        guard case .finished(let outcome) = search.next() else {
            Issue.record("the end is expected")
            return
        }
        #expect(outcome.selected?.rollout == 2)
        #expect(outcome.steps == 3)
    }

    @Test func progressShowsTheBestRollout() {
        var search = Search(settings: .table(K: 2, D: 4) { $0.patience = 3 }, hasChecker: false)
        #expect(search.progress == SearchProgress(steps: 0, rollouts: 0, best: nil))
        for (round, best) in [(0, 1), (1, 0)] {
            _ = search.next()
            #expect(search.progress.steps == 2 * round)
            search.record(StepReport(q: round == 0 ? -1 : 3), of: 0)
            search.record(StepReport(q: 0), of: 1)
            #expect(search.progress.steps == 2 * round + 2)
            guard case .step = search.next() else {
                Issue.record("a round is expected")
                return
            }
            #expect(
                search.progress
                    == SearchProgress(
                        steps: 2 * round + 2, rollouts: 2,
                        best: .init(rollout: best, q: best == 0 ? 3 : 0, candidate: nil)))
        }
    }

    @Test func candidatesOfAnEarlyStop() {
        let world = World(q: [[-1, -2], [-1, 4], [-1, -3]], valid: [1])
        var driver = Driver(.table(K: 3, D: 4), world, records: .candidates)
        let outcome = driver.run()
        #expect(outcome.stopReason == .qThreshold)
        #expect(outcome.candidates?.map(\.end) == [.running, .accepted, .running])
        #expect(outcome.candidates?.map(\.q) == [-2, 4, -3])
        #expect(outcome.candidates?.map { $0.candidate?.verdict } == [.invalid, .valid, .invalid])
        #expect(outcome.trace == nil)
    }

    /// The largest search allowed: every rollout is known at once, and few steps are cheap.
    @Test func aHundredThousandRollouts() {
        var search = Search(
            settings: .table(K: 100_000, D: 100_000) { $0.limits.maxSteps = 250_000 }, hasChecker: false)
        var rounds: [Int] = []
        var decoded = 0
        while true {
            switch search.next() {
            case .step(let orders):
                rounds.append(orders.count)
                for order in orders { search.record(StepReport(q: -1 - Float(order.rollout)), of: order.rollout) }
            case .decode(let rollouts):
                decoded += rollouts.count
                for k in rollouts {
                    search.record(
                        Candidate(tokens: [Int32(k % 7)], verdict: .unchecked, meanTop1: 0), of: k)
                }
            case .finished(let outcome):
                #expect(outcome.stopReason == .stepLimit)
                #expect(outcome.rollouts == 100_000)
                #expect(outcome.selected?.rollout == 0)
                #expect(rounds == [100_000, 100_000, 50_000])
                #expect(decoded == 100_000)
                return
            }
        }
    }

    struct Peak: Sendable {
        var change: @Sendable (inout SearchSettings) -> Void
        var maxAlive: Int
        var peak: Int
    }

    /// A bound on the carries applies only where it cannot show.
    @Test(arguments: [
        Peak(change: { _ in }, maxAlive: 8, peak: 100),
        Peak(change: { $0.stop = .all }, maxAlive: 8, peak: 8),
        Peak(change: { $0.stop = .all }, maxAlive: 0, peak: 1),
        Peak(change: { $0.qThreshold = nil }, maxAlive: 8, peak: 8),
        Peak(
            change: {
                $0.qThreshold = nil
                $0.checkEvery = 4
            }, maxAlive: 8, peak: 100),
        Peak(
            change: {
                $0.stop = .all
                $0.limits.maxSteps = 1000
            }, maxAlive: 8, peak: 100),
        Peak(change: { $0.limits.maxSteps = 12 }, maxAlive: 8, peak: 12),
        Peak(
            change: {
                $0.stop = .all
                $0.ramp = .init()
            }, maxAlive: 8, peak: 92),
        // 64 rollouts have joined in rounds 1 to 7; when the last 36 do, the first 8 have done their 4 rounds.
        Peak(change: { $0.ramp = .init() }, maxAlive: .max, peak: 92),
        Peak(change: { $0.ramp = .init(start: 1, factor: 2, every: 4) }, maxAlive: .max, peak: 36),
        Peak(change: { $0.ramp = .init(start: 5, factor: 1, every: 2) }, maxAlive: .max, peak: 6),
        Peak(
            change: {
                $0.ramp = .init(start: 1, factor: 1, every: 1)
                $0.D = 1
            }, maxAlive: .max, peak: 1),
    ])
    func peakAlive(_ row: Peak) {
        let search = Search(settings: .table(K: 100, D: 4, row.change), hasChecker: true, maxAlive: row.maxAlive)
        #expect(search.peakAlive == row.peak)
    }
}
