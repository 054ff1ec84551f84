import Threading

/// Threads that all run one piece of work and then wait for the next; the calling thread is one of them.
final class Crew: Sendable {
    /// What a member does, given its rank; the calling thread's is 0.
    typealias Work = @Sendable (_ rank: Int) -> Void

    private struct State {
        /// Nil ends the threads.
        var work: Work?
        /// Counts what was given out.
        var round = 0
        /// Threads that have not finished this round.
        var busy = 0
    }

    /// The members, the calling thread included.
    let size: Int
    private let monitor: Monitor<State>
    private let threads: [DedicatedThread]
    /// How long a thread stays awake for the next round, which mostly follows at once (nanoseconds).
    private static let alertness: UInt64 = 1_000_000

    /// A crew of `size` members, or of as many as the system has threads for.
    init(size: Int) {
        let monitor = Monitor(State())
        var threads: [DedicatedThread] = []
        for rank in 1..<max(size, 1) {
            guard let thread = DedicatedThread(name: "bench", { Self.serve(monitor, rank: rank) }) else { break }
            threads.append(thread)
        }
        self.monitor = monitor
        self.threads = threads
        self.size = threads.count + 1
    }

    deinit {
        post(nil)
        for thread in threads { thread.join() }
    }

    /// Calls `work` once on every member and returns when all have returned. One thread may call this at a time.
    func run(_ work: @escaping Work) {
        post(work)
        work(0)
        monitor.wait(alertness: .max / 2) { state in state.busy == 0 ? .done(()) : .sleep() }
    }

    private func post(_ work: Work?) {
        monitor.withLock { state in
            state.work = work
            state.round += 1
            state.busy = threads.count
        }
        monitor.wakeAll()
    }

    private static func serve(_ monitor: Monitor<State>, rank: Int) {
        var seen = 0
        while true {
            let work = monitor.wait(alertness: alertness) { state -> Monitor<State>.Waiting<Work?> in
                guard state.round != seen else { return .sleep() }
                seen = state.round
                return .done(state.work)
            }
            guard let work else { return }
            work(rank)
            monitor.withLock { state in state.busy -= 1 }
            monitor.wakeAll()
        }
    }
}
