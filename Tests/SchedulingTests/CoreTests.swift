import Rollouts
import Scheduling
import Testing

/// A job's ways through the core.
@Suite struct CoreTests {
    private static func crowded() -> SchedulerCore.Policy {
        var policy = SchedulerCore.Policy()
        policy.maxActive = 1
        policy.maxQueued = 3
        return policy
    }

    @Test func theQueueIsBounded() {
        var simulation = Simulation(workers: 1, policy: Self.crowded())
        for job in 1...4 as ClosedRange<UInt64> { expect(simulation.submit(.job(job))) }
        expect(!simulation.submit(.job(5)))
        #expect(simulation.core.activeJobs == 1 && simulation.core.inQueue == 3)
        // Another client has nothing active, so it needs no place.
        expect(simulation.submit(.job(6, client: 2)))
        #expect(simulation.core.activeJobs == 2)
        simulation.run()
        #expect(Set(simulation.ended.keys) == [1, 2, 3, 4, 6])
    }

    @Test func heldJobsMoveUpAndLoseNothing() {
        var simulation = Simulation(workers: 1, policy: Self.crowded())
        for job in 1...10 as ClosedRange<UInt64> {
            var submission = SchedulerCore.Submission.job(job)
            submission.mayPark = true
            expect(simulation.submit(submission))
        }
        #expect(simulation.core.inQueue == 3 && simulation.core.parked == 6 && simulation.core.parked(of: 1) == 6)
        simulation.run(until: 4 * Simulation.stepTime + Simulation.stepTime / 2)
        #expect(simulation.core.inQueue == 3 && simulation.core.parked == 5)
        simulation.core.end(10, .cancelled)
        #expect(simulation.core.parked(of: 1) == 4)
        simulation.run()
        #expect(simulation.ended.count == 10)
        #expect(simulation.core.isIdle && simulation.core.waiting == 0)
    }

    @Test(arguments: [false, true])
    func aClientHasItsLimit(mayPark: Bool) {
        var simulation = Simulation(workers: 4)
        for job in 1...6 as ClosedRange<UInt64> {
            var submission = SchedulerCore.Submission.job(job, K: 2)
            submission.clientLimit = 2
            submission.mayPark = mayPark
            expect(simulation.submit(submission) == (mayPark || job <= 2))
        }
        #expect(simulation.core.activeJobs == 2)
        #expect(simulation.core.parked == (mayPark ? 4 : 0))
        simulation.run()
        #expect(simulation.ended.count == (mayPark ? 6 : 2))
    }

    @Test func aJobIsEndedInEveryState() {
        var simulation = Simulation(workers: 1, policy: Self.crowded())
        simulation.submit(.job(1, K: 4, D: 8))
        simulation.submit(.job(2))
        simulation.submit(.job(3))
        expect(!simulation.core.end(99, .cancelled), "unknown")
        // Queued: over at once, without a step.
        expect(simulation.core.end(2, .cancelled))
        expect(!simulation.core.end(2, .cancelled), "twice")
        // Not begun, but active.
        simulation.run(until: 0)
        // Running: what is in a worker's hands is awaited, then the best candidate is read out.
        simulation.run(until: 2 * Simulation.stepTime + Simulation.stepTime / 2)
        expect(simulation.core.end(1, .cancelled))
        expect(!simulation.core.end(1, .timeLimit), "the first reason counts")
        #expect(simulation.ended[1] == nil)
        simulation.run()
        expect(!simulation.core.end(1, .cancelled), "finished")
        #expect(simulation.ended[2]?.outcome?.stopReason == .cancelled && simulation.ended[2]?.outcome?.steps == 0)
        #expect(simulation.ended[1]?.outcome?.stopReason == .cancelled && simulation.ended[1]?.outcome?.steps == 3)
        #expect(simulation.ended[1]?.outcome?.selected != nil)
        #expect(simulation.ended[3]?.outcome?.stopReason == .depth)
    }

    @Test func onlyWhatWaitsIsSuperseded() {
        var simulation = Simulation(workers: 1, policy: Self.crowded())
        simulation.submit(.job(1))
        simulation.submit(.job(2))
        expect(!simulation.core.end(1, .superseded, onlyWaiting: true))
        expect(simulation.core.end(2, .superseded, onlyWaiting: true))
        simulation.run()
        #expect(simulation.ended[1]?.outcome?.stopReason == .depth)
        #expect(simulation.ended[2]?.outcome?.stopReason == .superseded)
    }

