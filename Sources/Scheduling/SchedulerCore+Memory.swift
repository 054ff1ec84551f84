package import Problems

/// Who may take memory, and who waits for it.
extension SchedulerCore {
    /// Sets the budget; to be called while nothing is active.
    package mutating func setMemory(_ budget: MemoryBudget) { memory = budget }

    /// Lets an active job do its first work, as soon as there is memory for it.
    mutating func begin(_ id: JobID) {
        guard let index = jobs.index(forKey: id) else { return }
        request(jobs.values[index].submission.memory, for: id)
        advance(id)
    }

    /// A search in slices holds more than at its start. One that there is no room for waits with what it has, but for one
    /// at a time, which may go on regardless: its own limit bounds it.
    mutating func grow(_ id: JobID, by bytes: Int) {
        guard let index = jobs.index(forKey: id), overdrawn != id else { return }
        let wanted = jobs.values[index].submission.memory + bytes
        if wanted > jobs.values[index].reserved { request(wanted, for: id) }
    }

    /// Reserves so many bytes for a job, or has it wait for them.
    private mutating func request(_ bytes: Int, for id: JobID) {
        guard let index = jobs.index(forKey: id) else { return }
        // Those who wait for memory of this kind come first.
        let part = memory.part(of: bytes)
        let isBlocked = stalled.contains { other in
            jobs[other]?.wanted.map { memory.part(of: $0) == part } ?? false
        }
        if !isBlocked, memory.move(from: jobs.values[index].reserved, to: bytes) {
            jobs.values[index].reserved = bytes
        } else if jobs.values[index].reserved > 0, overdrawn == nil {
            overdraw(id)
        } else {
            jobs.values[index].wanted = bytes
            stalled.append(id)
        }
    }

    private mutating func overdraw(_ id: JobID) {
        guard let index = jobs.index(forKey: id) else { return }
        memory.giveBack(jobs.values[index].reserved)
        jobs.values[index].reserved = 0
        overdrawn = id
    }

    /// A job that was taken out needs no memory any more.
    mutating func releaseMemory(of job: Job) {
        let id = job.submission.job
        memory.giveBack(job.reserved)
        freed += job.reserved
        if overdrawn == id { overdrawn = nil }
        if job.wanted != nil { stalled.removeAll { $0 == id } }
        serveStalled()
    }

    /// Gives memory to those who wait for it, in their order within each part of the budget.
    private mutating func serveStalled() {
        guard !stalled.isEmpty else { return }
        var blocked: Set<MemoryBudget.Part> = []
        var served: [JobID] = []
        for id in stalled {
            guard let index = jobs.index(forKey: id), let wanted = jobs.values[index].wanted else { continue }
            let part = memory.part(of: wanted)
            if !blocked.contains(part), memory.move(from: jobs.values[index].reserved, to: wanted) {
                jobs.values[index].reserved = wanted
            } else if jobs.values[index].reserved > 0, overdrawn == nil {
                overdraw(id)
            } else {
                blocked.insert(part)
                continue
            }
            jobs.values[index].wanted = nil
            served.append(id)
        }
        stalled.removeAll { jobs[$0]?.wanted == nil }
        for id in served { advance(id) }
    }

    /// Lets no more jobs of a client begin, or lets them again: one that does not read its replies gets no new ones.
    package mutating func hold(_ client: ClientID, _ isHeld: Bool) {
        if isHeld {
            heldClients.insert(client)
        } else if heldClients.remove(client) != nil {
            admit(client: client)
        }
    }

    /// Whether much memory was given back since this was last true: it should go to the system.
    package mutating func takeFreed(atLeast bytes: Int) -> Bool {
        guard freed >= bytes else { return false }
        freed = 0
        return true
    }
}
