package import LineProtocol
import Problems
import Puzzles
import Rollouts
import Scheduling
package import Solving
import Threading

extension SolverService {
    /// Looks up what a request names and plans its searches.
    func prepare(_ request: SolveRequest) throws(WireError) -> PreparedRequest {
        do {
            return try catalogue.prepare(PuzzleRequest(request))
        } catch {
            throw WireError(error)
        }
    }

    /// Runs one prepared request and waits for it: what a command does that has a single puzzle at a time.
    /// - Parameters:
    ///   - progress: called on a compute thread, as often as the request asks for.
    package func solve(
        _ prepared: PreparedRequest, of request: SolveRequest,
        progress: @escaping @Sendable (ProgressReply) -> Void
    ) throws(WireError) -> AnswerReply {
        let ending = Monitor<JobEnd?>(nil)
        var job = SolveJob(client: 0, request, prepared) { end in
            ending.withLock { state in state = end }
            ending.wakeAll()
        }
        job.onProgress = { progress(ProgressReply($0)) }
        job.mayPark = true
        guard scheduler.submit(job, as: scheduler.makeJobID()) != .closed else { throw .shuttingDown }
        let end = ending.wait { state in state.map { .done($0) } ?? .sleep() }
        switch end {
        case .finished(let plan): return AnswerReply(prepared, plan, include: request.include)
        case .refused: throw .shuttingDown
        case .outOfMemory: throw .outOfMemory
        }
    }
}

extension PuzzleRequest {
    /// What a solve line asks for, without how it wants its replies.
    package init(_ request: SolveRequest) {
        self.init(puzzle: request.puzzle)
        task = request.task
        profile = request.profile
        overrides = request.overrides
        seed = request.seed
        limits = request.limits
        if request.include.contains(.candidates) { records.insert(.candidates) }
        if request.include.contains(.trace) { records.insert(.trace) }
        if request.include.contains(.violations) { records.insert(.violations) }
        wantsUniqueness = request.include.contains(.unique)
    }
}

extension WireError {
    /// A refusal in the words of the protocol.
    package init(_ refusal: Refusal) {
        switch refusal.kind {
        case .request: self = .params(refusal.field, refusal.message, nearest: refusal.nearest)
        case .model, .defect: self.init(.internal, refusal.message)
        }
        details.known = refusal.known
        details.cells = refusal.cells.map { [$0.row, $0.column] }
    }
}

extension SolveJob {
    /// The job of a prepared request; progress is reported when the request asks for it and `onProgress` is set.
    init(
        client: SchedulerCore.ClientID, _ request: SolveRequest, _ prepared: PreparedRequest,
        onEnd: @escaping @Sendable (JobEnd) -> Void
    ) {
        self.init(
            client: client, priority: request.priority, plan: prepared.plan,
            progressInterval: request.progressEveryMs.map { UInt64($0) * 1_000_000 }, onEnd: onEnd)
    }
}

extension ProgressReply {
    init(_ progress: JobProgress) {
        let best = progress.best.map { best in
            Best(
                q: Double(best.q), answer: best.candidate.flatMap { progress.problem?.answer(from: $0.tokens).notation }
            )
        }
        self.init(
            steps: progress.steps, rollouts: progress.rollouts, conflicts: progress.conflicts, best: best)
    }
}
