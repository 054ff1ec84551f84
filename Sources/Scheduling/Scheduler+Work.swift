import Puzzles
import Rollouts
import TRM
import Threading

extension Scheduler {
    /// What a compute thread does next, with the payload it needs.
    enum Assignment {
        case steps(TRMModel, [(step: SchedulerCore.Step, job: SolveJob, rollout: RolloutState)])
        case decode(SchedulerCore.JobID, SolveJob, [(number: Int, rollout: RolloutState)])
        case deliver([(SolveJob, JobResult)])
        case stop
    }

    /// The life of a compute thread.
    func work() {
        var workspaces = WorkspaceCache()
        while true {
            switch nextAssignment() {
            case .stop: return
            case .deliver(let results):
                for (job, result) in results { job.onEnd(.finished(result)) }
            case .steps(let model, let batch): step(batch, model: model, workspaces: &workspaces)
            case .decode(let id, let job, let rollouts): decode(rollouts, of: job, id: id, workspaces: &workspaces)
            }
        }
    }

    private func nextAssignment() -> Assignment {
        monitor.wait { state in
            if state.isStopped { return .done(.stop) }
            let now = MonotonicClock.now
            state.core.expire(now: now)
            let results = state.takeResults(now: now)
            if !results.isEmpty { return .done(.deliver(results)) }
            if let assignment = state.nextAssignment(now: now) { return .done(assignment) }
            return .sleep(until: state.core.nextExpiry)
        }
    }

    private func step(
        _ batch: [(step: SchedulerCore.Step, job: SolveJob, rollout: RolloutState)], model: TRMModel,
        workspaces: inout WorkspaceCache
    ) {
        let workspace = workspaces.workspace(for: model)
        var slots = batch.map { $0.rollout.slot(for: $0.step.order, of: $0.job) }
        model.step(&slots, in: workspace)
        var progress: [(SolveJob, JobProgress)] = []
        monitor.withLock { state in
            state.batches += 1
            let now = MonotonicClock.now
            for (entry, slot) in zip(batch, slots) {
                let report = StepReport(q: slot.q, isFinite: slot.isFinite)
                state.core.record(report, of: entry.step.order.rollout, job: entry.step.job)
                state.releaseCarries(of: entry.step.job)
                if let due = state.progressDue(entry.step.job, now: now) { progress.append((entry.job, due)) }
            }
        }
        monitor.wakeAll()
        for (job, report) in progress { job.onProgress?(report) }
    }

    private func decode(
        _ rollouts: [(number: Int, rollout: RolloutState)], of job: SolveJob, id: SchedulerCore.JobID,
        workspaces: inout WorkspaceCache
    ) {
        let workspace = workspaces.workspace(for: job.model)
        let checks = job.hasChecker && job.settings.verify != .off
        let candidates = rollouts.map { entry in
            entry.rollout.candidate(of: job, checks: checks, in: workspace)
        }
        monitor.withLock { state in
            for (entry, candidate) in zip(rollouts, candidates) {
                state.core.record(candidate, of: entry.number, job: id)
            }
            state.releaseCarries(of: id)
        }
        monitor.wakeAll()
    }
}

extension Scheduler.State {
    mutating func nextAssignment(now: UInt64) -> Scheduler.Assignment? {
        switch core.nextWork(now: now) {
        case nil: return nil
        case .decode(let id, let numbers):
            guard let running = jobs[id] else { return nil }
            return .decode(id, running.job, numbers.map { ($0, running.rollout($0)) })
        case .steps(let steps):
            var batch: [(step: SchedulerCore.Step, job: SolveJob, rollout: RolloutState)] = []
            for step in steps {
                guard let running = jobs[step.job] else { continue }
                batch.append((step, running.job, running.rollout(step.order.rollout)))
            }
            guard let model = batch.first?.job.model else { return nil }
            return .steps(model, batch)
        }
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
        guard let running = jobs.removeValue(forKey: ended.job) else { return nil }
        let started = ended.started ?? now
        let result = JobResult(
            outcome: ended.outcome, queueTime: started - min(started, ended.arrived),
            computeTime: now - min(now, started))
        if var next = running.job.next?(result) {
            next.onProgress = running.job.onProgress
            next.onEnd = running.job.onEnd
            next.next = running.job.next
            jobs[ended.job] = RunningJob(next, now: now)
            core.resume(submission(of: next, id: ended.job), arrived: ended.arrived)
            return nil
        }
        if !jobs.values.contains(where: { $0.job.model === running.job.model }) {
            models.removeAll { $0.model === running.job.model }
        }
        return (running.job, result)
    }

    mutating func releaseCarries(of id: SchedulerCore.JobID) {
        guard let running = jobs[id] else { return }
        for number in core.takeReleased(of: id) { running.rollouts[number] = nil }
    }

    mutating func progressDue(_ id: SchedulerCore.JobID, now: UInt64) -> JobProgress? {
        guard let running = jobs[id], let interval = running.job.progressInterval,
            now - min(now, running.lastProgress) >= interval, let progress = core.progress(of: id)
        else { return nil }
        running.lastProgress = now
        return JobProgress(steps: progress.steps, rollouts: progress.rollouts, best: progress.best)
    }
}
