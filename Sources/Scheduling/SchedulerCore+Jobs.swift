import Rollouts

extension SchedulerCore {
    /// A job that waits for a place among the active ones.
    struct WaitingJob: Sendable {
        var submission: Submission
        var arrived: Nanoseconds

        /// When `deadline_ms`, which counts from arrival, is over; `.max` without one.
        var deadline: Nanoseconds { submission.settings.limits.deadlineMs.after(arrived) }

        /// Priority grows by one for every 100 ms of waiting, so that nothing starves.
        func urgency(now: Nanoseconds) -> Int {
            submission.priority + Int(clamping: (now - min(arrived, now)) / 100_000_000)
        }
    }

    /// A job whose rollouts take part in the batches.
    struct ActiveJob: Sendable {
        var submission: Submission
        var search: Search
        var arrived: Nanoseconds
        var started: Nanoseconds?
        /// Orders of the current round that no worker has taken yet.
        var ready: ArraySlice<StepOrder> = []
        /// Rollouts whose candidates the search asked for and no worker has taken yet.
        var decodes: [Int] = []
        /// Steps and candidates that workers are at.
        var outstanding = 0
        var virtualTime: Double
        var isEnding = false

        /// When the first of its time limits is over.
        var due: Nanoseconds {
            let limits = submission.settings.limits
            let time = started.map { limits.timeMs.after($0) } ?? .max
            return min(time, limits.deadlineMs.after(arrived))
        }

        func isDue(_ now: Nanoseconds) -> Bool { !isEnding && due <= now }

        /// What one step costs in virtual time: half for every ten points of priority.
        var stepCost: Double {
            var cost = 1.0
            for _ in 0..<min(6, abs(submission.priority) / 10) { cost *= submission.priority > 0 ? 0.5 : 2 }
            return cost
        }
    }

    /// Moves waiting jobs to the active ones while there is a place: the most urgent first, then the oldest.
    mutating func admit(now: Nanoseconds) {
        while let index = nextToAdmit(now: now) {
            activate(waiting.remove(at: index))
        }
    }

    private func nextToAdmit(now: Nanoseconds) -> Int? {
        let hasPlace = active.count < policy.maxActive
        // A client with nothing active never waits behind another client's searches.
        let candidates = waiting.indices.filter {
            hasPlace || !active.contains { [client = waiting[$0].submission.client] in $0.submission.client == client }
        }
        return candidates.max {
            let (first, second) = (waiting[$0], waiting[$1])
            let (a, b) = (first.urgency(now: now), second.urgency(now: now))
            return a == b ? first.arrived >= second.arrived && $0 > $1 : a < b
        }
    }

    /// Starts a job's search. Newcomers begin at the least virtual time of those present: no credit for absence.
    mutating func activate(_ entry: WaitingJob) {
        let submission = entry.submission
        let floor = active.compactMap { clientTime[$0.submission.client] }.min() ?? 0
        clientTime[submission.client] = max(clientTime[submission.client] ?? 0, floor)
        let job = ActiveJob(
            submission: submission,
            search: Search(
                settings: submission.settings, hasChecker: submission.hasChecker, records: submission.records),
            arrived: entry.arrived,
            virtualTime: active.filter { $0.submission.client == submission.client }.map(\.virtualTime).min() ?? 0)
        active.append(job)
        advance(at: active.count - 1)
    }

    /// Asks the search for its next demand once everything it demanded before has been recorded.
    mutating func advance(at index: Int) {
        guard active[index].outstanding == 0, active[index].ready.isEmpty, active[index].decodes.isEmpty else { return }
        switch active[index].search.next() {
        case .step(let orders): active[index].ready = orders[...]
        case .decode(let rollouts): active[index].decodes = rollouts
        case .finished(let outcome):
            let job = active.remove(at: index)
            ended.append(
                Ended(job: job.submission.job, outcome: outcome, arrived: job.arrived, started: job.started))
            let client = job.submission.client
            if !active.contains(where: { $0.submission.client == client }) { clientTime[client] = nil }
        }
    }

    mutating func update(_ job: JobID, _ change: (inout ActiveJob) -> Void) {
        guard let index = active.firstIndex(where: { $0.submission.job == job }) else { return }
        change(&active[index])
        active[index].outstanding -= 1
        advance(at: index)
    }

    mutating func endActive(at index: Int, _ reason: EndReason) {
        guard !active[index].isEnding else { return }
        active[index].isEnding = true
        active[index].search.end(reason)
        active[index].ready = []
        active[index].decodes = []
        advance(at: index)
    }

    /// Fills a batch slot by slot from the jobs of one model that were charged least.
    mutating func nextBatch(now: Nanoseconds) -> [Step] {
        let perJob = active.count == 1 ? policy.batch : policy.sharedBatch
        var taken: [JobID: Int] = [:]
        var steps: [Step] = []
        var model: ModelKey?
        while steps.count < policy.batch {
            let open = active.indices.filter {
                let job = active[$0]
                return !job.ready.isEmpty && taken[job.submission.job, default: 0] < perJob
                    && (model == nil || model == job.submission.model)
            }
            guard let index = open.min(by: { charge(of: active[$0]) < charge(of: active[$1]) }),
                let order = active[index].ready.popFirst()
            else { break }
            let submission = active[index].submission
            model = submission.model
            taken[submission.job, default: 0] += 1
            active[index].outstanding += 1
            active[index].started = active[index].started ?? now
            let cost = active[index].stepCost
            active[index].virtualTime += cost
            clientTime[submission.client, default: 0] += cost
            steps.append(Step(job: submission.job, order: order))
        }
        return steps
    }

    private func charge(of job: ActiveJob) -> (Double, Double) {
        (clientTime[job.submission.client] ?? 0, job.virtualTime)
    }
}

extension Int? {
    /// The moment so many milliseconds after `start`; `.max` for nil or when it does not fit.
    fileprivate func after(_ start: SchedulerCore.Nanoseconds) -> SchedulerCore.Nanoseconds {
        guard let self, self >= 0 else { return .max }
        let (length, overflow) = UInt64(self).multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return .max }
        let (end, late) = start.addingReportingOverflow(length)
        return late ? .max : end
    }
}
