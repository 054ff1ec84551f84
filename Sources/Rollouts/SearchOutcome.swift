/// Why a search ended, of rollouts or exact.
package enum StopReason: String, Sendable, Hashable, CaseIterable {
    /// A candidate offered at the Q threshold was accepted.
    case qThreshold = "q_threshold"
    /// A regular check (`check_every`) found a candidate that keeps every rule.
    case verified
    /// Enough accepted candidates were equal.
    case quorum
    /// No rollout is left to run.
    case depth
    case stepLimit = "step_limit"
    case timeLimit = "time_limit"
    case cancelled
    case superseded
    case shutdown
    /// Exact search found an answer that keeps every rule.
    case exact
    /// Exact search proved that there is none.
    case noSolution = "no_solution"
    /// Exact search used up its conflicts or its memory.
    case conflictLimit = "conflict_limit"
    /// Deduction left one value in each cell, and the rules keep it.
    case deduced
    /// Deduction found a contradiction on every branch: it has no answer, and has proved nothing.
    case abstained
}

/// Why a search is ended from outside.
package enum EndReason: Sendable, Hashable, CaseIterable {
    case timeLimit
    case cancelled
    case superseded
    case shutdown

    package var stopReason: StopReason {
        switch self {
        case .timeLimit: .timeLimit
        case .cancelled: .cancelled
        case .superseded: .superseded
        case .shutdown: .shutdown
        }
    }
}

/// The result of a search.
package struct SearchOutcome: Sendable, Hashable {
    /// The candidate that answers the search.
    package struct Selected: Sendable, Hashable {
        package var rollout: Int
        /// The rollout's supervision steps up to this candidate.
        package var steps: Int
        /// The halt logit of the rollout's last step.
        package var q: Float
        package var candidate: Candidate
        /// Whether it was accepted while the search ran, not only chosen at its end.
        package var accepted: Bool

        package init(rollout: Int, steps: Int, q: Float, candidate: Candidate, accepted: Bool) {
            self.rollout = rollout
            self.steps = steps
            self.q = q
            self.candidate = candidate
            self.accepted = accepted
        }
    }

    package var stopReason: StopReason
    /// nil when no rollout finished a step with finite values.
    package var selected: Selected?
    /// The selected candidate keeps every rule or, where nothing checks it, its q reaches the threshold (0 if null).
    package var solved: Bool
    /// The checker's verdict on the selected candidate; nil: not checked.
    package var verified: Bool?
    /// Supervision steps over all rollouts.
    package var steps: Int
    /// Rollouts that ran at least one step.
    package var rollouts: Int
    /// Distinct offered answers that broke a rule.
    package var falseAlarms: Int
    /// Rollouts given up for a value that is not finite.
    package var dropped: Int
    /// Each rollout that ran, in order of k; nil unless `SearchRecords.candidates` was asked for.
    package var candidates: [RolloutResult]?
    /// The halt logit of each finite step, by rollout; nil unless `SearchRecords.trace` was asked for.
    package var trace: [[Float]]?

    package init(
        stopReason: StopReason, selected: Selected?, solved: Bool, verified: Bool?, steps: Int, rollouts: Int,
        falseAlarms: Int = 0, dropped: Int = 0, candidates: [RolloutResult]? = nil, trace: [[Float]]? = nil
    ) {
        self.stopReason = stopReason
        self.selected = selected
        self.solved = solved
        self.verified = verified
        self.steps = steps
        self.rollouts = rollouts
        self.falseAlarms = falseAlarms
        self.dropped = dropped
        self.candidates = candidates
        self.trace = trace
    }
}

/// How one rollout of a search ended.
package struct RolloutResult: Sendable, Hashable {
    package enum End: String, Sendable, Hashable, CaseIterable {
        case accepted
        /// It used all D steps.
        case depth
        /// A value of it was not finite.
        case dropped
        /// The search ended first.
        case running
    }

    package var rollout: Int
    package var steps: Int
    /// The halt logit of the last step; nil when dropped.
    package var q: Float?
    package var end: End
    /// nil when dropped.
    package var candidate: Candidate?
    /// What it was given to solve.
    package var start: RolloutStart

    package init(
        rollout: Int, steps: Int, q: Float?, end: End, candidate: Candidate?, start: RolloutStart = .identity
    ) {
        self.start = start
        self.rollout = rollout
        self.steps = steps
        self.q = q
        self.end = end
        self.candidate = candidate
    }
}

/// What a search keeps for its outcome beyond the answer.
package struct SearchRecords: OptionSet, Sendable, Hashable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// Every rollout's last candidate; rollouts still running at an early stop are decoded for it.
    package static let candidates = SearchRecords(rawValue: 1)
    /// Every halt logit.
    package static let trace = SearchRecords(rawValue: 2)
    /// Every violation of a candidate, not the first alone.
    package static let violations = SearchRecords(rawValue: 4)
}

/// A look at a search on its way.
package struct SearchProgress: Sendable, Hashable {
    package var steps: Int
    /// Rollouts that have finished a round.
    package var rollouts: Int
    /// The rollout with the highest halt logit after its last complete round (ties to the lowest k).
    package var best: Best?

    package struct Best: Sendable, Hashable {
        package var rollout: Int
        package var q: Float
        /// nil when it has not been decoded since its last step.
        package var candidate: Candidate?

        package init(rollout: Int, q: Float, candidate: Candidate?) {
            self.rollout = rollout
            self.q = q
            self.candidate = candidate
        }
    }

    package init(steps: Int, rollouts: Int, best: Best?) {
        self.steps = steps
        self.rollouts = rollouts
        self.best = best
    }
}
