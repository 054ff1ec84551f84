import Puzzles
import Randomness
import Rollouts
import Scheduling
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Random workloads: whatever happens, every job that was taken in ends exactly once, or was abandoned.
@Suite struct WorkloadTests {
    @Test(arguments: 0..<24 as Range<UInt64>)
    func everyJobEndsExactlyOnce(seed: UInt64) {
        for round in 0..<6 as Range<UInt64> { play(seed: seed * 100 + round) }
    }

    private func play(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        var policy = SchedulerCore.Policy()
        policy.maxActive = Int.random(in: 1...9, using: &generator)
        policy.maxQueued = Int.random(in: 1...20, using: &generator)
        var simulation = Simulation(
            workers: Int.random(in: 1...6, using: &generator), policy: policy,
            shares: Bool.random(using: &generator))
        let clients = UInt64.random(in: 1...6, using: &generator)
        var reasons: [UInt64: EndReason] = [:]
        var dropped: Set<UInt64> = []
        for job in 1...120 as ClosedRange<UInt64> {
            simulation.submit(submission(job, clients: clients, &generator), puzzle(&generator))
            if Bool.random(using: &generator) {
                let pause = UInt64.random(in: 0...4 * Simulation.stepTime, using: &generator)
                simulation.run(until: simulation.now + pause)
            }
            let other = UInt64.random(in: 1...job, using: &generator)
            switch Int.random(in: 0..<14, using: &generator) {
            case 0, 1:
                if simulation.core.end(other, .cancelled), reasons[other] == nil { reasons[other] = .cancelled }
            case 2: simulation.core.end(other, .superseded, onlyWaiting: true)
            case 3: simulation.abandon(other)
            case 4 where job % 40 == 0: dropped.formUnion(simulation.core.dropWaiting())
            case 5 where job % 50 == 0: simulation.endAll(.shutdown)
            default: break
            }
            let core = simulation.core
            #expect(core.inQueue <= policy.maxQueued, "seed \(seed)")
            #expect(core.readySteps >= 0 && core.parked >= 0 && core.rolloutsAlive >= 0, "seed \(seed)")
        }
        simulation.run()
        let expected = simulation.accepted.subtracting(simulation.abandoned).subtracting(dropped)
        #expect(Set(simulation.ended.keys) == expected, "seed \(seed)")
        for (job, _) in reasons where !simulation.abandoned.contains(job) {
            #expect(simulation.ended[job] != nil, "seed \(seed): \(job)")
        }
        let core = simulation.core
        #expect(core.isIdle && core.activeJobs == 0 && core.waiting == 0, "seed \(seed)")
        #expect(core.readySteps == 0 && core.rolloutsAlive == 0, "seed \(seed)")
    }

    private func submission(
        _ job: UInt64, clients: UInt64, _ generator: inout SplitMix
    ) -> SchedulerCore.Submission {
        var submission = SchedulerCore.Submission.job(
            job, client: .random(in: 1...clients, using: &generator),
            priority: .random(in: -30...30, using: &generator),
            model: .random(in: 0...2, using: &generator), K: .random(in: 1...12, using: &generator),
            D: .random(in: 1...6, using: &generator))
        if Bool.random(using: &generator) { submission.settings.ramp = .init(start: 1, factor: 2, every: 2) }
        if Int.random(in: 0..<5, using: &generator) == 0 {
            submission.settings.limits.deadlineMs = .random(in: 1...30, using: &generator)
        }
        if Int.random(in: 0..<5, using: &generator) == 0 {
            submission.settings.limits.timeMs = .random(in: 1...10, using: &generator)
        }
        if Int.random(in: 0..<5, using: &generator) == 0 { submission.settings.limits.maxSteps = 7 }
        submission.mayPark = Bool.random(using: &generator)
        if Bool.random(using: &generator) { submission.clientLimit = .random(in: 1...5, using: &generator) }
        return submission
    }

    private func puzzle(_ generator: inout SplitMix) -> Simulation.Puzzle {
        Simulation.Puzzle(
            solver: Bool.random(using: &generator) ? Int.random(in: 0..<4, using: &generator) : nil,
            solvedAfter: Int.random(in: 1...5, using: &generator))
    }

    /// An outcome does not depend on the company it was found in.
    @Test(arguments: 0..<8 as Range<UInt64>)
    func companyDoesNotShow(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let submissions = (1...20 as ClosedRange<UInt64>).map { job in
            var one = submission(job, clients: 4, &generator)
            one.settings.limits = .init()
            one.clientLimit = .max
            one.mayPark = true
            return one
        }
        let puzzles = submissions.map { _ in puzzle(&generator) }
        var together = Simulation(workers: 3)
        for (one, puzzle) in zip(submissions, puzzles) { together.submit(one, puzzle) }
        together.run()
        for (one, puzzle) in zip(submissions, puzzles) {
            var alone = Simulation(workers: 1, shares: false)
            alone.submit(one, puzzle)
            alone.run()
            #expect(alone.ended[one.job]?.outcome == together.ended[one.job]?.outcome)
        }
    }

    /// With thousands of jobs that wait, an event costs what it costs with few.
    @Test func manyJobsCostNoMoreEach() {
        /// Nanoseconds that this thread has computed for, whatever else runs.
        func threadTime() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
        }
        func timeForEach(_ jobs: UInt64) -> Double {
            var policy = SchedulerCore.Policy()
            policy.maxQueued = .max
            var core = SchedulerCore(policy: policy)
            let start = threadTime()
            for job in 1...jobs { _ = core.submit(.job(job, client: job % 200, D: 1), now: job) }
            for job in 1...jobs where job % 2 == 0 { core.end(job, .cancelled) }
            var done = 0
            while let work = core.nextWork(now: jobs) {
                switch work {
                case .steps(let steps, _):
                    for step in steps { core.record(StepReport(q: -1), of: step.order.rollout, job: step.job) }
                case .slice(let job): core.recordSlice(of: job, isLast: true)
                case .decode(let job, let rollouts):
                    for rollout in rollouts {
                        core.record(Candidate(tokens: [], verdict: .invalid, meanTop1: 0), of: rollout, job: job)
                    }
                }
                done += core.takeEnded().count
            }
            #expect(done == Int(jobs))
            return (threadTime() - start) / Double(jobs)
        }
        _ = timeForEach(1000)
        let few = timeForEach(2000)
        let many = timeForEach(40_000)
        #expect(many < 6 * few + 2_000, "\(many) ns for each of many, \(few) ns for each of few")
    }
}
