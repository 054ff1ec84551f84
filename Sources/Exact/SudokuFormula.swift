import Puzzles
import Satisfiability

/// The rules of a sudoku as clauses over "this cell holds this digit", for the candidates that the givens leave.
///
/// Every cell holds one digit and every row, column and box holds every digit once: each of these groups has a clause that
/// wants one of its candidates, and one for every two that exclude each other.
final class SudokuFormula: BoardFormula {
    let solver = SatSolver()
    private let puzzle: SudokuPuzzle
    /// Per cell and digit (from 0): the candidate, -1 where there is none.
    private var candidates: [Int32]

    /// The candidates, without rules.
    init(_ puzzle: SudokuPuzzle) {
        self.puzzle = puzzle
        let side = puzzle.side
        var isOpen = [Bool](repeating: true, count: side * side * side)
        for unit in puzzle.units {
            for given in unit where puzzle.givens[given] != 0 {
                for cell in unit { isOpen[cell * side + Int(puzzle.givens[given]) - 1] = false }
            }
        }
        candidates = [Int32](repeating: -1, count: isOpen.count)
        for cell in 0..<side * side where puzzle.givens[cell] == 0 {
            for digit in 0..<side where isOpen[cell * side + digit] {
                candidates[cell * side + digit] = solver.addVariable().code
            }
        }
    }

    /// The formula in steps of a row's cells or of a unit, in the end without the solutions known.
    static func draft(_ puzzle: SudokuPuzzle, without known: [[UInt8]]) -> FormulaDraft {
        let formula = SudokuFormula(puzzle)
        var steps: [() -> Void] = []
        for unit in puzzle.units.prefix(puzzle.side) { steps.append { formula.addCells(unit) } }
        for unit in puzzle.units { steps.append { formula.addUnit(unit) } }
        for solution in known { steps.append { formula.forbid(solution) } }
        return FormulaDraft(formula: formula, steps: steps)
    }

    private func addCells(_ cells: [Int]) {
        let side = puzzle.side
        for cell in cells where puzzle.givens[cell] == 0 {
            addExactlyOne(of: (0..<side).map { candidates[cell * side + $0] })
        }
    }

    private func addUnit(_ unit: [Int]) {
        let side = puzzle.side
        for digit in 0..<side where !unit.contains(where: { puzzle.givens[$0] == UInt8(digit + 1) }) {
            addExactlyOne(of: unit.map { candidates[$0 * side + digit] })
        }
    }

    private func addExactlyOne(of group: [Int32]) {
        let group = group.filter { $0 >= 0 }.map { SatLiteral(code: $0) }
        solver.add(group)
        for (index, first) in group.enumerated() { for second in group[..<index] { solver.add(!first, !second) } }
    }

    func forbid(_ solution: [UInt8]) {
        solver.begin()
        for (cell, digit) in solution.enumerated() where puzzle.givens[cell] == 0 {
            let code = candidates[cell * puzzle.side + Int(digit) - 1]
            if code >= 0 { solver.append(!SatLiteral(code: code)) }
        }
        solver.commit()
    }

    func solution() -> [UInt8] {
        let side = puzzle.side
        return (0..<side * side).map { cell in
            if puzzle.givens[cell] != 0 { return puzzle.givens[cell] }
            let digit = (0..<side).first { digit in
                let code = candidates[cell * side + digit]
                return code >= 0 && solver.isTrue(SatLiteral(code: code))
            }
            return UInt8((digit ?? -1) + 1)
        }
    }
}
