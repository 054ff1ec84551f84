import JSON
package import LineProtocol
import Profiles
import Puzzles
import Rollouts
package import Scheduling

extension SolverService {
    /// A search's result in the words of the protocol.
    package func answer(_ prepared: PreparedSolve, _ result: JobResult, id: RequestID?, line: Int) -> AnswerReply {
        let result = prepared.arc?.total(last: result) ?? result
        let outcome = result.outcome
        var reply = AnswerReply(
            id: id, line: line, status: outcome.solved ? .solved : .unsolved, stopReason: .init(outcome.stopReason),
            profile: prepared.profile.name, model: prepared.model.label, seed: prepared.settings.seed,
            rollouts: outcome.rollouts, steps: outcome.steps)
        if let arc = prepared.arc {
            if let vote = arc.vote(frame: prepared.model.frame) { reply.vote(vote, of: prepared) }
            if outcome.candidates != nil {
                reply.candidates = arc.candidates(K: prepared.settings.K, frame: prepared.model.frame)
            }
        } else if let selected = outcome.selected {
            let answer = prepared.puzzle.answer(from: selected.candidate.tokens, in: prepared.model.frame)
            reply.answer = answer.notation
            reply.q = Double(selected.q)
            reply.verified = outcome.verified
            reply.confidence = outcome.verified == false ? 0 : prepared.profile.confidence(q: selected.q)
            if outcome.verified == false, case .broken(let rule, let cells) = prepared.puzzle.check(answer) {
                reply.verdict = .init(rule: rule, cells: cells.map { [$0.row, $0.column] })
            }
        }
        reply.falseAlarms = outcome.falseAlarms
        reply.dropped = outcome.dropped
        reply.candidates = reply.candidates ?? outcome.candidates?.map { candidate($0, of: prepared) }
        reply.trace = outcome.trace?.enumerated().map { rollout, q in
            AnswerReply.Trace(rollout: rollout, q: q.map(Double.init))
        }
        if prepared.request.include.contains(.timings) {
            reply.timings = .init(
                queueMs: Double(result.queueTime) / 1e6, computeMs: Double(result.computeTime) / 1e6)
        }
        return reply
    }

    private func candidate(_ result: RolloutResult, of prepared: PreparedSolve) -> AnswerReply.Candidate {
        AnswerReply.Candidate(
            rollout: result.rollout, q: result.q.map(Double.init), steps: result.steps,
            answer: result.candidate.map { prepared.puzzle.answer(from: $0.tokens, in: prepared.model.frame).notation },
            verified: result.candidate.flatMap {
                switch $0.verdict {
                case .valid: true
                case .invalid: false
                case .unchecked: nil
                }
            })
    }

    /// The models in memory.
    var modelInfos: [ModelInfo] {
        models.models.map {
            ModelInfo(
                name: $0.name, task: $0.task, parameters: $0.parameters, source: $0.isBundled ? "bundled" : $0.name,
                sha256: $0.sha256)
        }
    }

    var profileInfos: [ProfileInfo] {
        profiles.profiles.map {
            ProfileInfo(
                name: $0.name, task: $0.task, model: $0.model, description: $0.description, settings: $0.values)
        }
    }

    package var stats: StatsInfo {
        var stats = counters.snapshot(order: profiles.profiles.map(\.name), load: scheduler.load)
        stats.draining = isDraining
        stats.connections = connectionCount
        stats.threads = scheduler.threadCount
        return stats
    }
}

extension AnswerReply.StopReason {
    init(_ reason: StopReason) {
        self =
            switch reason {
            case .qThreshold: .qThreshold
            case .verified: .verified
            case .quorum: .quorum
            case .depth: .depth
            case .stepLimit: .stepLimit
            case .timeLimit: .timeLimit
            case .cancelled: .cancelled
            case .superseded: .superseded
            case .shutdown: .shutdown
            }
    }
}

extension AnswerReply {
    /// The result of an ARC request's vote.
    fileprivate mutating func vote(_ vote: (answers: [JSON], q: Float, isComplete: Bool), of prepared: PreparedSolve) {
        answer = vote.answers.first
        answers = vote.answers
        q = Double(vote.q)
        confidence = prepared.profile.confidence(q: vote.q)
        status = vote.isComplete && vote.q >= prepared.settings.qThreshold ?? 0 ? .solved : .unsolved
    }
}
