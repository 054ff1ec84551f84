import Threading

/// Does orders on threads of its own, and hands over what comes of them on the calling thread.
///
///     let ran = OrderThreads(puzzles, name: "record") { { puzzle, isCancelled in ... } }.run(threads: 2) { puzzle, record in ... }
final class OrderThreads<Order: Sendable, Output: Sendable>: Sendable {
    /// Does one order, on the thread that it was made on; nil when it was cancelled.
    typealias Work = (_ order: Order, _ isCancelled: () -> Bool) -> Output?

    private struct State {
        var orders: ArraySlice<Order>
        var finished: [(Order, Output)] = []
        var running = 0
        var isStopped = false
    }

    private let name: String
    private let makeWork: @Sendable () -> Work
    private let monitor: Monitor<State>

    /// - Parameter makeWork: called once on each thread, for what this keeps from order to order.
    init(_ orders: [Order], name: String, makeWork: @escaping @Sendable () -> Work) {
        self.name = name
        self.makeWork = makeWork
        monitor = Monitor(State(orders: orders[...]))
    }

    /// Does all orders and hands over each output, in the order in which they become ready. False when the system has no
    /// thread to give. When `take` throws, the rest is abandoned.
    func run(threads count: Int, _ take: (Order, Output) throws -> Void) rethrows -> Bool {
        let threads = (0..<max(1, count)).compactMap { number in
            DedicatedThread(name: "\(name)-\(number)") { [self] in work() }
        }
        guard !threads.isEmpty else { return false }
        defer {
            monitor.withLock { $0.isStopped = true }
            for thread in threads { thread.join() }
        }
        while true {
            let ready: [(Order, Output)]? = monitor.wait { state in
                if !state.finished.isEmpty {
                    defer { state.finished = [] }
                    return .done(state.finished)
                }
                return state.orders.isEmpty && state.running == 0 ? .done(nil) : .sleep()
            }
            guard let ready else { return true }
            for (order, output) in ready { try take(order, output) }
        }
    }

    private func work() {
        let work = makeWork()
        while let order = claim() {
            let output = work(order) { monitor.withLock { state in state.isStopped } }
            monitor.withLock { state in
                state.running -= 1
                if let output { state.finished.append((order, output)) }
            }
            monitor.wakeAll()
        }
    }

    private func claim() -> Order? {
        monitor.withLock { state in
            guard !state.isStopped, let order = state.orders.popFirst() else { return nil }
            state.running += 1
            return order
        }
    }
}
