package import Problems
package import Rollouts

/// One request as the scheduler runs it: who asks, how urgently, the plan of its searches, and where the result goes.
package struct SolveJob: Sendable {
    /// Who asked: fairness is between clients.
    package var client: SchedulerCore.ClientID
    /// Higher is sooner; 0 is usual.
    package var priority: Int
    package var plan: Plan
    /// Nanoseconds between progress reports; nil: none.
    package var progressInterval: UInt64?
    /// Monotonic time in nanoseconds at which the request arrived; nil: when it is submitted.
    package var arrived: UInt64?
    /// Jobs of this client that may be queued or running at once.
    package var clientLimit = Int.max
    /// Whether the job is parked, rather than refused, when there is no place for it.
    package var mayPark = false
    /// Called on a compute thread; one that comes after `onEnd` is to be ignored. Must be quick.
    package var onProgress: (@Sendable (JobProgress) -> Void)?
    /// Called once, on a compute thread or the one that ends the job; must be quick.
    package var onEnd: @Sendable (JobEnd) -> Void

    package init(
        client: SchedulerCore.ClientID, priority: Int = 0, plan: Plan, progressInterval: UInt64? = nil,
        onProgress: (@Sendable (JobProgress) -> Void)? = nil, onEnd: @escaping @Sendable (JobEnd) -> Void
    ) {
        self.client = client
        self.priority = priority
        self.plan = plan
        self.progressInterval = progressInterval
        self.onProgress = onProgress
        self.onEnd = onEnd
    }
}

/// How a job stands. A report is made with its search under the scheduler's lock, so that it never mixes two searches.
package struct JobProgress: Sendable {
    /// Supervision steps so far, over all rollouts of all searches.
    package var steps: Int
    /// Rollouts that have finished a round, of all searches.
    package var rollouts: Int
    /// Conflicts so far, of exact searches.
    package var conflicts = 0
    /// The best rollout of the search that runs.
    package var best: SearchProgress.Best?
    /// What the search by rollouts that runs is about: it reads the best candidate.
    package var problem: Problem?
}

/// How a job left the scheduler.
package enum JobEnd: Sendable {
    /// Its plan, with the results of the searches that were run.
    case finished(Plan)
    /// It was still waiting when the scheduler stopped taking work.
    case refused
    /// The system had no memory for its search.
    case outOfMemory
}
