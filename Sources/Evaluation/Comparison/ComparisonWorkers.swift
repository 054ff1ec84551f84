import Problems
package import Rollouts

/// Runs searches of many puzzles on threads of its own.
package struct ComparisonWorkers: Sendable {
    /// What one search did: whether it solved its puzzle, in how many supervision steps.
    package typealias Result = (isRight: Bool, steps: Int)

    private let items: [EvaluationItem]
    private let settings: [SearchSettings]

    /// - Parameter settings: of each procedure.
    package init(items: [EvaluationItem], settings: [SearchSettings]) {
        self.items = items
        self.settings = settings
    }

    /// What each procedure did, by puzzle; nil when the system has no thread to give.
    /// - Parameter ended: called on this thread after each search with its steps.
    package func run(threads count: Int, ended: (_ steps: Int) -> Void) -> [[Result]]? {
        // All procedures on a puzzle before the next one.
        let orders = items.indices.flatMap { item in settings.indices.map { (item: item, procedure: $0) } }
        let threads = OrderThreads<(item: Int, procedure: Int), Result>(orders, name: "compare") { [items, settings] in
            var runner: SearchRunner?
            return { order, isCancelled in
                let item = items[order.item]
                let current = runner ?? SearchRunner(model: item.problem.model)
                runner = current
                let outcome = current.run(item.problem, settings[order.procedure], isCancelled: isCancelled)
                return outcome.map { outcome in
                    (outcome.selected.map { item.assess($0.candidate.tokens).isRight } ?? false, outcome.steps)
                }
            }
        }
        var results = settings.map { _ in [Result](repeating: (false, 0), count: items.count) }
        let ran = threads.run(threads: count) { order, result in
            results[order.procedure][order.item] = result
            ended(result.steps)
        }
        return ran ? results : nil
    }
}
