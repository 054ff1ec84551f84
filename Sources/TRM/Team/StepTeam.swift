import Synchronization

/// Threads that do one thing together and then wait for the next: a step split by rows, or the workers of a benchmark.
///
/// The thread that calls `run` is member 0; the others belong to the team. They spin for a moment when there is nothing
/// to do, because the next step usually follows at once, and then sleep. One thread may lead at a time: `run` must
/// not be called from two threads at once, nor from inside itself.
package final class StepTeam: Sendable {
    /// What a member does; `context` is what `run` was given.
    typealias Work = @convention(c) (_ context: UnsafeMutableRawPointer, _ rank: Int) -> Void

    /// The team's members, the leader included.
    package let size: Int
    private let state: State
    private let threads: [Thread]
    let barrier: StepBarrier

    /// A team of `size` members, or of as many as the system has threads for.
    package init(size: Int) {
        let state = State()
        var threads: [Thread] = []
        for rank in 1..<max(size, 1) {
            guard let thread = Thread({ state.serve(rank: rank) }) else { break }
            threads.append(thread)
        }
        self.state = state
        self.threads = threads
        self.size = threads.count + 1
        barrier = StepBarrier(size: threads.count + 1)
    }

    deinit {
        state.post(nil, context: nil, helpers: 0)
        for thread in threads { thread.join() }
    }

    /// Calls `work` once for every member, on its own thread, and returns when all have returned.
    func run(_ work: Work, context: UnsafeMutableRawPointer) {
        state.post(work, context: context, helpers: size - 1)
        work(context, 0)
        state.waitForHelpers()
    }

    /// What leader and helpers share.
    ///
    /// `@unchecked Sendable`: `work` and `context` are written by the leader before it raises `epoch`, and read by
    /// helpers after they have seen it raised; the leader does not write again before `remaining` is zero.
    private final class State: @unchecked Sendable {
        private var work: Work?
        private var context: UnsafeMutableRawPointer?
        private let epoch = Atomic<Int>(0)
        private let remaining = Atomic<Int>(0)
        private let sleepers = SleepingPlace()

        /// Rounds of spinning before a thread sleeps or yields: some tens of microseconds.
        private static let patience = 20_000

        /// Nil work ends the helpers.
        func post(_ work: Work?, context: UnsafeMutableRawPointer?, helpers: Int) {
            self.work = work
            self.context = context
            remaining.store(helpers, ordering: .relaxed)
            sleepers.wake { _ = epoch.add(1, ordering: .releasing) }
        }

        func waitForHelpers() {
            var spins = 0
            while remaining.load(ordering: .acquiring) > 0 {
                spins += 1
                if spins > Self.patience { Thread.yieldNow() }
            }
        }

        func serve(rank: Int) {
            var seen = 0
            while true {
                var spins = 0
                while epoch.load(ordering: .acquiring) == seen, spins < Self.patience { spins += 1 }
                sleepers.sleep { epoch.load(ordering: .acquiring) == seen }
                seen += 1
                guard let work, let context else { return }
                work(context, rank)
                remaining.subtract(1, ordering: .releasing)
            }
        }
    }
}
