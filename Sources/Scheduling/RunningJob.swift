import Exact
import Problems
import Rollouts

/// A job's payload while one of its searches runs.
final class RunningJob: @unchecked Sendable {
    // @unchecked: what changes is reached under the scheduler's lock alone; others only keep it, to compare.
    /// What a search keeps between its pieces of work.
    enum Search {
        case rollouts(RolloutSearch, RolloutSet)
        case exact(ExactSearch)
        case deduction(DeductionRun)
    }

    let job: SolveJob
    /// The job's plan, with the results so far.
    var plan: Plan
    /// The search that runs, and its limits.
    let search: Search
    let limits: SearchSettings.Limits
    var lastProgress: UInt64
    /// What the verifier was asked and has said, where there is one.
    var verdicts = VerdictTable()
    /// Bytes that the search may take.
    let memory: Int
    /// Carries that it may hold at the same time.
    private let carries: Int

    /// Nil when the plan has nothing left to run.
    init?(_ job: SolveJob, plan: Plan, now: UInt64) {
        guard let next = plan.current else { return nil }
        switch next {
        case .rollouts(let search):
            carries = search.carries
            self.search = .rollouts(search, RolloutSet(search.problem, seed: search.settings.seed))
        case .exact(let search):
            carries = 0
            guard let exact = try? ExactSearch(puzzle: search.puzzle, options: search.options) else { return nil }
            self.search = .exact(exact)
        case .deduction(let plan):
            carries = 0
            self.search = .deduction(DeductionRun(plan))
        }
        self.job = job
        self.plan = plan
        limits = next.limits
        memory = next.memory
        lastProgress = now
    }

    /// Takes the memory of its carries; false when the system has none.
    func takeMemory() -> Bool { rollouts?.set.takeMemory(carries: carries) ?? true }

    var rollouts: (search: RolloutSearch, set: RolloutSet)? {
        if case .rollouts(let search, let set) = search { (search, set) } else { nil }
    }

    var deduction: DeductionRun? { if case .deduction(let run) = search { run } else { nil } }

    var exact: ExactSearch? { if case .exact(let search) = search { search } else { nil } }
}
