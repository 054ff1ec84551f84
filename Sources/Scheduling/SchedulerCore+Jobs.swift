import Rollouts

extension SchedulerCore {
    /// A job from its submission to its end.
    struct Job: Sendable {
        let submission: Submission
        let arrived: Nanoseconds
        /// Nil for a search in slices.
        var search: Search?
        var isActive = false
        var isEnding = false
        /// Why it was ended from outside.
        var ending: EndReason?
        /// A slice waits for a worker.
        var isSliceReady = false
        /// Its last slice said so.
        var hasEndedItself = false
        /// When a worker took its first step.
        var started: Nanoseconds?
        /// Orders of the current round that no worker has taken yet.
        var ready: ArraySlice<StepOrder> = []
        /// Rollouts whose candidates the search asked for and no worker has taken yet.
        var decodes: ArraySlice<Int> = []
        /// Whether it stands in `decoding`.
        var isInDecoding = false
        /// Steps and candidates that workers are at.
        var outstanding = 0
        /// Of these, candidates that wait for a verdict.
        var awaited = 0
        /// Rollouts in the current round.
        var alive = 0
        /// Bytes of the memory budget that it has.
        var reserved = 0
        /// Bytes that it waits for; nil when it has what it needs.
        var wanted: Int?

        init(_ submission: Submission, arrived: Nanoseconds) {
            self.submission = submission
            self.arrived = arrived
            guard !submission.isSliced else { return }
            search = Search(
                settings: submission.settings, hasChecker: submission.hasChecker, records: submission.records,
                maxAlive: submission.maxAlive, board: submission.board)
        }

        /// When `deadline_ms`, which counts from arrival, is over; `.max` without one.
        var deadline: Nanoseconds { submission.settings.limits.deadlineMs.after(arrived) }

        /// The order in which a client's jobs begin. A point of priority is worth 100 ms of waiting: what waits gets
        /// ahead of everything of any priority that comes late enough, so that nothing starves.
        var urgency: Int64 {
            Int64(clamping: arrived / 2) - Int64(submission.priority) * 50_000_000
        }

        /// What one step costs in virtual time: half for every ten points of priority.
        var stepCost: Double {
            var cost = 1.0
            for _ in 0..<min(6, abs(submission.priority) / 10) { cost *= submission.priority > 0 ? 0.5 : 2 }
            return cost
        }
    }

    /// A client with jobs.
    struct Client: Sendable {
        var active = 0
        /// Jobs that wait in the queue, and beyond it.
        var queued = 0
        var parked = 0
        var limit = Int.max
        /// Everything that waits, the most urgent first.
        var waitingJobs = JobHeap<Int64>()

        var waiting: Int { queued + parked }
        /// Jobs that count against its limit.
        var placed: Int { active + queued }
    }

    /// Lets jobs of this client in, or of anybody, while there are places.
    mutating func admit(client: ClientID? = nil) {
        if let client, clients[client]?.active == 0, !heldClients.contains(client) { activateNext(of: client) }
        // What waits for verdicts leaves its place to others, to as many again at most: it has its carries in memory.
        while activeJobs - min(awaitingJobs, policy.maxActive) < policy.maxActive, let client = nextClient() {
            activateNext(of: client)
        }
    }

    /// The client whose job is let in next: of those with the fewest active ones, the one with the most urgent job.
    private mutating func nextClient() -> ClientID? {
        var best: (active: Int, urgency: Int64, job: JobID, client: ClientID)?
        for id in waitingClients where !heldClients.contains(id) {
            guard let client = clients[id], client.active < client.limit,
                best.map({ client.active <= $0.active }) ?? true,
                let first = firstWaiting(of: id)
            else { continue }
            let candidate = (client.active, first.key, first.job, id)
            if best.map({ candidate < ($0.active, $0.urgency, $0.job, $0.client) }) ?? true {
                best = (candidate.0, candidate.1, candidate.2, candidate.3)
            }
        }
        return best?.client
    }

    private mutating func firstWaiting(of client: ClientID) -> JobHeap<Int64>.Entry? {
        clients[client]?.waitingJobs.first { [jobs] in jobs[$0.job]?.isActive == false }
    }

    /// Lets a client's most urgent job take part in the batches.
    private mutating func activateNext(of id: ClientID) {
        guard let first = firstWaiting(of: id), let index = jobs.index(forKey: first.job) else { return }
        clients[id]?.waitingJobs.removeFirst()
        leaveQueue(of: id)
        jobs.values[index].isActive = true
        clients[id]?.active += 1
        activeJobs += 1
        let submission = jobs.values[index].submission
        fairness.add(submission.job, client: id, model: submission.model, cost: jobs.values[index].stepCost)
        fillQueue()
        begin(submission.job)
    }

