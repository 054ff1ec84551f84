import Checkpoints
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
@Suite struct FollowingSearchTests {
    /// Searches of one step end by themselves all the time: a job that is ended at such a moment goes on no more.
    @Test(arguments: [EndReason.cancelled, .shutdown], 1...3)
    func aJobThatIsEndedHasNoFurtherSearch(reason: EndReason, threads: Int) async throws {
        let scheduler = Scheduler(threads: threads)
        defer { scheduler.stop() }
        let searches = Searches()
        let job = try Self.job { _ in searches.following() }
        searches.first = job
        let id = scheduler.makeJobID()
        let ending = Task { await Self.submit(job, as: id, to: scheduler) }
        let (wasThere, count) = try #require(
            await Self.onItsOwnThread {
                for _ in 0..<1_000_000 where searches.count < 5 { usleep(100) }
                let wasThere = reason == .shutdown || scheduler.end(id, reason)
                if reason == .shutdown { scheduler.endAll(reason) }
                return (wasThere, searches.count)
            })
        #expect(wasThere && count >= 5)
        let result = try #require(await ending.value)
        #expect(result.outcome.stopReason == reason.stopReason)
        // One search may have ended, and asked what follows, just before the job was.
        #expect(searches.count <= count + 1)
        #expect(!scheduler.end(id, reason))
    }

    @Test func everySearchOfAJobRuns() async throws {
        let scheduler = Scheduler(threads: 2)
        defer { scheduler.stop() }
        let searches = Searches(most: 7)
        let job = try Self.job { _ in searches.following() }
        searches.first = job
        let result = try #require(await Self.submit(job, as: scheduler.makeJobID(), to: scheduler))
        #expect(result.outcome.stopReason == .depth)
        #expect(searches.count == 7)
        #expect(scheduler.load.steps == 8)
    }

    /// What `body` returns from a thread that no other test can keep waiting, as they can the cooperative pool's.
    private static func onItsOwnThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result? {
        await withCheckedContinuation { continuation in
            let thread = DedicatedThread(name: "ending") { continuation.resume(returning: body()) }
            if thread == nil { continuation.resume(returning: nil) }
        }
    }

    private static func submit(_ job: SolveJob, as id: Scheduler.JobID, to scheduler: Scheduler) async -> JobResult? {
        await withCheckedContinuation { continuation in
            var job = job
            job.onEnd = { end in
                if case .finished(let result) = end {
                    continuation.resume(returning: result)
                } else {
                    continuation.resume(returning: nil)
                }
            }
            guard scheduler.submit(job, as: id) == .accepted else { return continuation.resume(returning: nil) }
        }
    }

    /// One step of one rollout of a model with random weights.
    private static func job(next: @escaping @Sendable (JobResult) -> SolveJob?) throws -> SolveJob {
        let config = try BenchmarkShape.small.config
        let model = try TRMModel(try Checkpoint.random(config, seed: 1))
        let frame = Frame(seqLen: config.seqLen, vocabSize: config.vocabSize)
        let puzzle = try #require(Tasks.named("sudoku")).read(text: String(repeating: ".", count: 81))
        var settings = SearchSettings()
        (settings.K, settings.D, settings.qThreshold) = (1, 1, nil)
        var job = SolveJob(
            client: 1, settings: settings, model: model, puzzle: puzzle, frame: frame,
            embedding: try model.embed(tokens: try puzzle.tokens(in: frame)), hasChecker: true, onEnd: { _ in })
        job.next = next
        return job
    }
}

/// Counts the searches that were asked for.
private final class Searches: Sendable {
    private let state: Mutex<(first: SolveJob?, count: Int)>
    private let most: Int

    /// The second and any further search is the first again, `most` times: minutes of them, when nothing ends the job.
    init(most: Int = 200_000) {
        self.most = most
        state = Mutex((nil, 0))
    }

    var count: Int { state.withLock { $0.count } }
    var first: SolveJob? {
        get { state.withLock { $0.first } }
        set { state.withLock { $0.first = newValue } }
    }

    func following() -> SolveJob? {
        state.withLock { state in
            guard state.count < most else { return nil }
            state.count += 1
            return state.first
        }
    }
}
