import JSON
import LineProtocol
import Problems
import Puzzles
import Rollouts
import Scheduling
import Solving
import Threading

extension Connection {
    /// A solve request between its line and its terminal reply.
    struct SolveState {
        var id: RequestID?
        /// Without its `puzzle`, which is read: it may be ten times as large, and a request may wait for long.
        var request: SolveRequest
        var prepared: PreparedRequest
        var job: Scheduler.JobID
        /// Monotonic nanoseconds.
        var arrived: UInt64
        /// Steps and conflicts in the last progress line, so that progress only goes forward.
        var progress = 0
        /// Control lines that wait for this request's terminal reply.
        var waiters: [Waiter] = []
    }

    /// Takes a solve request in: everything wrong with it is answered now, the rest waits for its search.
    func solve(_ request: SolveRequest, id: RequestID?, line: Int) {
        let arrived = MonotonicClock.now
        do throws(WireError) {
            if service.isDraining { throw .shuttingDown }
            let prepared = try service.prepare(request)
            let notes = Tasks.notes(onLink: request.puzzle)
            if !notes.isEmpty {
                monitor.withLock { state in
                    warn(notes.map { WireWarning(field: "puzzle", message: $0) }, id: id, line: line, &state)
                }
            }
            var request = request
            request.puzzle = .null
            let solve = SolveState(
                id: id, request: request, prepared: prepared, job: service.scheduler.makeJobID(), arrived: arrived)
            let (isOpen, older) = monitor.withLock { state in add(solve, line: line, &state) }
            guard isOpen else { throw .shuttingDown }
            if let older { service.scheduler.end(older, .superseded, onlyWaiting: true) }
            submit(solve, line: line)
        } catch {
            fail(error, id: id, line: line)
        }
    }

    /// Keeps a request; gives the job that it supersedes, if there is one.
    private func add(_ solve: SolveState, line: Int, _ state: inout State) -> (isOpen: Bool, older: Scheduler.JobID?) {
        guard !state.isDraining, !state.isClosed else { return (false, nil) }
        state.solves[line] = solve
        service.counters.solves(1)
        guard let key = solve.request.supersede.map({ Array($0.utf8) }) else { return (true, nil) }
        let older = state.newest.updateValue(line, forKey: key)
        return (true, older.flatMap { state.solves[$0]?.job })
    }

    private func submit(_ solve: SolveState, line: Int) {
        var job = SolveJob(client: client, solve.request, solve.prepared) { [self] in finish(line: line, $0) }
        job.arrived = solve.arrived
        job.clientLimit = options.maxInFlight ?? .max
        job.mayPark = options.overflow == .block
        job.onProgress = { [weak self] in self?.report($0, line: line) }
        let admission = service.scheduler.submit(job, as: solve.job)
        // The client may have gone after it was looked at and before the scheduler had the job.
        if monitor.withLock({ state in state.isClosed }) { return service.scheduler.abandon([solve.job]) }
        switch admission {
        case .accepted: break
        case .parked:
            if options.receiveWaits { service.scheduler.waitForRoom(client, limit: options.maxParked) }
        case .full(let time): refuse(line, .queueFull(retryAfterMs: milliseconds(time)))
        case .clientFull(let time):
            refuse(line, .clientFull(limit: options.maxInFlight ?? 0, retryAfterMs: milliseconds(time)))
        case .closed: refuse(line, .shuttingDown)
        }
    }

    /// Nanoseconds in whole milliseconds, rounded up.
    private func milliseconds(_ time: UInt64) -> Int { Int((time + 999_999) / 1_000_000) }

    /// Takes a request out of those that are open; nil when its terminal line is written or nobody wants it any more.
    private func remove(_ line: Int) -> SolveState? {
        monitor.withLock { state in
            guard let solve = state.solves.removeValue(forKey: line) else { return nil }
            service.counters.solves(-1)
            if let key = solve.request.supersede.map({ Array($0.utf8) }), state.newest[key] == line {
                state.newest[key] = nil
            }
            return solve
        }
    }

    /// A search's result: the terminal line, then the cancels that waited for it.
    private func finish(line: Int, _ end: JobEnd) {
        switch end {
        case .finished(let plan):
            guard let solve = remove(line) else { return }
            answer(solve, plan, line: line)
        case .refused: refuse(line, .shuttingDown)
        case .outOfMemory: refuse(line, .outOfMemory)
        }
    }

    private func refuse(_ line: Int, _ error: WireError) {
        guard let solve = remove(line) else { return }
        fail(error, id: solve.id, line: line)
        release(solve.waiters, cancelled: false)
    }

    private func answer(_ solve: SolveState, _ plan: Plan, line: Int) {
        let answer = AnswerReply(solve.prepared, plan, include: solve.request.include)
        service.counters.count(answer, latency: MonotonicClock.now - solve.arrived)
        terminate(line: line) { state in
            if answer.status != .solved { state.summary.unsolved += 1 }
            return Reply(id: solve.id, line: line, .answer(answer))
        }
        release(solve.waiters, cancelled: answer.stopReason == .cancelled)
        holdIfFull()
    }

    /// A client that does not read its replies gets no new searches until it does: what waits for it stays bounded.
    private func holdIfFull() {
        guard sink.isFull else { return }
        service.scheduler.hold(client, true)
        // It may have been read in the meantime, by someone who found nothing to let go.
        if !sink.isFull { service.scheduler.hold(client, false) }
    }

    /// The sink has room again.
    package func goOn() { service.scheduler.hold(client, false) }

    private func report(_ progress: JobProgress, line: Int) {
        monitor.withLock { state in
            guard let solve = state.solves[line] else { return }
            let reply = ProgressReply(progress)
            // Steps and conflicts only grow.
            guard reply.steps + reply.conflicts > solve.progress else { return }
            state.solves[line]?.progress = reply.steps + reply.conflicts
            emit(Reply(id: solve.id, line: line, .progress(reply)), .progress, line: line, &state)
        }
    }
}
