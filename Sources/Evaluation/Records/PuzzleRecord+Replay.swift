import Puzzles
package import Rollouts

extension PuzzleRecord {
    /// What a search with these settings would have done: its rounds run over the record instead of a model.
    ///
    /// The answer's tokens in the outcome are its index alone. The settings must share the record's condition; K and D are
    /// cut to what was recorded, and limits of time have no meaning here.
    package func replay(_ settings: SearchSettings, hasChecker: Bool) -> SearchOutcome {
        var settings = settings
        settings.K = min(settings.K, rollouts.count)
        settings.D = min(settings.D, depth)
        // What rollouts of these start from, and go on from, is not in the record.
        settings.proposals = nil
        settings.resampling = nil
        settings.limits.timeMs = nil
        settings.limits.deadlineMs = nil
        var search = Search(settings: settings, hasChecker: hasChecker)
        var done = [Int](repeating: 0, count: rollouts.count)
        while true {
            switch search.next() {
            case .step(let orders):
                for order in orders {
                    let rollout = rollouts[order.rollout]
                    if order.step < rollout.q.count {
                        search.record(StepReport(q: rollout.q[order.step]), of: order.rollout)
                        done[order.rollout] = order.step + 1
                    } else {
                        // Where a record ends early, a value was not finite.
                        search.record(StepReport(q: .nan, isFinite: false), of: order.rollout)
                    }
                }
            case .decode(let numbers):
                for k in numbers { search.record(candidate(of: k, after: done[k]), of: k) }
            case .finished(let outcome):
                return outcome
            }
        }
    }

    private func candidate(of k: Int, after steps: Int) -> Candidate {
        guard steps > 0 else { return Candidate(tokens: [], verdict: .unchecked, meanTop1: 0) }
        let rollout = rollouts[k]
        let index = rollout.answers[steps - 1]
        let verdict: Verdict =
            switch answers[index].isValid {
            case true: .valid
            case false: .broken(rule: "unrecorded", cells: [])
            default: .unchecked
            }
        return Candidate(
            tokens: [Int32(index)], verdict: verdict, score: answers[index].score, meanTop1: rollout.top1[steps - 1])
    }

    /// The answer that a replayed search selected.
    package func answer(of outcome: SearchOutcome) -> Answer? {
        outcome.selected?.candidate.tokens.first.map { answers[Int($0)] }
    }
}
