import DequeModule
import LineProtocol
import Puzzles
import Rollouts
import Scheduling
import Threading

extension Connection {
    /// A solve request between its line and its terminal reply.
    struct SolveState {
        var id: RequestID?
        var prepared: PreparedSolve
        var job: Scheduler.JobID?
        /// It was cancelled before the scheduler had it.
        var endReason: EndReason?
        /// Steps in the last progress line, so that progress only goes forward.
        var progressSteps = -1
        /// `cancel` lines that wait for this request's terminal reply.
        var cancels: [(id: RequestID?, line: Int)] = []
    }

    /// Takes a solve request in: everything wrong with it is answered now, the rest waits for its search.
    func solve(_ request: SolveRequest, id: RequestID?, line: Int) {
        do throws(WireError) {
            if service.isDraining { throw .shuttingDown }
            let prepared = try service.prepare(request)
            monitor.withLock { state in
                state.solves[line] = SolveState(id: id, prepared: prepared)
                state.held.append(line)
            }
            pump()
            waitForRoom()
        } catch {
            fail(error, id: id, line: line)
        }
    }

    /// Moves held requests into the scheduler's queue, in order, while it takes them.
    ///
    /// One thread at a time does this; `submit` runs outside the lock because it may deliver results.
    func pump() {
        let mayPump = monitor.withLock { state in
            defer { state.isPumping = true }
            return !state.isPumping
        }
        guard mayPump else { return }
        while let (line, job) = nextHeld() {
            if let id = service.scheduler.submit(job) {
                let ended = monitor.withLock { state -> EndReason? in
                    state.solves[line]?.job = id
                    return state.isClosed ? .cancelled : state.solves[line]?.endReason
                }
                if let ended { service.scheduler.end(id, ended) }
            } else if options.overflow == .reject {
                refuse(line)
            } else {
                monitor.withLock { state in
                    if state.solves[line] != nil { state.held.prepend(line) }
                    state.isPumping = false
                }
                // A place may have become free between the two locks.
                if service.scheduler.hasRoom { pump() }
                return
            }
        }
    }

    private func nextHeld() -> (Int, SolveJob)? {
        monitor.withLock { state in
            while let line = state.held.popFirst() {
                if let solve = state.solves[line] { return (line, job(for: solve, line: line)) }
            }
            state.isPumping = false
            return nil
        }
    }

    private func waitForRoom() {
        monitor.wait { state in
            state.held.count <= options.maxHeld || state.isClosed ? .done(()) : .sleep()
        }
    }

    private func refuse(_ line: Int) {
        guard let solve = monitor.withLock({ state in state.solves.removeValue(forKey: line) }) else { return }
        fail(.queueFull(retryAfterMs: service.retryAfterMs), id: solve.id, line: line)
    }

    private func job(for solve: SolveState, line: Int) -> SolveJob {
        var job = SolveJob(client: client, prepared: solve.prepared) { [self] in finish(line: line, $0) }
        job.onProgress = { [weak self] in self?.report($0, line: line) }
        return job
    }

    /// A search's result: the terminal line, then the cancels that waited for it.
    private func finish(line: Int, _ end: JobEnd) {
        guard let solve = monitor.withLock({ state in state.solves.removeValue(forKey: line) }) else { return }
        switch end {
        case .finished(let result): answer(solve, result, line: line)
        case .refused: refuseForShutdown(solve, line: line)
        }
        service.jobEnded()
    }

    /// Answers a request that never reached the scheduler.
    func finishUnstarted(_ line: Int, _ reason: EndReason) {
        guard let solve = monitor.withLock({ state in state.solves.removeValue(forKey: line) }) else { return }
        var search = Search(settings: solve.prepared.settings, hasChecker: solve.prepared.task.hasChecker)
        search.end(reason)
        guard case .finished(let outcome) = search.next() else { return }
        answer(solve, JobResult(outcome: outcome, queueTime: 0, computeTime: 0), line: line)
    }

    func refuseForShutdown(_ solve: SolveState, line: Int) {
        fail(.shuttingDown, id: solve.id, line: line)
        for cancel in solve.cancels { succeed(.cancel(false), id: cancel.id, line: cancel.line) }
    }

    private func answer(_ solve: SolveState, _ result: JobResult, line: Int) {
        let answer = service.answer(solve.prepared, result, id: solve.id, line: line)
        service.counters.count(answer)
        terminate(line: line) { state in
            if answer.status != .solved { state.summary.unsolved += 1 }
            return .answer(answer)
        }
        for cancel in solve.cancels {
            succeed(.cancel(answer.stopReason == .cancelled), id: cancel.id, line: cancel.line)
        }
    }

    private func report(_ progress: JobProgress, line: Int) {
        monitor.withLock { state in
            guard let solve = state.solves[line], progress.steps > solve.progressSteps else { return }
            state.solves[line]?.progressSteps = progress.steps
            let reply = ProgressReply(progress, of: solve.prepared, id: solve.id, line: line)
            emit(.progress(reply), .progress, line: line, &state)
        }
    }
}
