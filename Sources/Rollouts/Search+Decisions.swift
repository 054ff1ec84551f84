import Puzzles

/// What a complete round leads to: offers accepted or refused, rollouts retired, the search ended.
extension Search {
    /// Decides the round in order of k, once its candidates are there.
    mutating func decideRound() {
        var changed: [[Int32]] = []
        for k in decoding {
            see(k)
            guard let candidate = rollouts[k].candidate else { continue }
            if let reason = acceptance(of: k, candidate) {
                rollouts[k].state = .accepted(reason)
                vote(for: candidate.tokens, rollout: k)
                changed.append(candidate.tokens)
            }
        }
        retire()
        if settings.stop == .first, let winner = winner(among: changed) {
            finish(stopReason(of: winner), winner: winner)
        } else {
            resample()
            phase = .betweenRounds
        }
    }

    /// Why the candidate is accepted, or nil: it is refused, or only looked at.
    private mutating func acceptance(of k: Int, _ candidate: Candidate) -> StopReason? {
        guard rollouts[k].offers else {
            return candidate.verdict == .valid && isChecked(rollouts[k]) ? .verified : nil
        }
        rollouts[k].offers = false
        if candidate.verdict.isRight == false {
            falseAlarms.insert(AnswerFingerprint(candidate.tokens))
            if verification == .require {
                rollouts[k].streak = 0
                return nil
            }
        }
        return .qThreshold
    }

    private mutating func vote(for answer: [Int32], rollout k: Int) {
        let voter = (rollout: k, q: rollouts[k].q)
        var ballot = ballots[answer] ?? Ballot(votes: 0, best: voter)
        ballot.votes += 1
        if Rollout.precedes(voter, ballot.best) { ballot.best = voter }
        ballots[answer] = ballot
    }

    /// Takes rollouts that step no more out of the round's way. Those that were decoded need no carry.
    private mutating func retire() {
        for k in round where rollouts[k].state == .alive && rollouts[k].steps >= rollouts[k].depth {
            rollouts[k].state = .exhausted
        }
        for k in round {
            switch rollouts[k].state {
            case .alive, .dropped: continue
            case .accepted, .exhausted: released.append(k)
            }
        }
        alive.removeAll { rollouts[$0].state != .alive }
    }

    /// The rollout that ends the search: of the answers accepted in this round that have enough votes, the one with the
    /// highest q, then the lowest k.
    private func winner(among answers: [[Int32]]) -> Int? {
        var best: (rollout: Int, q: Float)?
        for answer in answers {
            guard let ballot = ballots[answer], ballot.votes >= settings.quorum else { continue }
            if best.map({ Rollout.precedes(ballot.best, $0) }) ?? true { best = ballot.best }
        }
        return best?.rollout
    }

    private func stopReason(of winner: Int) -> StopReason? {
        guard settings.quorum <= 1 else { return .quorum }
        guard case .accepted(let reason) = rollouts[winner].state else { return nil }
        return reason
    }

    /// Stops stepping and asks for what the outcome still needs: without a winner, the candidate of every rollout that
    /// ran, whatever its q. `reason` nil: no rollout is left to run.
    mutating func finish(_ reason: StopReason?, winner: Int? = nil) {
        phase = .ending(reason: reason, winner: winner)
        decoding = []
        if winner == nil || records.contains(.candidates) {
            decoding = rollouts.indices.filter { rollouts[$0].stands }
        }
        awaitCandidates()
    }
}
