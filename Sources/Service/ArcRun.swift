import JSON
import LineProtocol
import Profiles
import Puzzles
import Rollouts
import Scheduling
import Threading

/// An ARC request on its way: a search for each test input under each augmentation, one after the other as one job, so
/// that memory is that of a single search. In each search Q chooses the rollout; its answer, mapped back, is a vote.
///
/// Budgets are those of the whole request. Augmentations come in the table's order with the unaltered task first, and
/// every test input is searched under one before the next begins: a budget that ends the run leaves an answer to each.
package final class ArcRun: Sendable {
    private struct State {
        var results: [JobResult] = []
        /// A budget was used up between two searches.
        var limit: StopReason?
    }

    private let puzzle: ArcPuzzle
    private let parts: [ArcPart]
    private let state = Monitor(State())

    /// - Parameter parts: at least one.
    init(_ puzzle: ArcPuzzle, parts: [ArcPart]) {
        self.puzzle = puzzle
        self.parts = parts
    }

    /// The search that runs now, or the last one.
    var current: ArcPart { parts[min(results.count, parts.count - 1)] }

    /// What the searches before the current one did.
    var before: (steps: Int, rollouts: Int) {
        let outcomes = results.map(\.outcome)
        return (outcomes.reduce(0) { $0 + $1.steps }, outcomes.reduce(0) { $0 + $1.rollouts })
    }

    private var results: [JobResult] { state.withLock { $0.results } }

    /// Takes a search's result; the job of the next search, nil when none follows.
    func next(after result: JobResult, of prepared: PreparedSolve, client: SchedulerCore.ClientID) -> SolveJob? {
        let (count, limit) = state.withLock { state -> (Int, StopReason?) in
            state.results.append(result)
            let count = state.results.count
            if count < parts.count, !result.outcome.stopReason.endsRequest {
                state.limit = Self.usedUp(prepared.settings.limits, state.results)
            }
            return (count, state.limit)
        }
        guard count < parts.count, limit == nil, !result.outcome.stopReason.endsRequest else { return nil }
        var following = prepared
        // Every part fits the frame and the table when the first does: turned grids stay inside a square.
        guard let embedding = try? prepared.model.model.embed(parts[count], in: prepared.model.frame) else {
            return nil
        }
        following.embedding = embedding
        let used = before.steps
        if let most = prepared.settings.limits.maxSteps { following.settings.limits.maxSteps = most - used }
        if let most = prepared.settings.limits.timeMs {
            following.settings.limits.timeMs = most - Self.milliseconds(state.withLock { $0.results })
        }
        return SolveJob(client: client, prepared: following) { _ in }
    }

    private static func usedUp(_ limits: SearchSettings.Limits, _ results: [JobResult]) -> StopReason? {
        if let most = limits.maxSteps, results.reduce(0, { $0 + $1.outcome.steps }) >= most { return .stepLimit }
        if let most = limits.timeMs, milliseconds(results) >= most { return .timeLimit }
        return nil
    }

    private static func milliseconds(_ results: [JobResult]) -> Int {
        Int(clamping: results.reduce(0) { $0 + $1.computeTime } / 1_000_000)
    }
}

extension StopReason {
    /// Whether it ends a request that has further searches.
    fileprivate var endsRequest: Bool {
        switch self {
        case .stepLimit, .timeLimit, .cancelled, .superseded, .shutdown: true
        case .qThreshold, .verified, .quorum, .depth: false
        }
    }
}

extension ArcRun {
    /// What all searches together did, without an answer. `last` stands in when none was recorded.
    func total(last: JobResult) -> JobResult {
        let (recorded, limit) = state.withLock { ($0.results, $0.limit) }
        let results = recorded.isEmpty ? [last] : recorded
        var total = results[0]
        for result in results.dropFirst() {
            let outcome = result.outcome
            total.computeTime += result.computeTime
            total.outcome.steps += outcome.steps
            total.outcome.rollouts += outcome.rollouts
            total.outcome.dropped += outcome.dropped
            total.outcome.trace = total.outcome.trace.map { $0 + (outcome.trace ?? []) }
            // Early ends come last, and everything but one reason for all is a run's natural end.
            if outcome.stopReason.endsRequest || outcome.stopReason != total.outcome.stopReason {
                total.outcome.stopReason = outcome.stopReason.endsRequest ? outcome.stopReason : .depth
            }
        }
        total.outcome.stopReason = limit ?? total.outcome.stopReason
        return total
    }

    /// Every rollout's candidate; the rollouts of one search are numbered behind those of the search before it.
    func candidates(K: Int, frame: Frame) -> [AnswerReply.Candidate] {
        zip(parts, results).enumerated().flatMap { number, search in
            (search.1.outcome.candidates ?? []).map { result in
                AnswerReply.Candidate(
                    rollout: number * K + result.rollout, q: result.q.map(Double.init) ?? .nan, steps: result.steps,
                    answer: result.candidate.map { search.0.answer(from: $0.tokens, in: frame).notation },
                    verified: nil)
            }
        }
    }

    /// The vote's two best answers and the Q logit of the first: the lowest over the test inputs of the highest that
    /// voted for it. Nil when no search has an answer.
    func vote(frame: Frame) -> (answers: [JSON], q: Float, isComplete: Bool)? {
        var votes = [ArcVote](repeating: ArcVote(), count: puzzle.tests.count)
        for (part, result) in zip(parts, results) {
            guard let selected = result.outcome.selected else { continue }
            votes[part.test].add(part.grid(from: selected.candidate.tokens, in: frame), q: selected.q)
        }
        let rankings = votes.map { $0.ranking() }
        guard let q = rankings.compactMap({ $0.first?.q }).min() else { return nil }
        return (ArcPuzzle.answers(rankings.map { $0.map(\.grid) }), q, rankings.allSatisfy { !$0.isEmpty })
    }
}
