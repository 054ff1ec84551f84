package import Puzzles
package import Satisfiability

/// The rules of Tapa on an empty board, as clauses and a connectivity theory.
package struct TapaFormula: BoardFormula {
    package let solver = SatSolver()
    package let size: GridSize
    /// Per cell: "shaded".
    package let cells: [SatLiteral]

    /// - Parameter sharesRims: see `ConnectivityTheory`.
    package init(size: GridSize, sharesRims: Bool = false) {
        self.size = size
        cells = solver.addVariables(size.count)
        for block in size.blocks {
            solver.add(
                !cells[block], !cells[block + 1], !cells[block + size.width], !cells[block + size.width + 1])
        }
        solver.add(cells)  // pzpr wants a shaded cell
        solver.add(
            ConnectivityTheory(width: size.width, height: size.height, literals: cells, sharesRims: sharesRims))
    }

    /// A clue, counted while the returned selector is assumed.
    package func addClue(_ code: UInt8, at cell: Int) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        solver.add(!selector, !cells[cell])
        addRing(code, around: cell, when: selector)
        return selector
    }

    /// What a clue says of the cells around it, for good or while a selector is assumed.
    fileprivate func addRing(_ code: UInt8, around cell: Int, when selector: SatLiteral? = nil) {
        let ring = size.ring(around: cell)
        var absent: UInt8 = 0
        for (bit, neighbour) in ring.enumerated() where neighbour == nil { absent |= 1 << bit }
        // Cells outside the board are in no clause.
        let shaded = ring.map { $0.map { cells[$0] } ?? cells[cell] }
        for clause in TapaRings.clauses(code: Int(code), absent: absent) {
            solver.begin()
            if let selector { solver.append(!selector) }
            var left = clause.care
            while left != 0 {
                let bit = left.trailingZeroBitCount
                left &= left &- 1
                solver.append(clause.value >> bit & 1 == 1 ? !shaded[bit] : shaded[bit])
            }
            solver.commit()
        }
    }

    package func forbid(_ solution: [UInt8]) { solver.forbid(cells, valued: solution.map { $0 == 1 }) }

    package func solution() -> [UInt8] { cells.map { solver.isTrue($0) ? 1 : 0 } }
}

extension TapaPuzzle: FormulatedBoard {
    package func formula() -> any BoardFormula {
        let formula = TapaFormula(size: size)
        for cell in 0..<size.count where clues[cell] != 0 {
            formula.solver.add(formula.addClue(clues[cell], at: cell))
            wantShaded(around: cell, in: formula)
        }
        return formula
    }

    package func formulaDraft() -> FormulaDraft {
        let formula = TapaFormula(size: size, sharesRims: true)
        let clued = (0..<size.count).filter { clues[$0] != 0 }
        // White cells first: clauses that are put in later leave them out.
        let whites: () -> Void = { for cell in clued { formula.solver.add(!formula.cells[cell]) } }
        return FormulaDraft(
            formula: formula,
            steps: [whites]
                + clued.map { cell in
                    {
                        formula.addRing(clues[cell], around: cell)
                        wantShaded(around: cell, in: formula)
                    }
                })
    }

    private func wantShaded(around cell: Int, in formula: TapaFormula) {
        guard asksForShaded(at: cell) else { return }
        formula.solver.add(size.ring(around: cell).compactMap { $0.map { formula.cells[$0] } })
    }
}
