package import Puzzles
package import Satisfiability

/// The rules of Light Up on a board with given black cells, as clauses.
package struct LightupFormula: BoardFormula {
    package let solver = SatSolver()
    package let size: GridSize
    /// Per cell: "a lamp stands here"; nil on black cells.
    package let lamps: [SatLiteral?]

    package init(size: GridSize, isBlack: [Bool]) {
        self.size = size
        var lamps: [SatLiteral?] = []
        for cell in 0..<size.count { lamps.append(isBlack[cell] ? nil : solver.addVariable()) }
        self.lamps = lamps
        let (across, down) = Self.segments(size: size, isBlack: isBlack)
        for segments in [across.cells, down.cells] {
            for segment in segments {
                for (index, cell) in segment.enumerated() {
                    for other in segment[..<index] { exclude(cell, other) }
                }
            }
        }
        for cell in 0..<size.count where !isBlack[cell] {
            solver.begin()
            for other in across.cells[across.place[cell]] { if let lamp = lamps[other] { solver.append(lamp) } }
            for other in down.cells[down.place[cell]] { if let lamp = lamps[other] { solver.append(lamp) } }
            solver.commit()
        }
    }

    private func exclude(_ cell: Int, _ other: Int) {
        if let lamp = lamps[cell], let otherLamp = lamps[other] { solver.add(!lamp, !otherLamp) }
    }

    /// A number on a black cell, counted while the returned selector is assumed.
    package func addNumber(_ number: Int, at cell: Int, neighbours: [Int]) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        solver.add(when: selector, exactly: number, of: neighbours.compactMap { lamps[$0] })
        return selector
    }

    /// "Not these lamps." Another solution lacks one of them: it cannot have them all and more, for every further lamp
    /// would be lit.
    package func forbid(_ solution: [UInt8]) {
        solver.begin()
        for cell in 0..<size.count where solution[cell] == 1 {
            if let lamp = lamps[cell] { solver.append(!lamp) }
        }
        solver.commit()
    }

    package func solution() -> [UInt8] { lamps.map { lamp in lamp.map { solver.isTrue($0) } == true ? 1 : 0 } }

    package struct Segments {
        /// The white cells of each straight run between black cells.
        package var cells: [[Int]] = []
        /// Per cell: its run in `cells`.
        package var place: [Int]
    }

    /// The runs along the rows and along the columns.
    package static func segments(size: GridSize, isBlack: [Bool]) -> (across: Segments, down: Segments) {
        var across = Segments(place: [Int](repeating: -1, count: size.count))
        var down = across
        for cell in 0..<size.count where !isBlack[cell] {
            if cell % size.width > 0, !isBlack[cell - 1] {
                across.place[cell] = across.place[cell - 1]
            } else {
                across.place[cell] = across.cells.count
                across.cells.append([])
            }
            across.cells[across.place[cell]].append(cell)
            if cell >= size.width, !isBlack[cell - size.width] {
                down.place[cell] = down.place[cell - size.width]
            } else {
                down.place[cell] = down.cells.count
                down.cells.append([])
            }
            down.cells[down.place[cell]].append(cell)
        }
        return (across, down)
    }
}

extension LightupPuzzle: FormulatedBoard {
    package func formula() -> any BoardFormula {
        let formula = LightupFormula(size: size, isBlack: clues.map { $0 >= 0 })
        for cell in 0..<size.count where (0...4).contains(clues[cell]) {
            formula.solver.add(
                formula.addNumber(Int(clues[cell]), at: cell, neighbours: size.neighbours(of: cell)))
        }
        return formula
    }
}
