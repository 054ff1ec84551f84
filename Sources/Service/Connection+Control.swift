import LineProtocol
import Profiles
import Rollouts
import Scheduling
import Threading

extension Connection {
    /// A control line whose result follows the terminal line of a request that it ended.
    enum Waiter {
        case cancel(id: RequestID?, line: Int)
        /// The `cancel_all` of this line.
        case all(line: Int)
    }

    /// A `cancel_all` whose requests have not all got their terminal lines.
    struct CancelAll {
        var id: RequestID?
        var open: Int
        var cancelled = 0
    }

    /// Answers a control request: at once, except that `cancel_all` waits for the terminal lines of what it cancels and a
    /// reload may take a thread of its own.
    func control(_ method: ControlMethod, id: RequestID?, line: Int) {
        switch method {
        case .cancelAll: cancelAll(id: id, line: line)
        case .ping: succeed(.ping, id: id, line: line)
        case .version: succeed(.version(service.version), id: id, line: line)
        case .models: succeed(.models(service.modelInfos), id: id, line: line)
        case .profiles: succeed(.profiles(service.profileInfos), id: id, line: line)
        case .tasks: succeed(.tasks(service.taskInfos, settings: ProfileSchema.overrides), id: id, line: line)
        case .stats: succeed(.stats(service.stats), id: id, line: line)
        case .reload: reload(id: id, line: line)
        }
    }

    func succeed(_ result: ControlResult, id: RequestID?, line: Int) {
        service.counters.count(.results)
        terminate(line: line) { _ in Reply(id: id, line: line, .result(result)) }
    }

    /// Reading models takes seconds if they are large: a thread that serves others too must not stand still for it.
    private func reload(id: RequestID?, line: Int) {
        monitor.withLock { state in state.isReloading = true }
        let answer: @Sendable (ReloadInfo) -> Void = { [self] info in
            service.counters.count(.results)
            service.clientReloaded(info)
            terminate(line: line) { state in
                state.isReloading = false
                return Reply(id: id, line: line, .result(.reload(info)))
            }
        }
        if options.receiveWaits { answer(service.reload()) } else { service.reload(then: answer) }
    }

    func cancel(_ target: RequestID, id: RequestID?, line: Int) {
        let job = monitor.withLock { state -> Scheduler.JobID? in
            guard let solveLine = state.ids.line(of: target), let solve = state.solves[solveLine] else { return nil }
            state.solves[solveLine]?.waiters.append(.cancel(id: id, line: line))
            return solve.job
        }
        guard let job else { return succeed(.cancel(false), id: id, line: line) }
        service.scheduler.end(job, .cancelled)
    }

    /// Ends every solve request of this connection.
    private func cancelAll(id: RequestID?, line: Int) {
        let jobs = monitor.withLock { state in
            for solveLine in state.solves.keys { state.solves[solveLine]?.waiters.append(.all(line: line)) }
            if !state.solves.isEmpty { state.cancelAlls[line] = CancelAll(id: id, open: state.solves.count) }
            return state.solves.values.map(\.job).sorted()
        }
        guard !jobs.isEmpty else { return succeed(.cancelAll(0), id: id, line: line) }
        for job in jobs { service.scheduler.end(job, .cancelled) }
    }

    /// A request has its terminal line: answers the control lines that waited for it.
    func release(_ waiters: [Waiter], cancelled: Bool) {
        for waiter in waiters {
            switch waiter {
            case .cancel(let id, let line): succeed(.cancel(cancelled), id: id, line: line)
            case .all(let line):
                let done = monitor.withLock { state -> CancelAll? in
                    guard var all = state.cancelAlls.removeValue(forKey: line) else { return nil }
                    all.open -= 1
                    if cancelled { all.cancelled += 1 }
                    if all.open > 0 { state.cancelAlls[line] = all }
                    return all.open > 0 ? nil : all
                }
                if let done { succeed(.cancelAll(done.cancelled), id: done.id, line: line) }
            }
        }
    }
}
