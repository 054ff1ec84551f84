package import Puzzles
package import TRM

/// What a search needs before it can go on.
package enum Demand: Sendable, Hashable {
    /// One whole round: one supervision step of each of these rollouts, in order of k. They may run in any order, in any
    /// batches, on any threads.
    case step([StepOrder])
    /// The candidates of these rollouts as their carries stand now, in order of k.
    case decode([Int])
    /// The search is over; every carry may be released.
    case finished(SearchOutcome)
}

/// One supervision step to run.
package struct StepOrder: Sendable, Hashable {
    /// The rollout's number k, from 0.
    package var rollout: Int
    /// The rollout's own step, from 0; at 0 it needs a fresh carry.
    package var step: Int
    /// The noise added before the step; nil: none.
    package var noise: StepNoise?
    /// What the rollout is given to solve.
    package var start: RolloutStart
}

/// What a supervision step gave.
package struct StepReport: Sendable, Hashable {
    /// The halt logit.
    package var q: Float
    /// False when the carry holds a value that is not finite.
    package var isFinite: Bool

    package init(q: Float, isFinite: Bool = true) {
        self.q = q
        self.isFinite = isFinite
    }
}

/// A rollout's decoded answer.
package struct Candidate: Sendable, Hashable {
    /// One token for each position of the puzzle as asked (a view's answer is mapped back).
    package var tokens: [Int32]
    /// What judges candidates says of it.
    package var verdict: Verdict
    /// What a verifier that scores candidates gives it; higher is better.
    package var score: Double?
    /// Mean over the positions of the highest token probability.
    package var meanTop1: Float
    /// How sure it is of its cells; for searches with `proposals`.
    package var margins: CellMargins?

    package init(
        tokens: [Int32], verdict: Verdict, score: Double? = nil, meanTop1: Float, margins: CellMargins? = nil
    ) {
        self.margins = margins
        self.tokens = tokens
        self.verdict = verdict
        self.score = score
        self.meanTop1 = meanTop1
    }
}
