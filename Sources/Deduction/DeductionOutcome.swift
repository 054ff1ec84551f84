package import Puzzles
package import Rollouts

/// What a search by deduction came to.
package struct DeductionOutcome: Sendable, Hashable {
    /// The answer of a branch in which every cell had one candidate left.
    package struct Selected: Sendable, Hashable {
        package var tokens: [Int32]
        package var verdict: Verdict
        /// The logit of the probability that every elimination and choice on the way was right, by the model's own margins.
        package var q: Float
        /// Splits on the way.
        package var depth: Int
    }

    package var stopReason: StopReason
    /// Nil when the search abstains or was ended: there is no best guess.
    package var selected: Selected?
    package var tally: DeductionTally

    package init(stopReason: StopReason, selected: Selected?, tally: DeductionTally) {
        self.stopReason = stopReason
        self.selected = selected
        self.tally = tally
    }

    /// What the rules say of the answer; nil without one, or where nothing checks.
    package var verified: Bool? { selected?.verdict.isRight }

    /// Whether there is an answer that no rule speaks against.
    package var isSolved: Bool { selected != nil && verified != false }
}

/// What a search by deduction did so far.
package struct DeductionTally: Sendable, Hashable {
    /// Over all branches.
    package var passes = 0
    /// Begun, the first one included.
    package var branches = 0
    /// The most splits above a branch.
    package var depth = 0
    /// Branches that ended in a cell without candidates.
    package var contradictions = 0
    /// Candidates that were taken away.
    package var eliminations = 0
    /// Answers that break a rule.
    package var wrong = 0
    /// Branches given up for a value that is not finite.
    package var dropped = 0

    package init() {}
}
