import Generation
import Puzzles
import Threading

/// Threads that make the puzzles of a series.
final class GenerationWorkers: Sendable {
    private struct State {
        var series: GenerationSeries
        var isStopped = false
    }

    private let monitor: Monitor<State>
    private let threads = Monitor<[DedicatedThread]>([])
    private let make: @Sendable (Int) -> Result<GeneratedPuzzle, GenerationError>

    /// - Parameter make: makes the puzzle with this index; called on the worker threads.
    init(_ series: GenerationSeries, make: @escaping @Sendable (Int) -> Result<GeneratedPuzzle, GenerationError>) {
        monitor = Monitor(State(series: series))
        self.make = make
    }

    /// False when the system has no thread to give; fewer than asked for are enough.
    func start(threads: Int) -> Bool {
        // Generators recurse as deep as a board has cells.
        let started = (0..<threads).compactMap { number in
            DedicatedThread(name: "generate-\(number)", stackSize: 8 << 20) { [self] in work() }
        }
        self.threads.withLock { $0 = started }
        return !started.isEmpty
    }

    /// Waits for the next puzzle; nil after the last.
    func next() throws(GenerationError) -> GeneratedPuzzle? {
        let result = monitor.wait { state -> Monitor<State>.Waiting<Result<GeneratedPuzzle?, GenerationError>> in
            // What is taken, repeated puzzles among it, makes room for further claims.
            defer { monitor.wakeAll() }
            do throws(GenerationError) {
                switch try state.series.next() {
                case .puzzle(let puzzle): return .done(.success(puzzle))
                case .waiting: return .sleep()
                case .finished: return .done(.success(nil))
                }
            } catch {
                return .done(.failure(error))
            }
        }
        return try result.get()
    }

    /// Ends each thread after the puzzle it is making.
    func stop() {
        monitor.withLock { $0.isStopped = true }
        monitor.wakeAll()
        let ended = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in ended { thread.join() }
    }

    private func work() {
        while let index = claim() {
            let result = make(index)
            monitor.withLock { $0.series.record(index, result) }
            monitor.wakeAll()
        }
    }

    private func claim() -> Int? {
        monitor.wait { state in
            if state.isStopped { return .done(nil) }
            return state.series.claim().map { .done($0) } ?? .sleep()
        }
    }
}
