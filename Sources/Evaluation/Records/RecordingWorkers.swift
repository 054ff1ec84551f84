import Problems

/// Records many puzzles on threads of its own.
package struct RecordingWorkers: Sendable {
    /// One puzzle under one condition.
    package struct Order: Sendable, Hashable {
        package var item: Int
        package var condition: Condition

        package init(item: Int, condition: Condition) {
            self.item = item
            self.condition = condition
        }
    }

    private let orders: OrderThreads<Order, PuzzleRecord>

    package init(items: [EvaluationItem], orders: [Order], K: Int, D: Int) {
        self.orders = OrderThreads(orders, name: "record") {
            var recorder: Recorder?
            return { order, isCancelled in
                let item = items[order.item]
                let current = recorder ?? Recorder(model: item.problem.model)
                recorder = current
                return current.record(
                    item, number: order.item, condition: order.condition, K: K, D: D, isCancelled: isCancelled)
            }
        }
    }

    /// Runs all orders and hands each record over on the calling thread, in the order in which they become ready.
    /// False when the system has no thread to give. When `take` throws, the rest is abandoned.
    package func run(threads count: Int, _ take: (Order, PuzzleRecord) throws -> Void) rethrows -> Bool {
        try orders.run(threads: count, take)
    }
}
