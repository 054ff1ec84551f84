import Problems
package import Rollouts
import Threading

/// Runs searches of many puzzles on threads of its own.
package final class ComparisonWorkers: Sendable {
    private typealias Finished = (order: Int, isRight: Bool, steps: Int)

    private struct State {
        var next = 0
        var finished: [Finished] = []
        var isStopped = false
    }

    private let items: [EvaluationItem]
    private let settings: [SearchSettings]
    private let monitor = Monitor(State())

    /// - Parameter settings: of each procedure.
    package init(items: [EvaluationItem], settings: [SearchSettings]) {
        self.items = items
        self.settings = settings
    }

    /// What each procedure did, by puzzle; nil when the system has no thread to give.
    /// - Parameter ended: called on this thread after each search with its steps.
    package func run(threads count: Int, ended: (_ steps: Int) -> Void) -> [[(isRight: Bool, steps: Int)]]? {
        let threads = (0..<max(1, count)).compactMap { number in
            DedicatedThread(name: "compare-\(number)") { [self] in work() }
        }
        guard !threads.isEmpty else { return nil }
        defer {
            monitor.withLock { $0.isStopped = true }
            for thread in threads { thread.join() }
        }
        var results = [[(isRight: Bool, steps: Int)]](
            repeating: Array(repeating: (false, 0), count: items.count), count: settings.count)
        let total = items.count * settings.count
        var done = 0
        while done < total {
            let ready: [Finished] = monitor.wait { state in
                guard !state.finished.isEmpty else { return .sleep() }
                defer { state.finished = [] }
                return .done(state.finished)
            }
            for (order, isRight, steps) in ready {
                results[order % settings.count][order / settings.count] = (isRight, steps)
                ended(steps)
                done += 1
            }
        }
        return results
    }

    private func work() {
        var runner: SearchRunner?
        while let order = claim() {
            let item = items[order / settings.count]
            let current = runner ?? SearchRunner(model: item.problem.model)
            runner = current
            let outcome = current.run(
                item.problem, settings[order % settings.count],
                isCancelled: { monitor.withLock { state in state.isStopped } })
            guard let outcome else { return }
            let isRight = outcome.selected.map { item.assess($0.candidate.tokens).isRight } ?? false
            monitor.withLock { $0.finished.append((order, isRight, outcome.steps)) }
            monitor.wakeAll()
        }
    }

    private func claim() -> Int? {
        monitor.withLock { state in
            guard !state.isStopped, state.next < items.count * settings.count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }
}
