import Puzzles
import Satisfiability

/// Exact search for sudoku: singles and a few guesses settle nearly every puzzle in microseconds; the rest is left to clauses.
final class SudokuEngine: ExactEngine {
    private let puzzle: SudokuPuzzle
    private let memoryLimit: Int
    private var told: [[UInt8]] = []
    private var guesses = 0
    private var formula: FormulaEngine?

    init(_ puzzle: SudokuPuzzle, memoryLimit: Int) {
        self.puzzle = puzzle
        self.memoryLimit = memoryLimit
    }

    var conflicts: Int { guesses + (formula?.conflicts ?? 0) }

    var memory: Int { formula?.memory ?? 0 }

    func run(conflicts slice: Int) -> ExactStep {
        if let formula { return formula.run(conflicts: slice) }
        let search = SudokuSearch(side: puzzle.side)
        search.guessLimit = Self.guessLimit(side: puzzle.side)
        let found = search.count(puzzle.givens, limit: told.count + 1)
        guard !search.isCutShort else {
            guesses += search.guesses
            formula = FormulaEngine(memoryLimit: memoryLimit) { [puzzle, told] in
                SudokuFormula.draft(puzzle, without: told)
            }
            return .running
        }
        guard found > told.count else { return .exhausted }
        told.append(search.solution)
        return .solution(search.solution)
    }

    /// Guesses that take a few milliseconds.
    private static func guessLimit(side: Int) -> Int { side <= 9 ? 1000 : side <= 12 ? 100 : 20 }
}
