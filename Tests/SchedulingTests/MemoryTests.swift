import Problems
import Puzzles
import Rollouts
import Scheduling
import Testing

/// Active searches that wait for memory.
@Suite struct MemoryTests {
    private static let mebibyte = 1 << 20

    private static func core(_ mebibytes: Int) -> SchedulerCore {
        var core = SchedulerCore()
        core.setMemory(MemoryBudget(total: mebibytes << 20))
        return core
    }

    private static func submission(
        _ job: UInt64, client: UInt64, mebibytes: Int, model: SchedulerCore.ModelKey = 0
    ) -> SchedulerCore.Submission {
        var settings = SearchSettings()
        (settings.K, settings.D, settings.qThreshold) = (1, 2, nil)
        var submission = SchedulerCore.Submission(
            job: job, client: client, model: model, settings: settings, hasChecker: false)
        submission.memory = mebibytes << 20
        return submission
    }

    /// Does everything that there is to do; the jobs in the order in which they ended.
    private static func run(_ core: inout SchedulerCore) -> [UInt64] {
        var ended: [UInt64] = []
        while let work = core.nextWork(now: 1) {
            switch work {
            case .steps(let steps, _):
                for step in steps { core.record(StepReport(q: 0), of: step.order.rollout, job: step.job) }
            case .decode(let job, let rollouts):
                for rollout in rollouts {
                    core.record(Candidate(tokens: [], verdict: .unchecked, meanTop1: 0), of: rollout, job: job)
                }
            case .slice(let job): core.recordSlice(of: job, isLast: true)
            }
            ended += core.takeEnded().map(\.job)
        }
        return ended
    }

    /// 64 MiB: 36 for the large ones, 12 for the small.
    @Test func oneAfterTheOtherAndAllInTheEnd() {
        var core = Self.core(64)
        for job in 1...8 { _ = core.submit(Self.submission(UInt64(job), client: UInt64(job), mebibytes: 30), now: 0) }
        #expect(core.activeJobs == 8 && core.rolloutsAlive == 1 && core.memory.used == 30 << 20)
        #expect(Self.run(&core) == Array(1...8))
        #expect(core.isIdle && core.memory.used == 0)
    }

    /// 8 MiB for the puzzles of all jobs: more are refused, from clients with nothing active too, until one has ended.
    @Test func puzzlesThatWaitHaveAPart() {
        var core = Self.core(64)
        func submit(_ job: UInt64, mebibytes: Int, mayPark: Bool = false) -> Bool {
            var submission = Self.submission(job, client: job, mebibytes: 0)
            submission.puzzleMemory = mebibytes << 20
            submission.mayPark = mayPark
            return core.submit(submission, now: 0)
        }
        let isFirst = submit(1, mebibytes: 100)
        let isSecond = submit(2, mebibytes: 1)
        let isParked = submit(3, mebibytes: 1, mayPark: true)
        #expect(isFirst && !isSecond && isParked, "one always fits, and who may wait waits")
        #expect(Self.run(&core).sorted() == [1, 3])
        let fits = (4...12).map { submit($0, mebibytes: 1) }
        #expect(fits == [Bool](repeating: true, count: 8) + [false])
        #expect(Self.run(&core) == Array(4...11) && core.isIdle)
    }

    @Test func theSmallOnesDoNotWaitForTheLarge() {
        var core = Self.core(64)
        for job in 1...3 { _ = core.submit(Self.submission(UInt64(job), client: 1, mebibytes: 36), now: 0) }
        _ = core.submit(Self.submission(4, client: 2, mebibytes: 1), now: 0)
        #expect(core.rolloutsAlive == 2)
        #expect(Set(Self.run(&core)) == [1, 2, 3, 4])
    }

    /// A stream of lesser ones does not keep a large one waiting for ever.
    @Test func whoWaitsIsNotOvertakenWithinItsPart() {
        var core = Self.core(64)
        _ = core.submit(Self.submission(1, client: 1, mebibytes: 20), now: 0)
        _ = core.submit(Self.submission(2, client: 2, mebibytes: 30), now: 0)
        _ = core.submit(Self.submission(3, client: 3, mebibytes: 10), now: 0)
        #expect(core.rolloutsAlive == 1)
        #expect(Self.run(&core) == [1, 2, 3])
    }

    @Test(arguments: [EndReason.cancelled, .shutdown])
    func oneThatWaitsCanBeEnded(reason: EndReason) {
        var core = Self.core(64)
        _ = core.submit(Self.submission(1, client: 1, mebibytes: 36), now: 0)
        _ = core.submit(Self.submission(2, client: 2, mebibytes: 36), now: 0)
        core.end(2, reason)
        let ended = core.takeEnded()
        #expect(ended.map(\.job) == [2] && ended.first?.outcome?.steps == 0)
        core.abandon(1)
        #expect(core.isIdle && core.memory.used == 0)
    }

    /// What exact searches hold grows. One of them may always go on, so that all come to their end.
    @Test func searchesThatGrowAllEnd() {
        var core = Self.core(64)
        for job in 1...6 {
            let submission = Self.submission(
                UInt64(job), client: UInt64(job), mebibytes: 4, model: SchedulerCore.slices)
            _ = core.submit(submission, now: 0)
        }
        var slices: [UInt64: Int] = [:]
        var ended: [UInt64] = []
        for _ in 0..<1000 {
            guard case .slice(let job) = core.nextWork(now: 1) else { break }
            slices[job, default: 0] += 1
            let count = slices[job] ?? 0
            // Each comes to hold 16 MiB; 6 of them have not got the room together.
            core.recordSlice(of: job, isLast: count == 16, memory: count << 20)
            #expect(core.memory.used <= 48 << 20)
            ended += core.takeEnded().map(\.job)
        }
        #expect(Set(ended) == Set(1...6) && core.isIdle && core.memory.used == 0)
        #expect(slices.values.allSatisfy { $0 == 16 })
    }

    /// A search that follows another in its place gives up what that one had.
    @Test func aFollowingSearchTakesItsOwn() {
        var core = Self.core(64)
        _ = core.submit(Self.submission(1, client: 1, mebibytes: 30), now: 0)
        _ = core.submit(Self.submission(2, client: 2, mebibytes: 30), now: 0)
        core.end(1, .cancelled)
        _ = core.takeEnded()
        // The other has the memory now; the search that follows waits for it.
        core.resume(Self.submission(1, client: 1, mebibytes: 20), arrived: 0)
        #expect(core.rolloutsAlive == 1 && core.memory.used == 30 << 20)
        #expect(Self.run(&core) == [2, 1])
    }

    /// A client whose replies nobody reads gets no new searches; those that run go on.
    @Test func aHeldClientsJobsWait() {
        var core = SchedulerCore()
        _ = core.submit(Self.submission(1, client: 1, mebibytes: 0), now: 0)
        core.hold(1, true)
        _ = core.submit(Self.submission(2, client: 1, mebibytes: 0), now: 0)
        _ = core.submit(Self.submission(3, client: 2, mebibytes: 0), now: 0)
        #expect(core.activeJobs == 2 && core.waiting == 1)
        #expect(Set(Self.run(&core)) == [1, 3])
        core.hold(1, false)
        #expect(Self.run(&core) == [2] && core.isIdle)
    }
}
