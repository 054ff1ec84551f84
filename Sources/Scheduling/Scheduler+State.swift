import Rollouts
import TRM

extension Scheduler {
    /// Everything behind the lock.
    struct State {
        var core: SchedulerCore
        var jobs: [JobID: RunningJob] = [:]
        /// The models that have jobs: a small number for each, so that the core needs no model, and how many.
        var models: [ObjectIdentifier: (key: SchedulerCore.ModelKey, jobs: Int)] = [:]
        var lastModel: SchedulerCore.ModelKey = 0
        /// Batches that idle workers may help with.
        var shared: [SharedSteps] = []
        var idleWorkers = 0
        var window: RateWindow
        var places = PlaceEstimate()
        var batches = 0
        var beats = 0
        var isClosed = false
        var isStopped = false

        init(core: SchedulerCore, window: RateWindow) {
            self.core = core
            self.window = window
        }
    }
}

extension Scheduler.State {
    mutating func submit(_ job: SolveJob, as id: Scheduler.JobID, now: UInt64) -> Scheduler.Admission {
        guard !isClosed else { return .closed }
        if core.isIdle { places.workBegan(now: now) }
        let submission = submission(of: job, as: id)
        jobs[id] = RunningJob(job, now: now)
        guard core.submit(submission, now: min(now, job.arrived ?? now)) else {
            drop(id)
            let isClientFull = core.placed(of: job.client) >= job.clientLimit
            let time = places.refuse(now: now)
            return isClientFull ? .clientFull(retryAfter: time) : .full(retryAfter: time)
        }
        return core.held(of: job.client) > 0 ? .held : .accepted
    }

    private mutating func submission(of job: SolveJob, as id: Scheduler.JobID) -> SchedulerCore.Submission {
        var submission = SchedulerCore.Submission(
            job: id, client: job.client, priority: job.priority, model: key(of: job.model), settings: job.settings,
            hasChecker: job.hasChecker, records: job.records)
        submission.groupSize = job.model.groupSize
        submission.maxAlive = job.maxAlive
        submission.clientLimit = job.clientLimit
        submission.mayBeHeld = job.mayBeHeld
        return submission
    }

    private mutating func key(of model: TRMModel) -> SchedulerCore.ModelKey {
        var entry = models[ObjectIdentifier(model)] ?? (lastModel + 1, 0)
        lastModel = max(lastModel, entry.key)
        entry.jobs += 1
        models[ObjectIdentifier(model)] = entry
        return entry.key
    }

    /// Forgets a job's payload, and its model when that has no other jobs.
    @discardableResult
    mutating func drop(_ id: Scheduler.JobID) -> RunningJob? {
        guard let running = jobs.removeValue(forKey: id) else { return nil }
        let model = ObjectIdentifier(running.job.model)
        models[model]?.jobs -= 1
        if let entry = models[model], entry.jobs == 0 {
            models[model] = nil
            core.forget(entry.key)
        }
        return running
    }

    mutating func nextAssignment(now: UInt64) -> Scheduler.Assignment? {
        // Entries are few, and a batch that has begun lets nobody in.
        for batch in shared {
            if let rank = batch.join() { return .help(batch, rank) }
        }
        switch core.nextWork(now: now, idleWorkers: idleWorkers) {
        case nil: return nil
        case .decode(let id, let numbers):
            guard let running = jobs[id] else { return nil }
            return .decode(id, running.job, numbers.map { ($0, running.rollout($0)) })
        case .steps(let steps, let helpers):
            let batch = steps.compactMap { step in
                jobs[step.job].map { (step, $0.job, $0.rollout(step.order.rollout)) }
            }
            guard let model = batch.first?.1.model else { return nil }
            return .steps(model, batch, helpers: helpers)
        }
    }

    /// Ends a job early, and with it the searches that would go on in its place.
    mutating func end(_ id: Scheduler.JobID, _ reason: EndReason, onlyWaiting: Bool = false) -> Bool {
        guard let running = jobs[id] else { return false }
        // A search that ends of itself at this moment keeps its own reason, so the job remembers that it was ended. The
        // same holds for one that has ended and whose result has not been taken: the core no longer knows it.
        let hasFollowers = running.job.next != nil && running.ending == nil
        let isBetween = core.jobs[id] == nil && hasFollowers && !onlyWaiting
        guard core.end(id, reason, onlyWaiting: onlyWaiting) || isBetween else { return false }
        if hasFollowers { running.ending = reason }
        return true
    }

    mutating func endAll(_ reason: EndReason) {
        for id in jobs.keys.sorted() { _ = end(id, reason) }
    }

    mutating func takeResults(now: UInt64) -> [(SolveJob, JobResult)] {
        var results: [(SolveJob, JobResult)] = []
        while true {
            // A search that goes on in another's place may end at once.
            let ended = core.takeEnded()
            if ended.isEmpty { return results }
            results += ended.compactMap { result(of: $0, now: now) }
        }
    }

    /// What an ended search gives its caller; nil when another goes on in its place.
    private mutating func result(of ended: SchedulerCore.Ended, now: UInt64) -> (SolveJob, JobResult)? {
        guard let running = drop(ended.job) else { return nil }
        let started = ended.started ?? now
        var result = JobResult(
            outcome: ended.outcome, queueTime: started - min(started, ended.arrived),
            computeTime: now - min(now, started))
        if let ending = running.ending { result.outcome.stopReason = ending.stopReason }
        if var next = running.job.next?(result), running.ending == nil {
            next.onProgress = running.job.onProgress
            next.onEnd = running.job.onEnd
            next.next = running.job.next
            next.clientLimit = running.job.clientLimit
            jobs[ended.job] = RunningJob(next, now: running.lastProgress)
            core.resume(submission(of: next, as: ended.job), arrived: ended.arrived)
            return nil
        }
        places.jobEnded(now: now)
        return (running.job, result)
    }

    mutating func releaseCarries(of id: Scheduler.JobID) {
        guard let running = jobs[id] else { return }
        for number in core.takeReleased(of: id) { running.rollouts[number] = nil }
    }

    mutating func progressDue(_ id: Scheduler.JobID, now: UInt64) -> JobProgress? {
        guard let running = jobs[id], let interval = running.job.progressInterval,
            now - min(now, running.lastProgress) >= interval, let progress = core.progress(of: id)
        else { return nil }
        running.lastProgress = now
        return JobProgress(steps: progress.steps, rollouts: progress.rollouts, best: progress.best)
    }
}
