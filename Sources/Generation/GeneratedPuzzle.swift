package import JSON
package import Puzzles
import Satisfiability

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

    /// The line of `ptrmd generate`: a request of the daemon, which leaves `solution` and `meta` to other readers.
    package var json: JSON {
        [
            "id": .string("\(task)-\(size.text)-\(seed)-\(index)"),
            "task": .string(task),
            "puzzle": puzzle.notation,
            "solution": solution.notation,
            "meta": ["difficulty": .integer(Int64(difficulty)), "index": .integer(Int64(index))],
        ]
    }
}
