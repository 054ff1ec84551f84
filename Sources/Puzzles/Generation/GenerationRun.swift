/// A series of different puzzles: those of a seed in the order of their indices, without the ones that are the same as an
/// earlier one up to symmetry. The series does not depend on the number of workers.
package struct GenerationRun: Sendable {
    package var generator: PuzzleGenerator
    package var size: GridSize?
    package var seed: UInt64
    package var options: GenerationOptions

    package init(
        _ generator: PuzzleGenerator, size: GridSize? = nil, seed: UInt64,
        options: GenerationOptions = GenerationOptions()
    ) {
        self.generator = generator
        self.size = size
        self.seed = seed
        self.options = options
    }

    /// Indices that one task of a worker makes: enough to hide the cost of a task.
    private static let chunk = 8
    /// So many repeated puzzles in a row mean that there are hardly any others, as with 4x4 sudoku.
    private static let patience = 2000

    /// Hands `count` puzzles to `emit`, one at a time. Throws what `emit` throws, and a `GenerationError` when a puzzle
    /// cannot be made or there are not so many different ones; the puzzles before that have been handed over.
    package func run(
        count: Int, workers: Int, emit: (GeneratedPuzzle) async throws -> Void
    ) async throws {
        guard count > 0 else { return }
        try await withThrowingTaskGroup(of: (Int, [Result<GeneratedPuzzle, GenerationError>]).self) { group in
            var started = 0
            func start() {
                let chunk = started
                started += 1
                group.addTask { (chunk, puzzles(of: chunk)) }
            }
            var finished: [Int: [Result<GeneratedPuzzle, GenerationError>]] = [:]
            var filter = DuplicateFilter()
            var next = 0
            var emitted = 0
            var repeated = 0
            func fill() {
                // A slow chunk holds the later ones back, but not without limit.
                while started - next - finished.count < max(1, workers), started - next < 8 * max(1, workers) {
                    start()
                }
            }
            fill()
            while let (chunk, results) = try await group.next() {
                finished[chunk] = results
                while let results = finished.removeValue(forKey: next) {
                    next += 1
                    for result in results {
                        let puzzle = try result.get()
                        guard filter.admit(puzzle) else {
                            repeated += 1
                            guard repeated < Self.patience else {
                                throw GenerationError(
                                    "only \(emitted) different puzzles found of \(count); the last \(repeated) were repeated",
                                    field: "count")
                            }
                            continue
                        }
                        repeated = 0
                        try await emit(puzzle)
                        emitted += 1
                        if emitted == count {
                            group.cancelAll()
                            return
                        }
                    }
                }
                fill()
            }
        }
    }

    private func puzzles(of chunk: Int) -> [Result<GeneratedPuzzle, GenerationError>] {
        var results: [Result<GeneratedPuzzle, GenerationError>] = []
        for index in chunk * Self.chunk..<(chunk + 1) * Self.chunk {
            if Task.isCancelled { break }
            do throws(GenerationError) {
                results.append(.success(try generator.generate(size: size, seed: seed, index: index, options: options)))
            } catch {
                results.append(.failure(error))
                break
            }
        }
        return results
    }
}
