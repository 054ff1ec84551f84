package import Exact
package import Puzzles
package import Rollouts

/// One search of a plan.
package enum PlannedSearch: Sendable {
    case rollouts(RolloutSearch)
    case exact(ExactPlan)
    case deduction(DeductionPlan)

    /// What the scheduler watches; of a plan's searches those of the first are the whole plan's.
    package var limits: SearchSettings.Limits {
        get {
            switch self {
            case .rollouts(let search): search.settings.limits
            case .exact(let search): search.limits
            case .deduction(let search): search.settings.limits
            }
        }
        set {
            switch self {
            case .rollouts(var search):
                search.settings.limits = newValue
                self = .rollouts(search)
            case .exact(var search):
                search.limits = newValue
                self = .exact(search)
            case .deduction(var search):
                search.settings.limits = newValue
                self = .deduction(search)
            }
        }
    }

    package var rollouts: RolloutSearch? { if case .rollouts(let search) = self { search } else { nil } }
    package var deduction: DeductionPlan? { if case .deduction(let search) = self { search } else { nil } }
    package var exact: ExactPlan? { if case .exact(let search) = self { search } else { nil } }
}

/// A search by rollouts: a problem and how it is searched.
package struct RolloutSearch: Sendable {
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
}

/// An exact search: a puzzle of any size, and what it may take.
package struct ExactPlan: Sendable {
    package var puzzle: any Puzzle
    package var options: ExactOptions
    package var limits: SearchSettings.Limits

    package init(_ puzzle: any Puzzle, options: ExactOptions, limits: SearchSettings.Limits) {
        self.puzzle = puzzle
        self.options = options
        self.limits = limits
    }
}