    /// What nobody wants any more is gone at once, and the next job takes its place.
    @Test func anAbandonedJobFreesItsRollouts() {
        var simulation = Simulation(workers: 2, policy: Self.crowded())
        simulation.submit(.job(1, K: 50, D: 50))
        simulation.submit(.job(2))
        simulation.run(until: 10 * Simulation.stepTime + 5)
        #expect(simulation.core.rolloutsAlive == 50)
        simulation.abandon(1)
        #expect(
            simulation.core.rolloutsAlive == 1 && simulation.core.activeJobs == 1 && simulation.core.readySteps == 1)
        simulation.run()
        #expect(Set(simulation.ended.keys) == [2])
        #expect(simulation.core.isIdle)
    }

    @Test func deadlinesAndTimeLimitsEndJobsInTime() {
        var simulation = Simulation(workers: 1, policy: Self.crowded())
        simulation.submit(.job(1, K: 10, D: 1000, { $0.limits.timeMs = 20 }))
        simulation.submit(.job(2, { $0.limits.deadlineMs = 5 }))
        simulation.submit(.job(3, K: 10, D: 1000, { $0.limits.deadlineMs = 40 }))
        simulation.run()
        for (job, limit) in [(1, 20), (2, 5), (3, 40)] as [(UInt64, UInt64)] {
            #expect(simulation.ended[job]?.outcome?.stopReason == .timeLimit)
            let late = (simulation.endTimes[job] ?? .max) - limit * 1_000_000
            #expect(late <= Simulation.stepTime + 10 * Simulation.decodeTime, "job \(job) is \(late) ns late")
        }
        #expect(simulation.ended[2]?.outcome?.steps == 0 && simulation.ended[2]?.started == nil)
    }

    @Test func endingAllEndsWhatRunsAndWhatWaits() {
        var simulation = Simulation(workers: 2, policy: Self.crowded())
        for job in 1...3 as ClosedRange<UInt64> { simulation.submit(.job(job, K: 10, D: 100)) }
        simulation.run(until: 5 * Simulation.stepTime)
        simulation.endAll(.shutdown)
        simulation.run()
        #expect(simulation.ended.count == 3)
        #expect(simulation.ended.values.allSatisfy { $0.outcome?.stopReason == .shutdown })
    }

    @Test func whatWaitsIsGivenBack() {
        var simulation = Simulation(workers: 1, policy: Self.crowded())
        for job in 1...4 as ClosedRange<UInt64> { simulation.submit(.job(job)) }
        expect(simulation.core.dropWaiting() == [2, 3, 4])
        #expect(simulation.core.waiting == 0 && simulation.core.activeJobs == 1)
        simulation.run()
        #expect(Set(simulation.ended.keys) == [1])
    }

    /// A search's ramp is its own, however many workers there are.
    @Test(arguments: [1, 2, 7])
    func aRampStartsInTheSameRounds(workers: Int) {
        var simulation = Simulation(workers: workers)
        simulation.submit(
            .job(1, K: 8, D: 20, { $0.ramp = .init(start: 1, factor: 2, every: 3) }), .init(solver: 5, solvedAfter: 4))
        simulation.run()
        // Groups of 1, 2 and 4 start in rounds 1, 4 and 7; rollouts 4 to 7 start in round 10, and 5 ends it in round 13.
        #expect(simulation.ended[1]?.outcome?.rollouts == 8)
        #expect(simulation.ended[1]?.outcome?.steps == 13 + 10 + 2 * 7 + 4 * 4)
    }

    @Test(arguments: [(1, 1, 0), (2, 1, 1), (4, 1, 3), (4, 2, 1), (4, 4, 0), (8, 3, 2)])
    func idleWorkersShareAStep(workers: Int, rollouts: Int, helpers: Int) {
        var simulation = Simulation(workers: workers)
        simulation.submit(.job(1, K: rollouts, D: 4))
        simulation.run()
        #expect(simulation.mostHelpers == helpers)
        #expect(simulation.ended[1]?.outcome?.steps == 4 * rollouts)
    }

    /// Steps of a tiny model come in batches, those of a big one singly; a step too short to share is not shared.
    @Test func batchesLastAboutAsLongAsTheyShould() {
        var simulation = Simulation(workers: 1)
        simulation.submit(.job(1, K: 100, D: 4))
        simulation.run()
        #expect(simulation.largestBatch == 1)
        var quick = SchedulerCore()
        for _ in 0..<100 { quick.noteBatch(of: 0, steps: 10, took: 10 * 20_000) }
        _ = quick.submit(.job(1, K: 100, D: 4), now: 0)
        guard case .steps(let steps, let helpers) = quick.nextWork(now: 0) else {
            Issue.record("no work")
            return
        }
        #expect(steps.count == 12 && helpers == 0)
    }

    /// All workers come to the end of a round together, as far as its steps can be divided, groups or not.
    @Test(arguments: [(2, 16, 8), (2, 15, 8), (3, 16, 6), (4, 16, 4), (2, 100, 50), (5, 101, 21)], [1, 3])
    func aRoundIsSharedOutEvenly(_ round: (workers: Int, rollouts: Int, longest: UInt64), groupSize: Int) {
        var simulation = Simulation(workers: round.workers, shares: false)
        var submission = SchedulerCore.Submission.job(1, K: round.rollouts, D: 10)
        submission.groupSize = groupSize
        simulation.submit(submission)
        simulation.run()
        #expect(simulation.largestBatch == groupSize)
        #expect(simulation.ended[1]?.outcome?.steps == 10 * round.rollouts)
        // Candidates are decoded at the end, in less than a step.
        #expect((simulation.endTimes[1] ?? 0) / (10 * Simulation.stepTime) == round.longest)
    }
}
