package import Puzzles
package import Satisfiability

/// The rules of Nurikabe on a board with its clues, as clauses and theories.
package struct NurikabeFormula: BoardFormula {
    package let solver = SatSolver()
    /// Per cell: "sea".
    package let cells: [SatLiteral]

    /// - Parameter isThorough: see `IslandTheory`.
    package init(_ board: NurikabePuzzle, isThorough: Bool = false) {
        let size = board.size
        cells = solver.addVariables(size.count, phase: true)
        for block in size.blocks {
            solver.add(
                !cells[block], !cells[block + 1], !cells[block + size.width], !cells[block + size.width + 1])
        }
        var clues: [IslandTheory.Clue] = []
        for cell in 0..<size.count where board.clues[cell] != 0 {
            solver.add(!cells[cell])
            clues.append(IslandTheory.Clue(cell: cell, count: board.clues[cell] > 0 ? Int(board.clues[cell]) : nil))
        }
        solver.add(IslandTheory(size: size, cells: cells, clues: clues, isThorough: isThorough))
        solver.add(
            ConnectivityTheory(width: size.width, height: size.height, literals: cells, sharesRims: isThorough))
    }

    package func forbid(_ solution: [UInt8]) { solver.forbid(cells, valued: solution.map { $0 == 1 }) }

    package func solution() -> [UInt8] { cells.map { solver.isTrue($0) ? 1 : 0 } }
}

extension NurikabePuzzle: FormulatedBoard {
    package func formula() -> any BoardFormula { NurikabeFormula(self) }

    package func formulaDraft() -> FormulaDraft {
        let formula = NurikabeFormula(self, isThorough: true)
        let farCells = farCells
        return FormulaDraft(
            formula: formula,
            steps: [{ for cell in farCells { formula.solver.add(formula.cells[cell]) } }])
    }

    /// The cells that no clue's island reaches, even on an empty board: sea.
    private var farCells: [Int] {
        // Per cell: the most cells that an island could still hold when it came here. Larger ones come first.
        var left = [Int](repeating: 0, count: size.count)
        var waiting: [[Int]] = [[Int]](repeating: [], count: size.count + 1)
        for cell in 0..<size.count where clues[cell] != 0 {
            waiting[clues[cell] < 0 ? size.count : min(Int(clues[cell]), size.count)].append(cell)
        }
        for most in stride(from: size.count, through: 1, by: -1) {
            for cell in waiting[most] where left[cell] < most {
                left[cell] = most
                size.forEachNeighbour(of: cell) { next in
                    if left[next] < most - 1, clues[next] == 0 { waiting[most - 1].append(next) }
                }
            }
            waiting[most] = []
        }
        return left.indices.filter { left[$0] == 0 }
    }
}
