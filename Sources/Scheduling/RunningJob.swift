import Problems
import Rollouts

/// A job's payload while one of its searches runs.
final class RunningJob {
    let job: SolveJob
    /// The job's plan, with the results so far.
    var plan: Plan
    /// The search that runs.
    let search: PlannedSearch
    let rollouts: RolloutSet
    var lastProgress: UInt64

    /// Nil when the plan has nothing left to run.
    init?(_ job: SolveJob, plan: Plan, now: UInt64) {
        guard let search = plan.current else { return nil }
        self.job = job
        self.plan = plan
        self.search = search
        rollouts = RolloutSet(search.problem, seed: search.settings.seed)
        lastProgress = now
    }
}
