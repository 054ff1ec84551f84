package import Rollouts

/// Shares the compute threads among all searches: a pure state machine without threads, clocks or models.
///
/// Work is handed out in small batches of step orders of one model, taken from every active search that has some
/// (continuous batching): when a rollout stops, the next batch simply holds somebody else's rollout. Which rollouts
/// share a batch never changes a result, because a search decides only when one of its rounds is complete.
///
/// Fairness is by virtual time: every step charges its client and its job, and the next slot goes to the client, then
/// the job, that was charged least. Times are monotonic nanoseconds that the caller passes in.
package struct SchedulerCore: Sendable {
    package typealias JobID = UInt64
    package typealias ClientID = UInt64
    package typealias ModelKey = Int
    package typealias Nanoseconds = UInt64

    /// What a scheduler may hold at once.
    package struct Policy: Sendable, Hashable {
        /// Jobs that may wait; one more is refused.
        package var maxQueued = 1024
        /// Jobs whose rollouts share the batches. A client with no active job is let in beyond this number.
        package var maxActive = 8
        /// Step orders in one batch when one job is active.
        package var batch = 8
        /// Step orders of one job in one batch when several jobs are active: small, so that a search with a single
        /// rollout alive does not wait long behind one with a hundred.
        package var sharedBatch = 2

        package init() {}
    }

    /// A request for compute, without its payload.
    package struct Submission: Sendable {
        package var job: JobID
        package var client: ClientID
        package var priority: Int
        package var model: ModelKey
        package var settings: SearchSettings
        package var hasChecker: Bool
        package var records: SearchRecords

        package init(
            job: JobID, client: ClientID, priority: Int = 0, model: ModelKey, settings: SearchSettings,
            hasChecker: Bool, records: SearchRecords = []
        ) {
            self.job = job
            self.client = client
            self.priority = priority
            self.model = model
            self.settings = settings
            self.hasChecker = hasChecker
            self.records = records
        }
    }

    /// One step of one rollout of one job.
    package struct Step: Sendable {
        package var job: JobID
        package var order: StepOrder
    }

    /// What a worker thread is to do next.
    package enum Work: Sendable {
        /// Step these rollouts; all of one model, at most `Policy.batch`.
        case steps([Step])
        /// Decode and check the candidates of these rollouts of a job.
        case decode(job: JobID, rollouts: [Int])
    }

    /// A job that has ended: its result, and when it arrived and took its first step.
    package struct Ended: Sendable {
        package var job: JobID
        package var outcome: SearchOutcome
        package var arrived: Nanoseconds
        package var started: Nanoseconds?
    }

    let policy: Policy
    var waiting: [WaitingJob] = []
    var active: [ActiveJob] = []
    /// Virtual time of each client with active jobs.
    var clientTime: [ClientID: Double] = [:]
    var ended: [Ended] = []
    var stepsDone = 0

    package init(policy: Policy = Policy()) {
        self.policy = policy
    }

    package var queued: Int { waiting.count }
    package var activeJobs: Int { active.count }
    package var isIdle: Bool { waiting.isEmpty && active.isEmpty && ended.isEmpty }
    package var rolloutsReady: Int { active.reduce(0) { $0 + $1.ready.count + $1.outstanding } }
    package var hasRoom: Bool { waiting.count < policy.maxQueued }
    package var totalSteps: Int { stepsDone }

    /// Takes a job in; false when the queue is full.
    package mutating func submit(_ submission: Submission, now: Nanoseconds) -> Bool {
        guard hasRoom else { return false }
        waiting.append(WaitingJob(submission: submission, arrived: now))
        admit(now: now)
        return true
    }

    /// Goes on with a further search of a job that has ended, in its place: it does not wait again.
    package mutating func resume(_ submission: Submission, arrived: Nanoseconds) {
        activate(WaitingJob(submission: submission, arrived: arrived))
    }

    /// The next piece of work, or nil when everything there is to do is being done.
    package mutating func nextWork(now: Nanoseconds) -> Work? {
        admit(now: now)
        if let index = active.firstIndex(where: { !$0.decodes.isEmpty }) {
            let rollouts = active[index].decodes
            active[index].decodes = []
            active[index].outstanding += rollouts.count
            return .decode(job: active[index].submission.job, rollouts: rollouts)
        }
        let steps = nextBatch(now: now)
        return steps.isEmpty ? nil : .steps(steps)
    }

    /// What a step gave; when it completes its round, the search decides how to go on.
    package mutating func record(_ report: StepReport, of rollout: Int, job: JobID) {
        stepsDone += 1
        update(job) { $0.search.record(report, of: rollout) }
    }

    package mutating func record(_ candidate: Candidate, of rollout: Int, job: JobID) {
        update(job) { $0.search.record(candidate, of: rollout) }
    }

    /// Ends a job early. True when it was still waiting or running; its result follows through `takeEnded`.
    @discardableResult
    package mutating func end(_ job: JobID, _ reason: EndReason) -> Bool {
        if let index = waiting.firstIndex(where: { $0.submission.job == job }) {
            let entry = waiting.remove(at: index)
            activate(entry)
        }
        guard let index = active.firstIndex(where: { $0.submission.job == job }) else { return false }
        endActive(at: index, reason)
        return true
    }

    /// Ends every job.
    package mutating func endAll(_ reason: EndReason) {
        for job in waiting.map(\.submission.job) + active.map(\.submission.job) { end(job, reason) }
    }

    /// Takes the jobs out that have not begun; they get no outcome.
    package mutating func dropWaiting() -> [JobID] {
        defer { waiting = [] }
        return waiting.map(\.submission.job)
    }

    /// Ends the jobs whose time is up.
    package mutating func expire(now: Nanoseconds) {
        for job in waiting where job.deadline <= now { end(job.submission.job, .timeLimit) }
        for job in active where job.isDue(now) { end(job.submission.job, .timeLimit) }
    }

    /// When `expire` has something to do next.
    package var nextExpiry: Nanoseconds? {
        let times = waiting.map(\.deadline) + active.lazy.filter { !$0.isEnding }.map(\.due)
        guard let first = times.min(), first < .max else { return nil }
        return first
    }

    /// The jobs that ended since the last call.
    package mutating func takeEnded() -> [Ended] {
        defer { ended = [] }
        return ended
    }

    /// Rollouts of a job whose carries are not needed any more, since the last call.
    package mutating func takeReleased(of job: JobID) -> [Int] {
        guard let index = active.firstIndex(where: { $0.submission.job == job }) else { return [] }
        return active[index].search.takeReleased()
    }

    package func progress(of job: JobID) -> SearchProgress? {
        active.first { $0.submission.job == job }?.search.progress
    }
}