    /// One job of this client waits no more.
    private mutating func leaveQueue(of id: ClientID) {
        guard var client = clients[id] else { return }
        if client.queued > 0 {
            client.queued -= 1
            inQueue -= 1
        } else if client.parked > 0 {
            client.parked -= 1
            parked -= 1
        }
        clients[id] = client
        if client.waiting == 0 { waitingClients.remove(id) }
        if client.parked == 0, let index = parkedClients.firstIndex(of: id) { parkedClients.remove(at: index) }
    }

    /// Gives places in the queue to parked jobs, one to each client in turn.
    private mutating func fillQueue() {
        var passed = 0
        while inQueue < policy.maxQueued, passed < parkedClients.count {
            let id = parkedClients.removeFirst()
            guard let client = clients[id], client.parked > 0 else { continue }
            if client.placed < client.limit {
                clients[id]?.parked -= 1
                clients[id]?.queued += 1
                parked -= 1
                inQueue += 1
                passed = 0
            } else {
                passed += 1
            }
            if clients[id]?.parked ?? 0 > 0 { parkedClients.append(id) }
        }
    }

    /// Asks the search for its next demand once everything it demanded before has been recorded.
    mutating func advance(_ id: JobID) {
        guard let index = jobs.index(forKey: id), jobs.values[index].isActive || jobs.values[index].isEnding,
            jobs.values[index].outstanding == 0, jobs.values[index].ready.isEmpty, jobs.values[index].decodes.isEmpty,
            jobs.values[index].wanted == nil || jobs.values[index].isEnding
        else { return }
        switch jobs.values[index].search?.next() {
        case nil where jobs.values[index].isEnding || jobs.values[index].hasEndedItself:
            let job = jobs.values[index]
            let ending = job.hasEndedItself ? nil : job.ending
            ended.append(Ended(job: id, outcome: nil, ending: ending, arrived: job.arrived, started: job.started))
            remove(id)
        case nil: setSliceReady(id, true)
        case .step(let orders):
            rolloutsAlive += orders.count - jobs.values[index].alive
            jobs.values[index].alive = orders.count
            setReady(id, orders[...])
        case .decode(let rollouts):
            jobs.values[index].decodes = rollouts[...]
            enqueueForDecoding(id)
        case .finished(let outcome):
            let job = jobs.values[index]
            ended.append(Ended(job: id, outcome: outcome, arrived: job.arrived, started: job.started))
            remove(id)
        }
    }

    mutating func enqueueForDecoding(_ id: JobID) {
        guard jobs[id]?.isInDecoding == false else { return }
        jobs[id]?.isInDecoding = true
        decoding.append(id)
    }

    mutating func setReady(_ id: JobID, _ orders: ArraySlice<StepOrder>) {
        guard let index = jobs.index(forKey: id) else { return }
        readySteps += orders.count - jobs.values[index].ready.count
        jobs.values[index].ready = orders
        fairness.setReady(id, !orders.isEmpty)
    }

    /// A slice counts as a step that waits.
    mutating func setSliceReady(_ id: JobID, _ isReady: Bool) {
        guard let index = jobs.index(forKey: id), jobs.values[index].isSliceReady != isReady else { return }
        jobs.values[index].isSliceReady = isReady
        readySteps += isReady ? 1 : -1
        fairness.setReady(id, isReady)
    }

    /// Takes a job out, and lets others into its place.
    mutating func remove(_ id: JobID) {
        setReady(id, [])
        setSliceReady(id, false)
        guard let job = jobs.removeValue(forKey: id) else { return }
        rolloutsAlive -= job.alive
        puzzleBytes -= job.submission.puzzleMemory
        if job.awaited > 0 { awaitingJobs -= 1 }
        let client = job.submission.client
        if job.isActive {
            fairness.remove(id)
            activeJobs -= 1
            clients[client]?.active -= 1
        } else {
            leaveQueue(of: client)
        }
        releaseMemory(of: job)
        fillQueue()
        admit(client: client)
        if let left = clients[client], left.active == 0, left.waiting == 0 { clients[client] = nil }
    }

    mutating func update(_ id: JobID, _ change: (inout Job) -> Void) {
        guard let index = jobs.index(forKey: id) else { return }
        change(&jobs.values[index])
        jobs.values[index].outstanding -= 1
        advance(id)
    }

    mutating func expire(_ job: JobID, at time: Nanoseconds) {
        expiries.insert(time, job, live: 2 * jobs.count) { [jobs] in jobs[$0.job]?.isEnding == false }
    }
}

extension Int? {
    /// The moment so many milliseconds after `start`; `.max` for nil or when it does not fit.
    func after(_ start: SchedulerCore.Nanoseconds) -> SchedulerCore.Nanoseconds {
        guard let self, self >= 0 else { return .max }
        let (length, overflow) = UInt64(self).multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return .max }
        let (end, late) = start.addingReportingOverflow(length)
        return late ? .max : end
    }
}
