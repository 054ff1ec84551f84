package import Rollouts

/// One search of a plan: a problem and how it is searched.
package struct PlannedSearch: Sendable {
    package var problem: Problem
    package var settings: SearchSettings
    /// What the outcome carries beyond the answer.
    package var records: SearchRecords
    /// Carries that the search may hold at once where that does not show in its outcome: see `Search.init`.
    package var maxAlive: Int

    package init(
        _ problem: Problem, settings: SearchSettings, records: SearchRecords = [], maxAlive: Int = .max
    ) {
        self.problem = problem
        self.settings = settings
        self.records = records
        self.maxAlive = maxAlive
    }

    /// The search as a state machine, not begun.
    package func begin() -> Search {
        Search(settings: settings, hasChecker: problem.hasChecker, records: records, maxAlive: maxAlive)
    }
}

/// A search's outcome and the time it took.
package struct SearchResult: Sendable {
    package var outcome: SearchOutcome
    /// Nanoseconds from the request's arrival to its first step, or to its end when there was none.
    package var queueTime: UInt64
    /// Nanoseconds from the search's first step to its end.
    package var computeTime: UInt64

    package init(outcome: SearchOutcome, queueTime: UInt64 = 0, computeTime: UInt64 = 0) {
        self.outcome = outcome
        self.queueTime = queueTime
        self.computeTime = computeTime
    }
}
