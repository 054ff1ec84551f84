import Puzzles

/// Selection and the outcome.
extension Search {
    /// The outcome of a search that waits for nothing. `reason` nil: no rollout was left to run.
    func outcome(reason: StopReason?, winner: Int?) -> SearchOutcome {
        let chosen = winner ?? select()
        let selected = chosen.flatMap(selected(_:))
        let verified = selected?.candidate.verdict.isRight
        return SearchOutcome(
            stopReason: reason ?? reasonOfNaturalEnd(chosen: chosen),
            selected: selected,
            solved: verified ?? selected.map { $0.q >= settings.qThreshold ?? 0 } ?? false,
            verified: verified,
            steps: steps,
            rollouts: rollouts.reduce(0) { $0 + ($1.steps > 0 ? 1 : 0) },
            falseAlarms: falseAlarms.count,
            dropped: dropped,
            candidates: records.contains(.candidates) ? results() : nil,
            trace: records.contains(.trace) ? tracesByRollout() : nil)
    }

    private func selected(_ k: Int) -> SearchOutcome.Selected? {
        let rollout = rollouts[k]
        guard let candidate = rollout.candidate else { return nil }
        var accepted = false
        if case .accepted = rollout.state { accepted = true }
        return .init(rollout: k, steps: rollout.steps, q: rollout.q, candidate: candidate, accepted: accepted)
    }

    /// Every rollout stopped by itself: `depth` if one of them used all its steps (or none is left standing), else what
    /// stopped the chosen one.
    private func reasonOfNaturalEnd(chosen: Int?) -> StopReason {
        guard let chosen, case .accepted(let reason) = rollouts[chosen].state else { return .depth }
        return rollouts.contains { $0.state == .exhausted } ? .depth : reason
    }

    /// The rollout whose candidate answers a search that nothing ended early; nil when none stands.
    private func select() -> Int? {
        let standing = rollouts.indices.filter { rollouts[$0].stands && rollouts[$0].candidate != nil }
        // Without verification every verdict is `unchecked`, and this prefers nothing.
        var pool = standing.filter { rollouts[$0].candidate?.verdict == .valid }
        if pool.isEmpty { pool = standing.filter { rollouts[$0].candidate?.verdict == .unchecked } }
        if pool.isEmpty { pool = standing }
        return switch settings.selection {
        case .bestQ: highestQ(of: pool)
        case .mode: highestQ(of: mostFrequent(of: pool))
        case .top1: highestTop1(of: pool)
        case .score: highestQ(of: highestScored(of: pool))
        }
    }

    /// The highest halt logit, ties to the lowest k.
    private func highestQ(of pool: [Int]) -> Int? {
        pool.min { Rollout.precedes(($0, rollouts[$0].q), ($1, rollouts[$1].q)) }
    }

    /// The rollouts that gave the most frequent answer (each of them, when several answers are equally frequent).
    private func mostFrequent(of pool: [Int]) -> [Int] {
        var counts: [[Int32]: Int] = [:]
        for k in pool { counts[rollouts[k].candidate?.tokens ?? [], default: 0] += 1 }
        let most = counts.values.max()
        return pool.filter { counts[rollouts[$0].candidate?.tokens ?? []] == most }
    }

    /// The highest mean top-1 probability, ties to the lowest k; one that is not a number comes last.
    private func highestTop1(of pool: [Int]) -> Int? {
        var best: (rollout: Int, top1: Float)?
        for k in pool {
            let top1 = rollouts[k].candidate?.meanTop1 ?? .nan
            let value = top1.isNaN ? -.infinity : top1
            if best.map({ value > $0.top1 }) ?? true { best = (k, value) }
        }
        return best?.rollout
    }

    /// The rollouts whose answers have the highest score (all of them, when none has one).
    private func highestScored(of pool: [Int]) -> [Int] {
        let best = pool.compactMap { rollouts[$0].candidate?.score }.max()
        return pool.filter { rollouts[$0].candidate?.score == best }
    }

    private func results() -> [RolloutResult] {
        rollouts.indices.filter { rollouts[$0].steps > 0 }.map { k in
            let rollout = rollouts[k]
            let end: RolloutResult.End =
                switch rollout.state {
                case .alive: rollout.steps >= rollout.depth ? .depth : .running
                case .accepted: .accepted
                case .exhausted: .depth
                case .dropped: .dropped
                }
            return RolloutResult(
                rollout: k, steps: rollout.steps, q: rollout.stands ? rollout.q : nil, end: end,
                candidate: rollout.candidate, start: rollout.start)
        }
    }

    private func tracesByRollout() -> [[Float]] {
        var traces = [[Float]](repeating: [], count: rollouts.count)
        for (k, rollout) in rollouts.enumerated() { traces[k].reserveCapacity(rollout.steps) }
        for (k, q) in trace { traces[Int(k)].append(q) }
        return traces
    }
}
