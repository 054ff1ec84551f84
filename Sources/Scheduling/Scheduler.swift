package import Problems
package import Rollouts
import Synchronization
import TRM
import Threading

/// Runs searches on compute threads of its own: `SchedulerCore` decides, these threads step rollouts.
package final class Scheduler: Sendable {
    /// Names a submitted job.
    package typealias JobID = SchedulerCore.JobID

    /// What the scheduler is doing.
    package struct Load: Sendable {
        /// Jobs whose search has not begun.
        package var queued = 0
        package var active = 0
        /// Rollouts with steps left to do.
        package var rolloutsAlive = 0
        /// Supervision steps since the start.
        package var steps = 0
        /// Batches stepped since the start: `steps / batches` is their mean size.
        package var batches = 0
        /// Over the last seconds.
        package var stepsPerSecond = 0.0
        /// Share of the compute threads' time that went into steps and candidates, over the last seconds; 0...1.
        package var occupancy = 0.0
    }

    /// Whether the scheduler advances, for a watchdog: all is well when `beats` has changed since the last look, or
    /// when there is nothing to do. Reading it takes the scheduler's lock, so a reader that hangs says something too.
    package struct Heartbeat: Sendable, Hashable {
        /// Batches and decodings done since the start.
        package var beats = 0
        package var isIdle = true
    }

    /// What became of a submission.
    package enum Admission: Sendable, Hashable {
        case accepted
        /// Accepted beyond the queue's bound: whoever submits should wait for room before the next.
        case parked
        case full(retryAfter: UInt64)
        /// The client itself has as many jobs queued or active as it may.
        case clientFull(retryAfter: UInt64)
        /// No work is taken any more.
        case closed
    }

    let monitor: Monitor<State>
    /// What those who wait for room sleep on, so that they are not woken at every batch.
    let room = Monitor(())
    let threads: Monitor<[DedicatedThread]>
    private let lastJob = Atomic<JobID>(0)
    package let threadCount: Int

    /// Starts `threads` compute threads (at least one).
    package init(threads count: Int, policy: SchedulerCore.Policy = .init()) {
        threadCount = max(1, count)
        var policy = policy
        policy.workers = threadCount
        // A search that has one rollout alive keeps one thread busy.
        policy.maxActive = max(policy.maxActive, 4 * threadCount)
        monitor = Monitor(State(core: SchedulerCore(policy: policy), window: RateWindow(start: MonotonicClock.now)))
        threads = Monitor([])
        for number in 0..<threadCount {
            // A system out of threads leaves fewer workers; with none, submissions are refused.
            guard let thread = DedicatedThread(name: "ptrm-compute-\(number)", { [weak self] in self?.work() }) else {
                break
            }
            threads.withLock { list in list.append(thread) }
        }
        let hasWorkers = threads.withLock { list in !list.isEmpty }
        if !hasWorkers { monitor.withLock { state in state.isClosed = true } }
    }

    /// A name for a job about to be submitted: it may end before `submit` has returned.
    package func makeJobID() -> JobID { lastJob.add(1, ordering: .relaxed).newValue }

    /// Queues a job under a fresh name.
    package func submit(_ job: SolveJob, as id: JobID) -> Admission {
        let now = MonotonicClock.now
        let admission = monitor.withLock { state in state.submit(job, as: id, now: now) }
        monitor.wakeAll()
        return admission
    }

    /// Waits until at most `limit` of this client's jobs are parked, or none will ever be.
    package func waitForRoom(_ client: SchedulerCore.ClientID, limit: Int) {
        room.wait { _ in
            monitor.withLock { state in state.core.parked(of: client) <= limit || state.isClosed }
                ? .done(()) : .sleep()
        }
    }

    /// How many of this client's jobs were accepted beyond the queue's bound.
    package func parkedCount(of client: SchedulerCore.ClientID) -> Int {
        monitor.withLock { state in state.isClosed ? 0 : state.core.parked(of: client) }
    }

    /// Ends a job early; its result arrives through `onEnd`, for one that has not begun before this returns. False when
    /// it had ended before.
    @discardableResult
    package func end(_ job: JobID, _ reason: EndReason, onlyWaiting: Bool = false) -> Bool {
        let hasEnded = change { state in state.end(job, reason, onlyWaiting: onlyWaiting) }
        return hasEnded
    }

    /// Drops jobs whose results nobody wants: their rollouts are free at once, and `onEnd` is never called.
    package func abandon(_ jobs: [JobID]) {
        change { state in
            for job in jobs {
                state.core.abandon(job)
                state.drop(job)
            }
        }
    }

    /// Takes no jobs any more, and gives those that have not begun back: their `onEnd` gets `.refused`.
    package func close() {
        let refused = change { state in
            state.isClosed = true
            return state.core.dropWaiting().compactMap { state.drop($0)?.job }
        }
        for job in refused { job.onEnd(.refused) }
    }

    /// Ends every job; their results still arrive.
    package func endAll(_ reason: EndReason) { change { state in state.endAll(reason) } }

    package var load: Load {
        monitor.withLock { state in
            let rates = state.window.rates(now: MonotonicClock.now)
            return Load(
                queued: state.core.waiting, active: state.core.activeJobs, rolloutsAlive: state.core.rolloutsAlive,
                steps: state.core.totalSteps, batches: state.batches, stepsPerSecond: rates?.steps ?? 0,
                occupancy: min(1, (rates?.busyThreads ?? 0) / Double(threadCount)))
        }
    }

    package var heartbeat: Heartbeat {
        monitor.withLock { state in Heartbeat(beats: state.beats, isIdle: state.core.isIdle) }
    }

    /// Sets the memory that searches may take together; to be called before the first is submitted.
    package func setMemory(_ budget: MemoryBudget) {
        monitor.withLock { state in state.core.setMemory(budget) }
    }

    /// Lets no more jobs of a client begin, or lets them again.
    package func hold(_ client: SchedulerCore.ClientID, _ isHeld: Bool) {
        change { state in state.core.hold(client, isHeld) }
    }

    /// Stops the compute threads and waits for them. Jobs that have not ended never will: end them first.
    package func stop() {
        monitor.withLock { state in
            state.isStopped = true
            state.isClosed = true
        }
        monitor.wakeAll()
        wakeWaiters()
        let joined = threads.withLock { list in
            defer { list = [] }
            return list
        }
        for thread in joined { thread.join() }
    }

    /// Changes the state, delivers what has ended by it, and wakes whoever may go on.
    @discardableResult
    func change<Result>(_ body: (inout State) -> Result) -> Result {
        let (result, ended) = monitor.withLock { state in
            (body(&state), state.takeResults(now: MonotonicClock.now))
        }
        monitor.wakeAll()
        deliver(ended)
        return result
    }

    func deliver(_ results: [(SolveJob, JobEnd)]) {
        for (job, end) in results { job.onEnd(end) }
        wakeWaiters()
    }

    private func wakeWaiters() {
        // Under the lock that waiters sleep on, so that none looks just before and sleeps just after.
        room.withLock { _ in }
        room.wakeAll()
    }
}
