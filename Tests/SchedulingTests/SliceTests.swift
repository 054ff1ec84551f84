import Rollouts
import Scheduling
import Testing

/// Searches that run in slices, beside searches by rollouts.
@Suite struct SliceTests {
    private static func submission(
        _ job: UInt64, client: UInt64 = 1, model: SchedulerCore.ModelKey = SchedulerCore.slices,
        limits: SearchSettings.Limits = .init()
    ) -> SchedulerCore.Submission {
        var settings = SearchSettings()
        (settings.K, settings.D, settings.qThreshold, settings.limits) = (1, 1000, nil, limits)
        return SchedulerCore.Submission(job: job, client: client, model: model, settings: settings, hasChecker: true)
    }

    private static func isSlice(_ work: SchedulerCore.Work?, of job: UInt64) -> Bool {
        if case .slice(job) = work { true } else { false }
    }

    @Test func aSearchHasOneSliceOutAtATimeUntilItSaysItHasEnded() {
        var core = SchedulerCore()
        _ = core.submit(Self.submission(1), now: 0)
        for _ in 0..<5 {
            let work = core.nextWork(now: 1)
            #expect(Self.isSlice(work, of: 1))
            let second = core.nextWork(now: 1)
            #expect(second == nil)
            core.recordSlice(of: 1, isLast: false)
            let none = core.takeEnded()
            #expect(none.isEmpty)
        }
        _ = core.nextWork(now: 1)
        core.recordSlice(of: 1, isLast: true)
        let ended = core.takeEnded()
        #expect(ended.map(\.job) == [1] && ended[0].outcome == nil && ended[0].ending == nil)
        #expect(core.isIdle && core.readySteps == 0)
    }

    @Test(arguments: [EndReason.cancelled, .superseded, .shutdown])
    func anEndWaitsForTheSliceThatIsRun(reason: EndReason) {
        var core = SchedulerCore()
        _ = core.submit(Self.submission(1), now: 0)
        _ = core.nextWork(now: 1)
        let wasThere = core.end(1, reason)
        let none = core.takeEnded()
        #expect(wasThere && none.isEmpty)
        core.recordSlice(of: 1, isLast: false)
        let ended = core.takeEnded()
        #expect(ended.map(\.ending) == [reason] && core.isIdle)
    }

    @Test func aSearchThatEndsItselfInItsLastSliceKeepsItsOutcome() {
        var core = SchedulerCore()
        _ = core.submit(Self.submission(1), now: 0)
        _ = core.nextWork(now: 1)
        core.end(1, .cancelled)
        core.recordSlice(of: 1, isLast: true)
        let ended = core.takeEnded()
        #expect(ended.map(\.ending) == [nil])
    }

    @Test func timeLimitsHold() {
        var core = SchedulerCore()
        _ = core.submit(Self.submission(1, limits: .init(timeMs: 2)), now: 0)
        _ = core.nextWork(now: 1_000_000)
        core.recordSlice(of: 1, isLast: false)
        core.expire(now: 2_999_999)
        let none = core.takeEnded()
        #expect(none.isEmpty)
        core.expire(now: 3_000_000)
        let ended = core.takeEnded()
        #expect(ended.map(\.ending) == [.timeLimit])
    }

    @Test func aJobThatIsAbandonedLeavesNothing() {
        var core = SchedulerCore()
        _ = core.submit(Self.submission(1), now: 0)
        _ = core.nextWork(now: 1)
        core.abandon(1)
        core.recordSlice(of: 1, isLast: true)
        let ended = core.takeEnded()
        #expect(ended.isEmpty && core.isIdle && core.readySteps == 0)
    }

    /// One client's endless exact search and another's rollouts take turns.
    @Test func slicesAndStepsTakeTurns() {
        var core = SchedulerCore()
        _ = core.submit(Self.submission(1, client: 1), now: 0)
        _ = core.submit(Self.submission(2, client: 2, model: 1), now: 0)
        var (slices, steps) = (0, 0)
        for _ in 0..<100 {
            switch core.nextWork(now: 1) {
            case .slice(let job):
                slices += 1
                core.recordSlice(of: job, isLast: false)
            case .steps(let batch, _):
                steps += batch.count
                for step in batch { core.record(StepReport(q: 0), of: step.order.rollout, job: step.job) }
            case .decode, nil: Issue.record("nothing to decode")
            }
        }
        #expect(slices == 50 && steps == 50)
    }

    @Test func manySearchesOfOneClientAreServedInTurn() {
        var core = SchedulerCore()
        for job in 1...4 as ClosedRange<UInt64> { _ = core.submit(Self.submission(job), now: 0) }
        var served: [UInt64: Int] = [:]
        for _ in 0..<40 {
            guard case .slice(let job) = core.nextWork(now: 1) else { break }
            served[job, default: 0] += 1
            core.recordSlice(of: job, isLast: false)
        }
        #expect(served == [1: 10, 2: 10, 3: 10, 4: 10])
    }
}
