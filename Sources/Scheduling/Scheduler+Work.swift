import Deduction
import Exact
import Platform
import Problems
import Rollouts
import TRM
import Threading

extension Scheduler {
    /// A step with the payload it needs.
    typealias BatchEntry = (step: SchedulerCore.Step, job: SolveJob, rollout: RolloutState)

    /// What a compute thread does next.
    enum Assignment {
        case steps(TRMModel, [BatchEntry], helpers: Int)
        case help(SharedSteps, Int)
        case slice(SchedulerCore.JobID, SolveJob, ExactSearch)
        /// A round of a deduction, which is a slice too.
        case pass(SchedulerCore.JobID, SolveJob, DeductionRun)
        case decode(SchedulerCore.JobID, RolloutSearch, [(number: Int, rollout: RolloutState)])
        case deliver([(SolveJob, JobEnd)])
        /// Give freed memory back to the system.
        case tidy
        case stop
    }

    /// How long a thread without work stays awake: longer than it takes to look at a step's results and begin the next
    /// (nanoseconds).
    private static let alertness: UInt64 = 300_000

    /// Bytes that searches must have freed for a thread without work to give them back to the system.
    private static let worthReturning = 8 << 20

    /// The life of a compute thread.
    func work() {
        var workspaces = WorkspaceCache()
        while true {
            switch nextAssignment() {
            case .stop: return
            case .deliver(let results): deliver(results)
            case .tidy: Process.returnFreedMemory()
            case .help(let steps, let rank): steps.help(as: rank)
            case .steps(let model, let batch, let helpers):
                step(batch, model: model, helpers: helpers, workspaces: &workspaces)
            case .decode(let id, let search, let rollouts):
                decode(rollouts, of: search, id: id, workspaces: &workspaces)
            case .slice(let id, let job, let search): run(search, of: job, id: id)
            case .pass(let id, let job, let search): pass(search, of: job, id: id, workspaces: &workspaces)
            }
        }
    }

    private func nextAssignment() -> Assignment {
        var isIdle = false
        return monitor.wait(alertness: Self.alertness) { state in
            if isIdle { state.idleWorkers -= 1 }
            isIdle = false
            if state.isStopped { return .done(.stop) }
            let now = MonotonicClock.now
            state.core.expire(now: now)
            state.giveUpVerdicts()
            let results = state.takeResults(now: now)
            if !results.isEmpty { return .done(.deliver(results)) }
            if let assignment = state.nextAssignment(now: now) { return .done(assignment) }
            // A search may have been given up for want of memory.
            let failed = state.takeResults(now: now)
            if !failed.isEmpty { return .done(.deliver(failed)) }
            if state.core.takeFreed(atLeast: Self.worthReturning) { return .done(.tidy) }
            isIdle = true
            state.idleWorkers += 1
            return .sleep(until: state.core.nextExpiry)
        }
    }

    private func step(
        _ batch: [BatchEntry], model: TRMModel, helpers: Int, workspaces: inout WorkspaceCache
    ) {
        let began = MonotonicClock.now
        let workspace = workspaces.workspace(for: model, teamSize: 1 + helpers)
        var slots = batch.map { $0.rollout.slot(for: $0.step.order) }
        var members = 1
        if workspace.teamSize > 1 && helpers > 0 {
            let shared = SharedSteps(model: model, slots: slots, workspace: workspace, helpers: helpers)
            monitor.withLock { state in state.shared.append(shared) }
            monitor.wakeAll()
            (slots, members) = shared.lead()
            monitor.withLock { state in state.shared.removeAll { $0 === shared } }
        } else {
            model.step(&slots, in: workspace)
        }
        let now = MonotonicClock.now
        var progress: [(SolveJob, JobProgress)] = []
        monitor.withLock { state in
            state.batches += 1
            state.note(model, steps: batch.count, members: members, took: now - began, now: now)
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

    /// Conflicts of a slice; a search ends a slice sooner when it takes long.
    private static let sliceConflicts = 200

    private func run(_ search: ExactSearch, of job: SolveJob, id: SchedulerCore.JobID) {
        let began = MonotonicClock.now
        let state = search.run(conflicts: Self.sliceConflicts)
        let (conflicts, memory) = (search.conflicts, search.memory)
        let progress = monitor.withLock { locked in
            let now = MonotonicClock.now
            locked.noteWork(took: now - began, now: now)
            locked.core.recordSlice(of: id, isLast: state != .running, memory: memory)
            return locked.progressDue(id, conflicts: conflicts, now: now)
        }
        monitor.wakeAll()
        if let progress { job.onProgress?(progress) }
    }

    private func pass(
        _ run: DeductionRun, of job: SolveJob, id: SchedulerCore.JobID, workspaces: inout WorkspaceCache
    ) {
        let began = MonotonicClock.now
        let before = run.tally.passes
        let outcome = run.advance(in: workspaces.workspace(for: run.plan.problem.model))
        let (passes, memory) = (run.tally.passes, run.memory)
        let progress = monitor.withLock { locked in
            let now = MonotonicClock.now
            locked.noteWork(steps: passes - before, took: now - began, now: now)
            locked.core.recordSlice(of: id, isLast: outcome != nil, memory: memory, steps: passes - before)
            return locked.progressDue(id, passes: passes, now: now)
        }
        monitor.wakeAll()
        if let progress { job.onProgress?(progress) }
    }

    private func decode(
        _ rollouts: [(number: Int, rollout: RolloutState)], of search: RolloutSearch, id: SchedulerCore.JobID,
        workspaces: inout WorkspaceCache
    ) {
        let began = MonotonicClock.now
        let workspace = workspaces.workspace(for: search.problem.model)
        let isJudged = search.settings.verify != .off
        let asks = search.problem.verifier != nil && (isJudged || search.settings.selection == .score)
        let withMargins = search.settings.proposals != nil && search.problem.board != nil
        let candidates = rollouts.map {
            $0.rollout.candidate(isJudged: isJudged, withMargins: withMargins, in: workspace)
        }
        monitor.withLock { state in
            let now = MonotonicClock.now
            state.note(search.problem.model, steps: 0, members: 1, took: now - began, now: now)
            guard !asks else { return }
            for (entry, candidate) in zip(rollouts, candidates) {
                state.core.record(candidate, of: entry.number, job: id)
            }
            state.releaseCarries(of: id)
        }
        if asks { ask(about: zip(rollouts, candidates).map { ($0.number, $1) }, of: search, id: id) }
        monitor.wakeAll()
    }
}

extension Scheduler.State {
    /// Counts a slice.
    fileprivate mutating func noteWork(steps: Int = 0, took: UInt64, now: UInt64) {
        beats += 1
        window.add(steps: steps, busy: took, now: now)
    }

    /// Counts work that was done.
    fileprivate mutating func note(_ model: TRMModel, steps: Int, members: Int, took: UInt64, now: UInt64) {
        beats += 1
        window.add(steps: steps, busy: took * UInt64(members), now: now)
        // A model whose jobs are all gone has no number any more.
        guard steps > 0, let entry = models[ObjectIdentifier(model)] else { return }
        core.noteBatch(of: entry.key, steps: steps, workers: members, took: took)
    }
}
