package import JSON

/// A generated puzzle with its only solution (a maze may have further shortest ways).
package struct GeneratedPuzzle: Sendable {
    package let task: String
    package let size: GridSize
    package let seed: UInt64
    package let index: Int
    package let puzzle: any Puzzle
    package let solution: PuzzleAnswer
    /// The search effort of a proof that there is no other solution: conflicts of a fresh solver, guesses of a sudoku
    /// search, steps of a maze's shortest path. Comparable within a task and size.
    package let difficulty: Int
    /// Equal for puzzles that are the same up to the symmetries of the task.
    package let fingerprint: UInt64

    /// The line of `ptrmd generate`, which is a request as well: `solution` and `meta` are for other readers.
    package var json: JSON {
        let notation = puzzle.link.map { JSON.string($0) } ?? puzzle.notation
        return [
            "id": .string("\(task)-\(size.text)-\(seed)-\(index)"),
            "task": .string(task),
            "puzzle": notation,
            "solution": solution.notation,
            "meta": ["difficulty": .integer(Int64(difficulty)), "index": .integer(Int64(index))],
        ]
    }
}

/// Lets the first of several puzzles through that are the same up to symmetry. Fed in the order of the puzzles' indices
/// it lets the same puzzles through however they were made.
package struct DuplicateFilter: Sendable {
    private var seen: Set<UInt64> = []

    package init() {}

    /// False for a puzzle that was there before.
    package mutating func admit(_ puzzle: GeneratedPuzzle) -> Bool { seen.insert(puzzle.fingerprint).inserted }
}
