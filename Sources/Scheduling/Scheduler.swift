package import Rollouts
import TRM
import Threading

/// Runs searches on compute threads of its own: `SchedulerCore` decides, these threads step rollouts.
package final class Scheduler: Sendable {
    /// Names a submitted job.
    package typealias JobID = SchedulerCore.JobID

    /// What the scheduler is doing.
    package struct Load: Sendable {
        package var queued = 0
        package var active = 0
        /// Rollouts that have a step to do in their search's current round.
        package var rolloutsInRound = 0
        /// Supervision steps since the start.
        package var steps = 0
        /// Batches stepped since the start: `steps / batches` is their mean size.
        package var batches = 0
    }

    /// Whether the scheduler advances, for a watchdog: all is well when `beats` has changed since the last look, or
    /// when there is nothing to do. Reading it takes the scheduler's lock, so a reader that hangs says something too.
    package struct Heartbeat: Sendable, Hashable {
        /// Batches and decodings done since the start.
        package var beats = 0
        package var isIdle = true
    }

    let monitor: Monitor<State>
    let threads: Monitor<[DedicatedThread]>
    package let threadCount: Int

    /// Starts `threads` compute threads (at least one).
    package init(threads count: Int, policy: SchedulerCore.Policy = .init()) {
        threadCount = max(1, count)
        monitor = Monitor(State(core: SchedulerCore(policy: policy)))
        threads = Monitor([])
        for number in 0..<threadCount {
            // A system out of threads leaves fewer workers; with none, the first submission is refused.
            guard let thread = DedicatedThread(name: "ptrm-compute-\(number)", { [weak self] in self?.work() }) else {
                break
            }
            threads.withLock { list in list.append(thread) }
        }
    }

    /// Queues a job. Nil when the queue is full or the scheduler has stopped.
    package func submit(_ job: SolveJob) -> JobID? {
        defer { monitor.wakeAll() }
        return monitor.withLock { state in
            guard !state.isStopped, threads.withLock({ list in !list.isEmpty }) else { return nil }
            let id = state.nextJob
            let now = MonotonicClock.now
            let submission = state.submission(of: job, id: id)
            // The payload must be there before the core can hand out its first step.
            state.jobs[id] = RunningJob(job, now: now)
            guard state.core.submit(submission, now: now) else {
                state.jobs[id] = nil
                return nil
            }
            state.nextJob += 1
            return id
        }
    }

    /// Ends a job early; its result still arrives through `onEnd`. False when it had ended before.
    @discardableResult
    package func end(_ job: JobID, _ reason: EndReason) -> Bool {
        defer { monitor.wakeAll() }
        return monitor.withLock { state in state.core.end(job, reason) }
    }

    /// Gives back every job that has not begun; their `onEnd` gets `.refused`.
    package func refuseWaiting() {
        let refused = monitor.withLock { state in
            state.core.dropWaiting().compactMap { state.jobs.removeValue(forKey: $0)?.job }
        }
        for job in refused { job.onEnd(.refused) }
    }

    /// Ends every job; their results still arrive.
    package func endAll(_ reason: EndReason) {
        monitor.withLock { state in state.core.endAll(reason) }
        monitor.wakeAll()
    }

    /// True while one more job finds a place in the queue.
    package var hasRoom: Bool { monitor.withLock { state in state.core.hasRoom } }

    package var load: Load {
        monitor.withLock { state in
            Load(
                queued: state.core.queued, active: state.core.activeJobs, rolloutsInRound: state.core.rolloutsReady,
                steps: state.core.totalSteps, batches: state.batches)
        }
    }

    package var heartbeat: Heartbeat {
        monitor.withLock { state in Heartbeat(beats: state.batches, isIdle: state.core.isIdle) }
    }

    /// Stops the compute threads and waits for them. Jobs that have not ended never will: end them first.
    package func stop() {
        monitor.withLock { state in state.isStopped = true }
        monitor.wakeAll()
        let joined = threads.withLock { list in
            defer { list = [] }
            return list
        }
        for thread in joined { thread.join() }
    }
}

extension Scheduler {
    /// Everything behind the lock.
    struct State {
        var core: SchedulerCore
        var jobs: [JobID: RunningJob] = [:]
        var models: [(key: SchedulerCore.ModelKey, model: TRMModel)] = []
        var nextJob: JobID = 1
        var batches = 0
        var isStopped = false

        mutating func submission(of job: SolveJob, id: JobID) -> SchedulerCore.Submission {
            SchedulerCore.Submission(
                job: id, client: job.client, priority: job.priority, model: key(of: job.model),
                settings: job.settings, hasChecker: job.hasChecker, records: job.records)
        }

        /// A small number for each model that has jobs, so that the core needs no model.
        mutating func key(of model: TRMModel) -> SchedulerCore.ModelKey {
            if let entry = models.first(where: { $0.model === model }) { return entry.key }
            let key = (models.last?.key ?? 0) + 1
            models.append((key, model))
            return key
        }
    }
}
