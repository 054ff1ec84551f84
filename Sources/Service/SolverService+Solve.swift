package import LineProtocol
import Puzzles
import Rollouts
import Scheduling
import TRM
import Threading

extension SolverService {
    /// Solves one request and waits for it: what a command does that has a single puzzle at a time.
    /// - Parameters:
    ///   - id: what the reply carries.
    ///   - progress: called on a compute thread, as often as the request asks for.
    package func solve(
        _ request: SolveRequest, id: RequestID? = nil, line: Int,
        progress: @escaping @Sendable (ProgressReply) -> Void
    ) throws(WireError) -> (PreparedSolve, AnswerReply) {
        let prepared = try prepare(request)
        let ending = Monitor<JobEnd?>(nil)
        var job = SolveJob(client: 0, prepared: prepared) { end in
            ending.withLock { state in state = end }
            ending.wakeAll()
        }
        job.onProgress = { progress(ProgressReply($0, of: prepared, id: id, line: line)) }
        job.mayBeHeld = true
        guard scheduler.submit(job, as: scheduler.makeJobID()) != .closed else { throw .shuttingDown }
        let end = ending.wait { state in state.map { .done($0) } ?? .sleep() }
        guard case .finished(let result) = end else { throw .shuttingDown }
        return (prepared, answer(prepared, result, id: id, line: line))
    }
}

extension SolveJob {
    /// The job of a prepared request; progress is reported when the request asks for it and `onProgress` is set.
    init(
        client: SchedulerCore.ClientID, prepared: PreparedSolve, onEnd: @escaping @Sendable (JobEnd) -> Void
    ) {
        self.init(
            client: client, priority: prepared.request.priority, settings: prepared.settings,
            model: prepared.model.model, puzzle: prepared.searched, frame: prepared.model.frame,
            embedding: prepared.embedding, puzzleIdentifier: prepared.searched.puzzleIdentifier,
            records: prepared.records, maxAlive: prepared.maxAlive, hasChecker: prepared.task.hasChecker,
            progressInterval: prepared.request.progressEveryMs.map { UInt64($0) * 1_000_000 }, onEnd: onEnd)
        if let arc = prepared.arc { next = { arc.next(after: $0, of: prepared, client: client) } }
    }
}

extension ProgressReply {
    init(_ progress: JobProgress, of prepared: PreparedSolve, id: RequestID?, line: Int) {
        let best = progress.best.map { best in
            let answer = best.candidate.map {
                prepared.searched.answer(from: $0.tokens, in: prepared.model.frame).notation
            }
            return Best(q: Double(best.q), answer: answer)
        }
        let before = prepared.arc?.before ?? (steps: 0, rollouts: 0)
        self.init(
            id: id, line: line, steps: before.steps + progress.steps, rollouts: before.rollouts + progress.rollouts,
            best: best)
    }
}
