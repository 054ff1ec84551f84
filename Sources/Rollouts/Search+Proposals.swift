import Puzzles

/// Rollouts that start from partly solved boards. Whatever they are made from stands when the last round is complete, and is
/// looked at in order of k: so they are the same however a driver splits and reorders the work.
extension Search {
    /// Whether the rollouts that start now are those of `proposals`.
    var isProposing: Bool { proposals.map { completedRounds >= $0.after } ?? false }

    /// Sets when the rollouts of the first rounds retire, once.
    mutating func retireFirstRollouts() {
        guard let proposals, firstProposal == nil else { return }
        firstProposal = rollouts.count
        for k in alive { rollouts[k].depth = min(rollouts[k].depth, max(proposals.retire, rollouts[k].steps + 1)) }
    }

    /// Starts rollouts until enough are alive.
    /// - Parameter room: rollouts that may be alive, by the budgets.
    mutating func startProposals(room: Int) {
        guard let proposals, let first = firstProposal, let board, !proposals.mix.isEmpty else { return }
        while alive.count < min(room, proposals.alive), rollouts.count < settings.K {
            let k = rollouts.count
            let kind = proposals.mix[(k - first) % proposals.mix.count]
            var rollout = Rollout(depth: proposals.steps(of: kind))
            rollout.start = draw(kind, rollout: k, on: board)
            rollouts.append(rollout)
            alive.append(k)
        }
    }

    /// A view where there is nothing yet to make a proposal of.
    private func draw(_ kind: SearchSettings.ProposalKind, rollout k: Int, on board: PartialBoard) -> RolloutStart {
        var drawing = ProposalDrawing(on: board, seed: settings.seed, rollout: k)
        switch kind {
        case .view: return .view
        case .repair: return drawing.repair(pool).map { .proposal($0) } ?? .view
        case .guess:
            let seen = remembered.compactMap(\.seen)
            let count = seen.first?.tokens.count ?? 0
            return drawing.guess(CellBeliefs(seen, on: board), count: count).map { .proposal($0) } ?? .view
        }
    }

    /// The rollouts that proposals are made from: what one costs must not grow with the search, since the driver waits for it.
    private var remembered: ArraySlice<Rollout> { rollouts.suffix(512) }

    /// The different ones of the rollouts' best candidates, in order of k.
    private var pool: [Sighting] {
        var known: Set<AnswerFingerprint> = []
        return remembered.compactMap(\.sighting).filter { known.insert(AnswerFingerprint($0.tokens)).inserted }
    }

    /// Remembers what a rollout's new candidate is good for.
    mutating func see(_ k: Int) {
        guard let board, proposals != nil, let candidate = rollouts[k].candidate, rollouts[k].isDecoded else { return }
        if let margins = candidate.margins, rollouts[k].steps >= Self.fewestStepsOfOpinion {
            rollouts[k].seen = (candidate.tokens, margins)
        }
        rollouts[k].candidate?.margins = nil
        let sighting = Sighting(candidate, q: rollouts[k].q, side: board.side)
        if rollouts[k].sighting.map({ sighting.precedes($0) }) ?? true { rollouts[k].sighting = sighting }
    }

    /// Steps after which a rollout's margins count.
    private static var fewestStepsOfOpinion: Int { 6 }
}
