import LineProtocol
import Rollouts
import Scheduling
import Threading

extension Connection {
    /// Answers a control request: at once, except that a cancel waits for the terminal line of what it cancels.
    func control(_ request: Request, id: RequestID?, line: Int) {
        switch request {
        case .cancel(let target): cancel(target, id: id, line: line)
        case .cancelAll: succeed(.cancelAll(cancelEverything()), id: id, line: line)
        case .ping: succeed(.ping, id: id, line: line)
        case .version: succeed(.version(service.version), id: id, line: line)
        case .models: succeed(.models(service.modelInfos), id: id, line: line)
        case .profiles: succeed(.profiles(service.profileInfos), id: id, line: line)
        case .stats: succeed(.stats(service.stats), id: id, line: line)
        case .reload: succeed(.reload(service.reload()), id: id, line: line)
        case .solve: break  // `receive` sends these to `solve`.
        }
    }

    func succeed(_ result: ControlResult, id: RequestID?, line: Int) {
        service.counters.count(.results)
        terminate(line: line) { _ in .result(ResultReply(id: id, line: line, result)) }
    }

    private func cancel(_ target: RequestID, id: RequestID?, line: Int) {
        let found = monitor.withLock { state -> Int? in
            guard let solveLine = state.ids.line(of: target), state.solves[solveLine] != nil else { return nil }
            state.solves[solveLine]?.cancels.append((id, line))
            return solveLine
        }
        guard let found else { return succeed(.cancel(false), id: id, line: line) }
        end(found, .cancelled)
    }

    /// Ends every solve request of this connection and tells how many there were.
    private func cancelEverything() -> Int {
        let lines = monitor.withLock { state in state.solves.keys.sorted() }
        for line in lines { end(line, .cancelled) }
        return lines.count
    }

    /// Ends one solve request, wherever it is: held here, on its way to the scheduler, queued or running.
    func end(_ line: Int, _ reason: EndReason) {
        enum Place { case held, scheduled(UInt64), onTheWay }
        let place = monitor.withLock { state -> Place? in
            guard let solve = state.solves[line] else { return nil }
            if let job = solve.job { return .scheduled(job) }
            if let index = state.held.firstIndex(of: line) {
                state.held.remove(at: index)
                return .held
            }
            state.solves[line]?.endReason = reason
            return .onTheWay
        }
        switch place {
        case .held: finishUnstarted(line, reason)
        case .scheduled(let job): service.scheduler.end(job, reason)
        case .onTheWay, nil: break
        }
    }
}
