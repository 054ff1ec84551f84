import Checkpoints
import Problems
import Puzzles
import Rollouts
import Scheduling
import StepBenchmarking
import Synchronization
import TRM
import Testing
import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Jobs of several searches, one after the other in the same place.
@Suite struct PlanRunTests {
    /// Searches of one step end by themselves all the time: a job that is ended at such a moment goes on no more.
    @Test(arguments: [EndReason.cancelled, .shutdown], 1...3)
    func aJobThatIsEndedHasNoFurtherSearch(reason: EndReason, threads: Int) async throws {
        let scheduler = Scheduler(threads: threads)
        defer { scheduler.stop() }
        // A minute of them, when nothing ends the job.
        let plan = try Self.plan(searches: 20_000, steps: 1)
        let id = scheduler.makeJobID()
        let ending = Task { await Self.run(plan, as: id, on: scheduler) }
        let (wasThere, steps) = try #require(
            await Self.onItsOwnThread {
                for _ in 0..<1_000_000 where scheduler.load.steps < 5 { usleep(100) }
                let wasThere = reason == .shutdown || scheduler.end(id, reason)
                if reason == .shutdown { scheduler.endAll(reason) }
                return (wasThere, scheduler.load.steps)
            })
        #expect(wasThere && steps >= 5)
        let ended = try #require(await ending.value)
        #expect(ended.stopReason == reason.stopReason)
        // One search may have been at its step just when the job was ended.
        #expect(ended.results.count <= steps + 1)
        #expect(!scheduler.end(id, reason))
    }

    @Test func everySearchOfAPlanRuns() async throws {
        let scheduler = Scheduler(threads: 2)
        defer { scheduler.stop() }
        let plan = try Self.plan(searches: 8, steps: 1)
        let ended = try #require(await Self.run(plan, as: scheduler.makeJobID(), on: scheduler))
        #expect(ended.stopReason == .depth)
        #expect(ended.results.count == 8)
        #expect(scheduler.load.steps == 8)
    }

    /// Every report is about one search: the steps of those before it are counted once, and the problem that reads its
    /// answer is that search's own, however reports and the ends of searches fall.
    @Test(arguments: 1...3)
    func progressNeverMixesTwoSearches(threads: Int) async throws {
        let scheduler = Scheduler(threads: threads)
        defer { scheduler.stop() }
        let plan = try Self.plan(searches: 60, steps: 3)
        let notations = plan.searches.map(\.rollouts?.problem.puzzle.notation)
        let reports = Mutex<[JobProgress]>([])
        let ended = await Self.run(plan, as: scheduler.makeJobID(), on: scheduler) { report in
            reports.withLock { $0.append(report) }
        }
        #expect(ended?.steps == 180)
        let all = reports.withLock { $0 }
        #expect(all.count >= 60)
        for report in all {
            let search = (report.steps - 1) / 3
            #expect(report.problem?.puzzle.notation == notations[search], "\(report.steps) steps")
        }
    }

    /// What `body` returns from a thread that no other test can keep waiting, as they can the cooperative pool's.
    private static func onItsOwnThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result? {
        await withCheckedContinuation { continuation in
            let thread = DedicatedThread(name: "ending") { continuation.resume(returning: body()) }
            if thread == nil { continuation.resume(returning: nil) }
        }
    }

    private static func run(
        _ plan: Plan, as id: Scheduler.JobID, on scheduler: Scheduler,
        onProgress: (@Sendable (JobProgress) -> Void)? = nil
    ) async -> Plan? {
        await withCheckedContinuation { continuation in
            let job = SolveJob(client: 1, plan: plan, progressInterval: 1, onProgress: onProgress) { end in
                if case .finished(let plan) = end {
                    continuation.resume(returning: plan)
                } else {
                    continuation.resume(returning: nil)
                }
            }
            guard scheduler.submit(job, as: id) == .accepted else { return continuation.resume(returning: nil) }
        }
    }

    /// Searches of one rollout of a model with random weights, each about a sudoku with one given, in another place.
    private static func plan(searches: Int, steps: Int) throws -> Plan {
        let config = try BenchmarkShape.small.config
        let model = try TRMModel(try Checkpoint.random(config, seed: 1))
        let shape = InputShape(seqLen: config.seqLen, vocabSize: config.vocabSize)
        let task = try #require(Tasks.named("sudoku"))
        var settings = SearchSettings()
        (settings.K, settings.D, settings.qThreshold) = (1, steps, nil)
        let problems = try (0..<81).map { place in
            let text = String((0..<81).map { $0 == place ? "1" : "." })
            return try Problem(try task.read(text: text), model: model, shape: shape, hasChecker: true)
        }
        return Plan(
            (0..<searches).map { .rollouts(RolloutSearch(problems[$0 % 81], settings: settings)) }, course: .all)
    }
}
