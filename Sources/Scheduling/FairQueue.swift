/// Whose step is next: between the clients, and for a client between its jobs.
///
/// Fair queueing on two levels, in a virtual time that goes on as steps are served. The client is next whose last step
/// finished first (start-time fair queueing), and of its jobs the one whose step will finish first: the finishing time of
/// the job's step before, plus the step's cost (self-clocked). Who was away
/// starts at the present time, so absence earns no credit, and a stream of newcomers cannot push the old ones back for
/// ever. Of equal times the job that was served less goes first: what ends soonest holds the others up least.
///
/// Beside the shares there is a bound on waiting: a job that has waited for `patience` is due, and every fourth turn is for
/// the one of these that has waited longest, whatever its cost. So nobody stands still, however many others are more urgent.
struct FairQueue: Sendable {
    typealias JobID = SchedulerCore.JobID
    typealias ClientID = SchedulerCore.ClientID
    typealias ModelKey = SchedulerCore.ModelKey
    typealias Nanoseconds = SchedulerCore.Nanoseconds

    private struct Client: Sendable {
        /// Virtual time at which its last step finished.
        var finish: Double
        /// The same for the last job served.
        var clock = 0.0
        var jobs = 0
        var ready = 0
    }

    private struct Job: Sendable {
        var client: ClientID
        var model: ModelKey
        var cost: Double
        var finish: Double
        var served = 0
        var isReady = false
        var isInLane = false
        /// When it was served last, or was ready first.
        var since: Nanoseconds = 0
        var isInWaits = false
    }

    private struct Key: Comparable, Sendable {
        var clientTime: Double
        var jobTime: Double
        var served: Int

        static func < (left: Key, right: Key) -> Bool {
            (left.clientTime, left.jobTime, left.served) < (right.clientTime, right.jobTime, right.served)
        }
    }

    private var clients: [ClientID: Client] = [:]
    private var jobs: [JobID: Job] = [:]
    private var lanes: [ModelKey: JobHeap<Key>] = [:]
    private var clock = 0.0
    /// All ready jobs by `since`; as in a lane, an entry may stand too far in front.
    private var waits = JobHeap<Nanoseconds>()
    private let patience: Nanoseconds
    /// The time of the last turn.
    private var now: Nanoseconds = 0
    /// Turns since the last one for a job that was due.
    private var turns = 0

    init(patience: Nanoseconds) { self.patience = patience }

    /// Takes a job in. It is not ready yet.
    mutating func add(_ job: JobID, client: ClientID, model: ModelKey, cost: Double) {
        let present = clients[client] ?? Client(finish: clock)
        clients[client] = present
        clients[client]?.jobs += 1
        jobs[job] = Job(client: client, model: model, cost: cost, finish: present.clock)
    }

    /// Takes a job out for good.
    mutating func remove(_ job: JobID) {
        setReady(job, false)
        guard let entry = jobs.removeValue(forKey: job), var client = clients[entry.client] else { return }
        client.jobs -= 1
        clients[entry.client] = client
        guard clients.count > 2 * jobs.count + 64 else { return }
        // A debt outlives the client's jobs until time has caught up with it; then nothing needs remembering.
        clients = clients.filter { $0.value.jobs > 0 || $0.value.finish > clock }
    }

    /// Whether the job has steps to hand out.
    mutating func setReady(_ job: JobID, _ isReady: Bool) {
        guard var entry = jobs[job], var client = clients[entry.client], entry.isReady != isReady else { return }
        entry.isReady = isReady
        if isReady {
            if client.ready == 0 { client.finish = max(client.finish, clock) }
            entry.finish = max(entry.finish, client.clock)
            entry.since = max(entry.since, now)
            client.ready += 1
        } else {
            client.ready -= 1
        }
        clients[entry.client] = client
        jobs[job] = entry
        if isReady { line(up: job) }
    }

    /// Serves the step that a turn begins with.
    mutating func beginTurn(now: Nanoseconds) -> (job: JobID, model: ModelKey)? {
        self.now = max(self.now, now)
        turns += 1
        if turns >= 4, let job = due(), let model = jobs[job]?.model {
            turns = 0
            charge(job)
            return (job, model)
        }
        return serve()
    }

    /// The job that has waited longest, if that is too long.
    private mutating func due() -> JobID? {
        while let entry = waits.first(where: { jobs[$0.job] != nil }) {
            guard let job = jobs[entry.job], job.isReady else {
                waits.removeFirst()
                jobs[entry.job]?.isInWaits = false
                continue
            }
            if job.since == entry.key { return now - min(now, job.since) >= patience ? entry.job : nil }
            waits.removeFirst()
            waits.insert(job.since, entry.job, live: jobs.count) { [jobs] in jobs[$0.job] != nil }
        }
        return nil
    }

    /// Serves one step: of this model, or of whichever has the first.
    mutating func serve(_ model: ModelKey? = nil) -> (job: JobID, model: ModelKey)? {
        let candidates = model.map { [$0] } ?? Array(lanes.keys)
        var best: (key: Key, job: JobID, model: ModelKey)?
        for model in candidates {
            guard let first = first(of: model) else { continue }
            if best.map({ (first.key, first.job) < ($0.key, $0.job) }) ?? true {
                best = (first.key, first.job, model)
            }
        }
        guard let best else { return nil }
        lanes[best.model]?.removeFirst()
        jobs[best.job]?.isInLane = false
        charge(best.job)
        return (best.job, best.model)
    }

    private mutating func charge(_ job: JobID) {
        guard var entry = jobs[job], var client = clients[entry.client] else { return }
        // The present is when the step that is served began: at its end it would be ahead of who is served next.
        clock = max(clock, client.finish)
        client.finish += entry.cost
        entry.finish += entry.cost
        client.clock = max(client.clock, entry.finish)
        entry.served += 1
        entry.since = now
        clients[entry.client] = client
        jobs[job] = entry
        line(up: job)
    }

    private mutating func line(up job: JobID) {
        guard let entry = jobs[job], entry.isReady, let key = key(of: job) else { return }
        jobs[job]?.isInLane = true
        jobs[job]?.isInWaits = true
        if !entry.isInLane {
            lanes[entry.model, default: JobHeap()].insert(key, job, live: jobs.count) { [jobs] in jobs[$0.job] != nil }
        }
        if !entry.isInWaits {
            waits.insert(entry.since, job, live: jobs.count) { [jobs] in jobs[$0.job] != nil }
        }
    }

    /// The first of a lane. Keys only grow, so an entry that is out of date stands too far in front, never too far
    /// back: it is put where it belongs when it gets to the top.
    private mutating func first(of model: ModelKey) -> JobHeap<Key>.Entry? {
        guard var lane = lanes.removeValue(forKey: model) else { return nil }
        var found: JobHeap<Key>.Entry?
        while found == nil, let entry = lane.first(where: { jobs[$0.job] != nil }), let key = key(of: entry.job) {
            if jobs[entry.job]?.isReady != true {
                lane.removeFirst()
                jobs[entry.job]?.isInLane = false
            } else if key == entry.key {
                found = entry
            } else {
                lane.removeFirst()
                lane.insert(key, entry.job, live: jobs.count) { [jobs] in jobs[$0.job] != nil }
            }
        }
        if !lane.isEmpty { lanes[model] = lane }
        return found
    }

    private func key(of job: JobID) -> Key? {
        guard let entry = jobs[job], let client = clients[entry.client] else { return nil }
        // The client's time without the step's cost: with it the cheaper of its jobs' steps would always be first.
        return Key(clientTime: client.finish, jobTime: entry.finish + entry.cost, served: entry.served)
    }
}
