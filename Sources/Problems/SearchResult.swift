package import Deduction
package import Exact
package import Rollouts

/// A search's outcome and the time it took.
package struct SearchResult: Sendable {
    package enum Outcome: Sendable {
        case rollouts(SearchOutcome)
        case exact(ExactResult)
        case deduction(DeductionOutcome)
    }

    package var outcome: Outcome
    /// Nanoseconds from the request's arrival to its first step, or to its end when there was none.
    package var queueTime: UInt64
    /// Nanoseconds from the search's first step to its end.
    package var computeTime: UInt64

    package init(_ outcome: Outcome, queueTime: UInt64 = 0, computeTime: UInt64 = 0) {
        self.outcome = outcome
        self.queueTime = queueTime
        self.computeTime = computeTime
    }
}

/// What an exact search came to.
package struct ExactResult: Sendable {
    /// Nil when it was ended from outside.
    package var outcome: ExactOutcome?
    package var conflicts: Int
    /// Why it was ended from outside.
    package var ending: EndReason?

    package init(outcome: ExactOutcome?, conflicts: Int, ending: EndReason? = nil) {
        self.outcome = outcome
        self.conflicts = conflicts
        self.ending = ending
    }

    package var stopReason: StopReason {
        switch outcome {
        case .solved: .exact
        case .noSolution: .noSolution
        case .limit: .conflictLimit
        case nil: ending?.stopReason ?? .conflictLimit
        }
    }
}

extension SearchResult {
    package var stopReason: StopReason {
        switch outcome {
        case .rollouts(let outcome): outcome.stopReason
        case .exact(let result): result.stopReason
        case .deduction(let outcome): outcome.stopReason
        }
    }

    package var engine: SearchSettings.Engine {
        switch outcome {
        case .rollouts: .ptrm
        case .exact: .exact
        case .deduction: .ldt
        }
    }

    /// Whether no other engine is needed: solved, or proved to have no solution.
    package var isSettled: Bool {
        switch outcome {
        case .rollouts(let outcome): outcome.solved
        case .exact(let result):
            switch result.outcome {
            case .solved, .noSolution: true
            case .limit, nil: false
            }
        case .deduction(let outcome): outcome.isSolved
        }
    }

    /// Whether the rules themselves settled it.
    package var isProved: Bool {
        isSettled && (exact != nil || rollouts?.verified == true || deduction?.verified == true)
    }

    package var rollouts: SearchOutcome? { if case .rollouts(let outcome) = outcome { outcome } else { nil } }
    package var deduction: DeductionOutcome? { if case .deduction(let outcome) = outcome { outcome } else { nil } }
    package var exact: ExactResult? { if case .exact(let result) = outcome { result } else { nil } }
}
