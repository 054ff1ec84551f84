import Exact
import Problems
import Rollouts
import TRM
import Verifiers

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
        /// Jobs that were given up for want of memory.
        var failed: [SolveJob] = []
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
        guard let running = RunningJob(job, plan: job.plan, now: now) else { return .closed }
        let submission = start(running, as: id)
        guard core.submit(submission, now: min(now, job.arrived ?? now)) else {
            drop(id)
            let isClientFull = core.placed(of: job.client) >= job.clientLimit
            let time = places.refuse(now: now)
            return isClientFull ? .clientFull(retryAfter: time) : .full(retryAfter: time)
        }
        return core.parked(of: job.client) > 0 ? .parked : .accepted
    }

    /// Keeps a search's payload; what the core needs to know of it.
    private mutating func start(_ running: RunningJob, as id: Scheduler.JobID) -> SchedulerCore.Submission {
        jobs[id] = running
        let job = running.job
        var submission = SchedulerCore.Submission(
            job: id, client: job.client, priority: job.priority, model: SchedulerCore.slices,
            settings: SearchSettings(), hasChecker: true)
        submission.settings.limits = running.limits
        submission.memory = running.memory
        submission.puzzleMemory = job.plan.puzzleMemory
        if let search = running.rollouts?.search {
            let model = search.problem.model
            submission.model = key(of: model)
            submission.settings = search.settings
            submission.hasChecker = search.problem.hasChecker
            submission.board = search.problem.board
            submission.records = search.records
            submission.groupSize = model.groupSize
            submission.maxAlive = search.maxAlive
        }
        submission.clientLimit = job.clientLimit
        submission.mayPark = job.mayPark
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
        guard let search = running.rollouts?.search else { return running }
        if running.verdicts.isWaiting { search.problem.verifier?.forget(id) }
        let model = ObjectIdentifier(search.problem.model)
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
        while true {
            guard let work = core.nextWork(now: now, idleWorkers: idleWorkers) else { return nil }
            if let assignment = assignment(for: work) { return assignment }
            // The search that it was for could not get its memory: another's turn.
            guard !failed.isEmpty else { return nil }
        }
    }

    private mutating func assignment(for work: SchedulerCore.Work) -> Scheduler.Assignment? {
        switch work {
        case .decode(let id, let numbers):
            guard let (search, set) = jobs[id]?.rollouts else { return nil }
            return .decode(id, search, numbers.map { ($0, set[$0]) })
        case .steps(let steps, let helpers):
            var batch: [Scheduler.BatchEntry] = []
            for step in steps {
                guard let running = jobs[step.job], let set = running.rollouts?.set else { continue }
                if running.takeMemory() {
                    batch.append((step, running.job, set[step.order.rollout]))
                } else {
                    giveUp(step.job)
                }
            }
            guard let model = batch.first.flatMap({ jobs[$0.step.job]?.rollouts?.search.problem.model }) else {
                return nil
            }
            return .steps(model, batch, helpers: helpers)
        case .slice(let id):
            guard let running = jobs[id] else { return nil }
            switch running.search {
            case .rollouts: return nil
            case .exact(let search): return .slice(id, running.job, search)
            case .deduction(let run): return .pass(id, running.job, run)
            }
        }
    }

    /// Ends a job for which the system has no memory.
    private mutating func giveUp(_ id: Scheduler.JobID) {
        guard let running = drop(id) else { return }
        core.abandon(id)
        failed.append(running.job)
    }

    /// Ends a job early, and with it the searches that would go on in its place.
    mutating func end(_ id: Scheduler.JobID, _ reason: EndReason, onlyWaiting: Bool = false) -> Bool {
        guard let running = jobs[id] else { return false }
        // A search that has ended and whose result has not been taken is unknown to the core, but others may follow it.
        let isBetween = core.jobs[id] == nil && !onlyWaiting
        let hasEnded = core.end(id, reason, onlyWaiting: onlyWaiting)
        giveUpVerdicts()
        guard hasEnded || isBetween else { return false }
        // Also for a search that ends of itself at this moment and keeps its own reason.
        return running.plan.end(reason) || hasEnded
    }

    /// Jobs that were ended from outside wait for no verdicts: their candidates stay unchecked.
    mutating func giveUpVerdicts() {
        for id in core.takeEnding() {
            guard let running = jobs[id] else { continue }
            for waiting in running.verdicts.giveUp() {
                core.recordJudged(waiting.candidate, of: waiting.rollout, job: id)
            }
            running.rollouts?.search.problem.verifier?.forget(id)
            releaseCarries(of: id)
        }
    }

    mutating func endAll(_ reason: EndReason) {
        for id in jobs.keys.sorted() { _ = end(id, reason) }
    }

    mutating func takeResults(now: UInt64) -> [(SolveJob, JobEnd)] {
        var results = failed.map { ($0, JobEnd.outOfMemory) }
        failed = []
        while true {
            // A search that goes on in another's place may end at once.
            let ended = core.takeEnded()
            if ended.isEmpty { return results }
            results += ended.compactMap { result(of: $0, now: now).map { ($0, .finished($1)) } }
        }
    }

    /// What a job whose search has ended gives its caller; nil when its plan goes on with another search.
    private mutating func result(of ended: SchedulerCore.Ended, now: UInt64) -> (SolveJob, Plan)? {
        guard let running = drop(ended.job) else { return nil }
        let started = ended.started ?? now
        guard let outcome = running.outcome(of: ended) else { return (running.job, running.plan) }
        running.plan.record(
            SearchResult(
                outcome, queueTime: started - min(started, ended.arrived), computeTime: now - min(now, started)))
        if let next = RunningJob(running.job, plan: running.plan, now: running.lastProgress) {
            core.resume(start(next, as: ended.job), arrived: ended.arrived)
            return nil
        }
        places.jobEnded(now: now)
        return (running.job, running.plan)
    }

    mutating func releaseCarries(of id: Scheduler.JobID) {
        guard let running = jobs[id] else { return }
        running.rollouts?.set.make(core.takeCopies(of: id))
        running.rollouts?.set.release(core.takeReleased(of: id))
    }

    /// - Parameters:
    ///   - conflicts: of the exact search that runs.
    ///   - passes: of the deduction that runs.
    mutating func progressDue(
        _ id: Scheduler.JobID, conflicts: Int = 0, passes: Int = 0, now: UInt64
    ) -> JobProgress? {
        guard let running = jobs[id], let interval = running.job.progressInterval,
            now - min(now, running.lastProgress) >= interval
        else { return nil }
        running.lastProgress = now
        var report = JobProgress(steps: running.plan.steps, rollouts: running.plan.rollouts)
        if let progress = core.progress(of: id) {
            report.steps += progress.steps
            report.rollouts += progress.rollouts
            report.best = progress.best
            report.problem = running.rollouts?.search.problem
        } else {
            report.conflicts = running.plan.conflicts + conflicts
            report.steps += passes
        }
        return report
    }
}

extension RunningJob {
    /// What the search that has ended came to.
    fileprivate func outcome(of ended: SchedulerCore.Ended) -> SearchResult.Outcome? {
        if let outcome = ended.outcome { return .rollouts(outcome) }
        if let deduction {
            // No slice is run any more. Its own end comes before one from outside.
            return deduction.end(ended.ending ?? .cancelled).map { .deduction($0) }
        }
        guard let exact else { return nil }
        var result = ExactResult(outcome: nil, conflicts: exact.conflicts, ending: ended.ending)
        // No slice is run any more: this only tells the outcome again.
        if ended.ending == nil, case .finished(let outcome) = exact.run(conflicts: 1) { result.outcome = outcome }
        return .exact(result)
    }
}
