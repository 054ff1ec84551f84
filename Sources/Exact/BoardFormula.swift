package import Puzzles
package import Satisfiability

/// The rules of a board with its clues in a solver: every model is a solution and the other way round.
package protocol BoardFormula {
    var solver: SatSolver { get }

    /// The solution of the last model, one code per cell as the board's type tells.
    func solution() -> [UInt8]

    /// "Not this solution", from now on.
    func forbid(_ solution: [UInt8])
}

extension BoardFormula {
    /// The conflicts of the proof that there is no solution but this one; nil when there is, or the proof gets too long.
    /// The formula must be fresh for the count to tell how hard the board is.
    package func effort(proving solution: [UInt8]) -> Int? {
        forbid(solution)
        guard solver.solve(conflictLimit: 200_000) == .unsatisfiable else { return nil }
        return solver.conflicts
    }
}

/// A board whose rules can be put in a solver.
package protocol FormulatedBoard: GridPuzzle {
    func formula() -> any BoardFormula

    /// The formula in parts, for boards whose rules take long to put in.
    func formulaDraft() -> FormulaDraft
}

extension FormulatedBoard {
    package func formulaDraft() -> FormulaDraft { FormulaDraft(formula: formula(), steps: []) }
}

/// A formula to which the steps, one after the other, add the rules. A step takes a millisecond at most.
package struct FormulaDraft {
    package var formula: any BoardFormula
    package var steps: [() -> Void]
}

/// Exact solutions, from the solvers that the generators prove their puzzles with.
package enum ExactSolver {
    /// Up to `limit` different solutions of a puzzle: one when it is well made. Nil for tasks without such a solver. Takes
    /// long for large boards with few clues.
    package static func solutions(of puzzle: any Puzzle, limit: Int) -> [PuzzleAnswer]? {
        switch puzzle {
        case let board as any FormulatedBoard: models(of: board, limit: limit)
        case let sudoku as SudokuPuzzle:
            SudokuSearch(side: sudoku.side).solutions(of: sudoku.givens, limit: limit).map { sudoku.answer(cells: $0) }
        default: nil
        }
    }

    private static func models(of board: some FormulatedBoard, limit: Int) -> [PuzzleAnswer] {
        let formula = board.formula()
        var answers: [PuzzleAnswer] = []
        while answers.count < limit, formula.solver.solve() == .satisfiable {
            let solution = formula.solution()
            answers.append(board.answer(cells: solution))
            formula.forbid(solution)
        }
        return answers
    }
}
