import Deduction
import Exact
import JSON
package import LineProtocol
package import Problems
import Profiles
import Puzzles
import Rollouts
package import Solving

extension AnswerReply {
    /// A finished plan in the words of the protocol.
    package init(_ prepared: PreparedRequest, _ plan: Plan, include: Set<SolveRequest.Include>) {
        self.init(
            status: .unsolved, stopReason: plan.stopReason, profile: prepared.profile.name,
            model: prepared.model?.label, seed: prepared.settings.seed, rollouts: plan.rollouts, steps: plan.steps)
        engine = plan.engine
        if engine == .ldt || prepared.model == nil { model = prepared.deducer?.label ?? model }
        branches = plan.branches
        if let arc = prepared.puzzle as? ArcPuzzle {
            if let voting = ArcVoting(plan, of: arc) { take(voting, of: prepared) }
        } else {
            for (search, result) in zip(plan.searches, plan.results) {
                switch result.outcome {
                case .rollouts(let outcome):
                    if let problem = search.rollouts?.problem { take(outcome, of: problem, prepared.profile) }
                case .exact(let result): take(result)
                case .deduction(let outcome):
                    if let problem = search.deduction?.problem { take(outcome, of: problem, prepared.profile) }
                }
            }
        }
        violations = include.contains(.violations) ? violations ?? .unchecked : nil
        if include.contains(.unique) { unique = unique ?? .unknown }
        conflicts = plan.conflicts
        falseAlarms = plan.falseAlarms
        dropped = plan.dropped
        if include.contains(.candidates) { candidates = Self.candidates(plan, K: prepared.settings.K) }
        trace = plan.trace?.enumerated().map { rollout, q in Trace(rollout: rollout, q: q.map(Double.init)) }
        if include.contains(.timings) {
            timings = .init(queueMs: Double(plan.queueTime) / 1e6, computeMs: Double(plan.computeTime) / 1e6)
        }
    }

    /// A search's own answer.
    private mutating func take(_ outcome: SearchOutcome, of problem: Problem, _ profile: Profile) {
        // An engine before has settled it.
        guard verified != true else { return }
        status = outcome.solved ? .solved : .unsolved
        guard let selected = outcome.selected else { return }
        answer = problem.answer(from: selected.candidate.tokens).notation
        q = Double(selected.q)
        verified = outcome.verified
        score = selected.candidate.score
        confidence = outcome.verified == false ? 0 : profile.confidence(q: selected.q)
        let broken = selected.candidate.verdict.violations.map(Verdict.init)
        verdict = broken.first
        violations = verified == nil ? .unchecked : .found(broken)
    }

    /// What deduction adds: an answer, or nothing at all where it abstains.
    private mutating func take(_ outcome: DeductionOutcome, of problem: Problem, _ profile: Profile) {
        guard let selected = outcome.selected, verified != true else { return }
        status = outcome.isSolved ? .solved : .unsolved
        answer = problem.answer(from: selected.tokens).notation
        q = Double(selected.q)
        verified = selected.verdict.isRight
        score = nil
        confidence = verified == false ? 0 : profile.deductionConfidence(q: selected.q)
        let broken = selected.verdict.violations.map(Verdict.init)
        verdict = broken.first
        violations = verified == nil ? .unchecked : .found(broken)
    }

    /// What exact search adds: an answer where there was none that keeps the rules, a proof that there is none, and whether
    /// the solution is the only one.
    private mutating func take(_ result: ExactResult) {
        switch result.outcome {
        case .solved(let found, let isUnique, let other):
            let before = verified == true ? answer : nil
            if before == nil {
                (status, answer, verified) = (.solved, found.notation, true)
                (q, confidence, verdict, score) = (nil, nil, nil, nil)
                violations = .found([])
            }
            guard let isUnique else { return }
            // Of two solutions the one that is not the answer.
            unique = isUnique ? .yes : other.map { .no(other: before == $0.notation ? found.notation : $0.notation) }
        case .noSolution:
            (status, answer, verified) = (.unsolved, nil, nil)
            (q, confidence, verdict, score) = (nil, nil, nil, nil)
            violations = nil
        case .limit, nil: break
        }
    }

    /// The result of an ARC request's vote.
    private mutating func take(_ voting: ArcVoting, of prepared: PreparedRequest) {
        answer = voting.answers.first
        answers = voting.answers
        q = Double(voting.q)
        confidence = prepared.profile.confidence(q: voting.q)
        status = voting.isComplete && voting.q >= prepared.settings.qThreshold ?? 0 ? .solved : .unsolved
    }

    /// Every rollout's candidate; the rollouts of one search are numbered behind those of the search before it.
    private static func candidates(_ plan: Plan, K: Int) -> [Candidate] {
        zip(plan.searches, plan.results).enumerated().flatMap { number, search in
            (search.1.rollouts?.candidates ?? []).map { result in
                var candidate = Candidate(
                    rollout: number * K + result.rollout, q: result.q.map(Double.init), steps: result.steps,
                    answer: result.candidate.flatMap { search.0.rollouts?.problem.answer(from: $0.tokens).notation },
                    verified: result.candidate?.verdict.isRight, score: result.candidate?.score)
                if let search = search.0.rollouts, search.settings.proposals != nil, let board = search.problem.board {
                    candidate.start = result.start.name
                    if case .proposal = result.start {
                        candidate.revealed = result.start.revealed.map { [$0 / board.side, $0 % board.side] }
                    }
                }
                return candidate
            }
        }
    }
}

extension AnswerReply.Verdict {
    fileprivate init(_ broken: BrokenRule) {
        self.init(rule: broken.rule, cells: broken.cells.map { [$0.row, $0.column] })
    }
}
