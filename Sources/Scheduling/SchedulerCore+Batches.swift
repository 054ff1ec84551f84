import Rollouts

/// What the workers are handed.
extension SchedulerCore {
    /// Some candidates of the job that has waited longest; one that has more of them queues up again.
    mutating func nextDecode() -> Work? {
        while !decoding.isEmpty {
            let id = decoding.removeFirst()
            jobs[id]?.isInDecoding = false
            guard let index = jobs.index(forKey: id), !jobs.values[index].decodes.isEmpty else { continue }
            let rollouts = jobs.values[index].decodes.prefix(policy.maxDecodes)
            jobs.values[index].decodes.removeFirst(rollouts.count)
            jobs.values[index].outstanding += rollouts.count
            if !jobs.values[index].decodes.isEmpty { enqueueForDecoding(id) }
            return .decode(job: id, rollouts: Array(rollouts))
        }
        return nil
    }

    /// Steps of one model for one worker, of the jobs whose turn it is, or a slice of the job whose turn it is.
    mutating func nextBatch(now: Nanoseconds, idleWorkers: Int) -> Work? {
        var steps: [Step] = []
        // No more than this worker's share of what is left, busy workers counted: they come back for theirs, and nobody
        // still has a batch to do when the others have come to the end of a round.
        let sharers = max(idleWorkers + 1, policy.workers)
        var limit = (readySteps + sharers - 1) / sharers
        var model: ModelKey?
        while steps.count < limit,
            let (id, served) = model == nil ? fairness.beginTurn(now: now) : fairness.serve(model),
            let index = jobs.index(forKey: id)
        {
            if jobs.values[index].search == nil {
                setSliceReady(id, false)
                jobs.values[index].outstanding += 1
                if jobs.values[index].started == nil { start(id, now: now) }
                return .slice(job: id)
            }
            if model == nil {
                model = served
                // A group takes as long as its steps together: a client that has the machine to itself gains by it, with two
                // one would wait behind the other's.
                let group = clients.count == 1 ? jobs.values[index].submission.groupSize : 1
                limit = min(limit, batchLimit(of: served, group: group))
            }
            guard let order = jobs.values[index].ready.popFirst() else {
                fairness.setReady(id, false)
                continue
            }
            readySteps -= 1
            jobs.values[index].outstanding += 1
            if jobs.values[index].ready.isEmpty { fairness.setReady(id, false) }
            if jobs.values[index].started == nil { start(id, now: now) }
            steps.append(Step(job: id, order: order))
        }
        return steps.first.map { .steps(steps, helpers: helpers(for: $0, idleWorkers: idleWorkers)) }
    }

    /// Workers that may help with a batch: those that nothing else is left for, shared with the batches to come.
    func helpers(for step: Step, idleWorkers: Int) -> Int {
        let spare = idleWorkers - readySteps - decoding.count
        guard spare > 0, let model = jobs[step.job]?.submission.model,
            let time = stepTimes[model], time >= policy.minSharedStepTime
        else { return 0 }
        return spare / (1 + readySteps)
    }

    /// Tells how long a worker took for a batch of steps.
    /// - Parameter workers: how many shared it.
    package mutating func noteBatch(of model: ModelKey, steps: Int, workers: Int = 1, took time: Nanoseconds) {
        guard steps > 0 else { return }
        let mean = time / UInt64(steps) * UInt64(max(1, workers))
        stepTimes[model] = stepTimes[model].map { $0 - $0 / 8 + mean / 8 } ?? mean
    }

    /// Forgets a model that has no jobs any more.
    package mutating func forget(_ model: ModelKey) { stepTimes[model] = nil }

    private func batchLimit(of model: ModelKey, group: Int) -> Int {
        guard let time = stepTimes[model], time > 0 else { return 1 }
        return min(policy.maxBatch, max(1, group, Int(clamping: policy.batchTime / time)))
    }

    private mutating func start(_ id: JobID, now: Nanoseconds) {
        jobs[id]?.started = now
        let due = jobs[id]?.submission.settings.limits.timeMs.after(now) ?? .max
        if due < .max { expire(id, at: due) }
    }
}
