import DequeModule
package import Problems
package import Puzzles
package import Rollouts

/// Shares the compute threads among all searches: a pure state machine without threads, clocks or models.
///
/// Work is handed out in small batches of step orders of one model, taken from every active search that has some
/// (continuous batching): when a rollout stops, the next batch simply holds somebody else's rollout. Which rollouts
/// share a batch never changes a result, because a search decides only when one of its rounds is complete.
///
/// A job is queued, then active (its search takes part in the batches), then it ends. Up to `Policy.maxActive` jobs are
/// active together; a client without an active job is let in at once, so nobody waits behind another's searches. Steps
/// are shared out by `FairQueue`. An active job begins when there is room for its memory (`MemoryBudget`). Times are monotonic nanoseconds that the caller passes in.
package struct SchedulerCore: Sendable {
    package typealias JobID = UInt64
    package typealias ClientID = UInt64
    package typealias ModelKey = Int
    package typealias Nanoseconds = UInt64

    /// What a scheduler may hold at once.
    package struct Policy: Sendable, Hashable {
        /// Workers that ask for work.
        package var workers = 1
        /// Jobs that may be queued; one more is refused, or parked: accepted, to be queued as soon as there is room.
        package var maxQueued = 1024
        /// Jobs whose rollouts share the batches. A client with no active job is let in beyond this number.
        package var maxActive = 8
        /// The most step orders in one batch.
        package var maxBatch = 32
        /// About how long a batch should take: short, so that a search with a single rollout alive does not wait long
        /// behind one with a hundred; long enough that handing work out costs next to nothing. Steps that are worth
        /// doing together may take longer while there is one client.
        package var batchTime: Nanoseconds = 250_000
        /// Steps that take less than this are not split over idle threads.
        package var minSharedStepTime: Nanoseconds = 200_000
        /// How long a search that could go on waits at most, as far as a quarter of the steps suffices for that.
        package var patience: Nanoseconds = 250_000_000
        /// Candidates that are decoded in one go.
        package var maxDecodes = 8

        package init() {}
    }

    /// A request for compute, without its payload. Its search is one by rollouts, which the core drives itself, or one in
    /// slices (`isSliced`), of which it knows only that there is another slice to run until the worker says it has ended.
    package struct Submission: Sendable {
        package var job: JobID
        package var client: ClientID
        package var priority: Int
        /// Searches in slices share one number, `slices`.
        package var model: ModelKey
        package var settings: SearchSettings
        package var hasChecker: Bool
        /// How the puzzle looks partly solved.
        package var board: PartialBoard?
        package var records: SearchRecords
        /// Steps of its model that take less time together than one after the other.
        package var groupSize = 1
        /// See `Search.init`.
        package var maxAlive = Int.max
        /// Bytes that the search takes; for one in slices at its start.
        package var memory = 0
        /// Bytes that its puzzle takes, waiting or running.
        package var puzzleMemory = 0
        /// Jobs of this client that may be queued or active at once.
        package var clientLimit = Int.max
        /// Whether the job is parked, rather than refused, when there is no place for it.
        package var mayPark = false
        package var isSliced: Bool { model == SchedulerCore.slices }

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
        /// Step these rollouts, all of one model. So many idle workers may help: each step is then split over them.
        case steps([Step], helpers: Int)
        /// Decode and check the candidates of these rollouts of a job.
        case decode(job: JobID, rollouts: [Int])
        /// Run the next slice of this job's search.
        case slice(job: JobID)
    }

    /// A job that has ended: its result, and when it arrived and took its first step.
    package struct Ended: Sendable {
        package var job: JobID
        /// Nil for a search in slices, whose outcome is in its payload.
        package var outcome: SearchOutcome?
        /// Why a search in slices was ended from outside.
        package var ending: EndReason?
        package var arrived: Nanoseconds
        package var started: Nanoseconds?
    }

    /// The lane of all searches in slices; models have numbers from 0 on.
    package static let slices: ModelKey = -1

    package let policy: Policy
    var jobs: [JobID: Job] = [:]
    var clients: [ClientID: Client] = [:]
    /// Clients with queued jobs.
    var waitingClients: Set<ClientID> = []
    /// Clients with parked jobs; the first is the next to get a place in the queue.
    var parkedClients: Deque<ClientID> = []
    var fairness: FairQueue
    /// Jobs with candidates to decode, each of them once (`Job.isInDecoding`), in turn.
    var decoding: Deque<JobID> = []
    var expiries = JobHeap<Nanoseconds>()
    var ended: [Ended] = []
    /// Mean time of a step on one thread.
    var stepTimes: [ModelKey: Nanoseconds] = [:]
    /// Whether the last work was a decode: decodes and steps take turns when there are both.
    private var lastWasDecode = false

    /// What active jobs have reserved.
    package internal(set) var memory = MemoryBudget()
    /// What the puzzles of all jobs take.
    var puzzleBytes = 0
    /// Active jobs that wait for memory, in the order in which they asked.
    var stalled: [JobID] = []
    /// The search in slices that may grow beyond the budget's parts.
    var overdrawn: JobID?
    /// Clients whose waiting jobs do not begin.
    var heldClients: Set<ClientID> = []
    /// Bytes that were reserved by jobs that have ended, since the last `takeFreed`.
    var freed = 0

    package internal(set) var activeJobs = 0
    /// Of these, the ones that wait for a verifier's verdicts and have no use for a compute thread meanwhile.
    package internal(set) var awaitingJobs = 0
    /// Jobs that were ended from outside since the last `takeEnding`.
    private var endedEarly: [JobID] = []
    /// Jobs that wait in the queue.
    package internal(set) var inQueue = 0
    /// Jobs that wait for a place in the queue.
    package internal(set) var parked = 0
    /// Rollouts with steps left to do, over all active searches.
    package internal(set) var rolloutsAlive = 0
    /// Step orders that wait for a worker.
    package internal(set) var readySteps = 0
    package internal(set) var totalSteps = 0

    package init(policy: Policy = Policy()) {
        self.policy = policy
        fairness = FairQueue(patience: policy.patience)
    }

    /// Jobs whose search has not begun.
    package var waiting: Int { inQueue + parked }
    package var isIdle: Bool { jobs.isEmpty && ended.isEmpty }

    /// Takes a job in; false when there is no place for it.
    package mutating func submit(_ submission: Submission, now: Nanoseconds) -> Bool {
        var client = clients[submission.client] ?? Client()
        let isFull = inQueue >= policy.maxQueued || client.placed >= submission.clientLimit
        // A client with nothing active needs no place in the queue.
        let passes = client.active == 0 && client.waiting == 0 && submission.clientLimit > 0
        let hasRoom = puzzleBytes + submission.puzzleMemory <= memory.puzzleMemory || jobs.isEmpty
        guard hasRoom && (!isFull || passes) || submission.mayPark else { return false }
        client.limit = submission.clientLimit
        let job = Job(submission, arrived: now)
        if isFull && !passes {
            if client.parked == 0 { parkedClients.append(submission.client) }
            client.parked += 1
            parked += 1
        } else {
            client.queued += 1
            inQueue += 1
        }
        client.waitingJobs.insert(job.urgency, submission.job, live: client.waiting) { [jobs] entry in
            jobs[entry.job]?.isActive == false
        }
        waitingClients.insert(submission.client)
        clients[submission.client] = client
        if job.deadline < .max { expire(submission.job, at: job.deadline) }
        jobs[submission.job] = job
        puzzleBytes += submission.puzzleMemory
        admit(client: submission.client)
        return true
    }

    /// Goes on with a further search of a job that has ended, in its place: it does not wait again.
    package mutating func resume(_ submission: Submission, arrived: Nanoseconds) {
        var job = Job(submission, arrived: arrived)
        job.isActive = true
        jobs[submission.job] = job
        puzzleBytes += submission.puzzleMemory
        clients[submission.client, default: Client()].active += 1
        clients[submission.client]?.limit = submission.clientLimit
        activeJobs += 1
        fairness.add(submission.job, client: submission.client, model: submission.model, cost: job.stepCost)
        if job.deadline < .max { expire(submission.job, at: job.deadline) }
        begin(submission.job)
    }

    /// The next piece of work, or nil when everything there is to do is being done.
    /// - Parameter idleWorkers: workers beside the one that asks that have nothing to do.
    package mutating func nextWork(now: Nanoseconds, idleWorkers: Int = 0) -> Work? {
        // A search that waits for a candidate cannot go on, and decoding takes a fraction of a step; but one that reads
        // out thousands of rollouts at its end must not keep everybody else waiting.
        let isStepsTurn = lastWasDecode && readySteps > 0
        lastWasDecode = false
        if !isStepsTurn, let work = nextDecode() {
            lastWasDecode = true
            return work
        }
        return nextBatch(now: now, idleWorkers: idleWorkers)
    }

    /// What a step gave; when it completes its round, the search decides how to go on.
    package mutating func record(_ report: StepReport, of rollout: Int, job: JobID) {
        totalSteps += 1
        update(job) { $0.search?.record(report, of: rollout) }
    }

    package mutating func record(_ candidate: Candidate, of rollout: Int, job: JobID) {
        update(job) { $0.search?.record(candidate, of: rollout) }
    }

    /// So many candidates of the job were read out and wait for a verdict; each is recorded when it has one.
    package mutating func awaitVerdicts(_ count: Int, of job: JobID) {
        guard count > 0, let index = jobs.index(forKey: job) else { return }
        if jobs.values[index].awaited == 0 { awaitingJobs += 1 }
        jobs.values[index].awaited += count
        admit()
    }

    /// Takes a candidate that waited for a verdict.
    package mutating func recordJudged(_ candidate: Candidate, of rollout: Int, job: JobID) {
        guard let index = jobs.index(forKey: job) else { return }
        jobs.values[index].awaited -= 1
        if jobs.values[index].awaited == 0 { awaitingJobs -= 1 }
        record(candidate, of: rollout, job: job)
    }

    /// Whether the job was ended from outside: it waits for no verdicts any more.
    package func isEnding(_ job: JobID) -> Bool { jobs[job]?.isEnding ?? true }

    /// The jobs that were ended from outside since the last call.
    package mutating func takeEnding() -> [JobID] {
        defer { endedEarly = [] }
        return endedEarly
    }

    /// A slice was run. `isLast`: the search has ended by itself. `memory`: bytes that it holds beyond those at its start.
    /// `steps`: of a model, in this slice.
    package mutating func recordSlice(of job: JobID, isLast: Bool, memory: Int = 0, steps: Int = 0) {
        totalSteps += steps
        if !isLast { grow(job, by: memory) }
        update(job) { $0.hasEndedItself = $0.hasEndedItself || isLast }
    }

    /// Ends a job early. True when it was still waiting or running; its result follows through `takeEnded`.
    /// - Parameter onlyWaiting: leaves a search that has begun alone.
    @discardableResult
    package mutating func end(_ job: JobID, _ reason: EndReason, onlyWaiting: Bool = false) -> Bool {
        guard let index = jobs.index(forKey: job), !jobs.values[index].isEnding else { return false }
        if onlyWaiting && jobs.values[index].isActive { return false }
        jobs.values[index].isEnding = true
        jobs.values[index].ending = reason
        jobs.values[index].search?.end(reason)
        setReady(job, [])
        setSliceReady(job, false)
        jobs.values[index].decodes = []
        if jobs.values[index].awaited > 0 { endedEarly.append(job) }
        advance(job)
        return true
    }

    /// Takes a job out without a result: nobody wants it any more. Steps of it that are being done are ignored.
    package mutating func abandon(_ job: JobID) { remove(job) }

    /// Takes the jobs out that have not begun; they get no outcome.
    package mutating func dropWaiting() -> [JobID] {
        let dropped = jobs.filter { !$0.value.isActive }.keys.sorted()
        for job in dropped { remove(job) }
        return dropped
    }

    /// Ends the jobs whose time is up.
    package mutating func expire(now: Nanoseconds) {
        while let first = nextExpiry, first <= now {
            let job = expiries.first { _ in true }?.job
            expiries.removeFirst()
            if let job { end(job, .timeLimit) }
        }
    }

    /// When `expire` has something to do next.
    package var nextExpiry: Nanoseconds? {
        mutating get { expiries.first { [jobs] in jobs[$0.job]?.isEnding == false }?.key }
    }

    /// The jobs that ended since the last call.
    package mutating func takeEnded() -> [Ended] {
        defer { ended = [] }
        return ended
    }

    /// Rollouts of a job whose carries are not needed any more, since the last call.
    package mutating func takeReleased(of job: JobID) -> [Int] {
        guard let index = jobs.index(forKey: job) else { return [] }
        return jobs.values[index].search?.takeReleased() ?? []
    }

    /// Copies of carries to make before the job's next steps are handed out.
    package mutating func takeCopies(of job: JobID) -> [Search.Copy] {
        guard let index = jobs.index(forKey: job) else { return [] }
        return jobs.values[index].search?.takeCopies() ?? []
    }

    package func progress(of job: JobID) -> SearchProgress? { jobs[job]?.search?.progress }

    /// Jobs of a client that are queued or active.
    package func placed(of client: ClientID) -> Int { clients[client]?.placed ?? 0 }

    /// Jobs of a client that wait for a place in the queue.
    package func parked(of client: ClientID) -> Int { clients[client]?.parked ?? 0 }
}
