/// What a rollout is given to solve.
package enum RolloutStart: Sendable, Hashable {
    /// The puzzle as asked.
    case identity
    /// A random symmetric view of it.
    case view
    /// A random symmetric view of the puzzle with some cells revealed.
    case proposal(Proposal)
}

/// A partly solved board, made from what earlier rollouts answered: nobody knows that its revealed cells are right.
package struct Proposal: Sendable, Hashable {
    /// Guess or repair.
    package var kind: SearchSettings.ProposalKind
    /// By position of the puzzle as asked: the token that is revealed there; 0: none.
    package var reveals: [Int32]

    package init(kind: SearchSettings.ProposalKind, reveals: [Int32]) {
        self.kind = kind
        self.reveals = reveals
    }
}

extension RolloutStart {
    /// How it came about, in a word.
    package var name: String {
        switch self {
        case .identity: "identity"
        case .view: SearchSettings.ProposalKind.view.rawValue
        case .proposal(let proposal): proposal.kind.rawValue
        }
    }

    /// The positions of the puzzle as asked that are revealed, in ascending order.
    package var revealed: [Int] {
        guard case .proposal(let proposal) = self else { return [] }
        return proposal.reveals.indices.filter { proposal.reveals[$0] != 0 }
    }
}
