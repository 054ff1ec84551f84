import Problems
import Threading

/// Records many puzzles on threads of its own.
package final class RecordingWorkers: Sendable {
    /// One puzzle under one condition.
    package struct Order: Sendable, Hashable {
        package var item: Int
        package var condition: Condition

        package init(item: Int, condition: Condition) {
            self.item = item
            self.condition = condition
        }
    }

    private struct State {
        var orders: ArraySlice<Order>
        var finished: [(Order, PuzzleRecord)] = []
        var running = 0
        var isStopped = false
    }

    private let items: [EvaluationItem]
    private let K: Int
    private let D: Int
    private let monitor: Monitor<State>

    package init(items: [EvaluationItem], orders: [Order], K: Int, D: Int) {
        self.items = items
        self.K = K
        self.D = D
        monitor = Monitor(State(orders: orders[...]))
    }

    /// Runs all orders and hands each record over on the calling thread, in the order in which they become ready.
    /// False when the system has no thread to give. When `take` throws, the rest is abandoned.
    package func run(threads count: Int, _ take: (Order, PuzzleRecord) throws -> Void) rethrows -> Bool {
        let threads = (0..<max(1, count)).compactMap { number in
            DedicatedThread(name: "record-\(number)") { [self] in work() }
        }
        guard !threads.isEmpty else { return false }
        defer {
            monitor.withLock { $0.isStopped = true }
            for thread in threads { thread.join() }
        }
        while true {
            let ready: [(Order, PuzzleRecord)]? = monitor.wait { state in
                if !state.finished.isEmpty {
                    defer { state.finished = [] }
                    return .done(state.finished)
                }
                return state.orders.isEmpty && state.running == 0 ? .done(nil) : .sleep()
            }
            guard let ready else { return true }
            for (order, record) in ready { try take(order, record) }
        }
    }

    private func work() {
        var recorder: Recorder?
        while let order = claim() {
            let item = items[order.item]
            let current = recorder ?? Recorder(model: item.problem.model)
            recorder = current
            let record = current.record(
                item, number: order.item, condition: order.condition, K: K, D: D,
                isCancelled: { monitor.withLock { state in state.isStopped } })
            monitor.withLock { state in
                state.running -= 1
                if let record { state.finished.append((order, record)) }
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
