package import Puzzles
package import Satisfiability

/// The rules of Heyawake as clauses and theories, for borders and rooms that are added as the generator goes on.
package struct HeyawakeFormula: BoardFormula {
    package let solver = SatSolver()
    package let size: GridSize
    /// Per cell: "shaded".
    package let cells: [SatLiteral]
    private let counts = CardinalityTheory()

    package init(size: GridSize) {
        self.size = size
        cells = solver.addVariables(size.count)
        for cell in 0..<size.count {
            if cell % size.width < size.width - 1 { solver.add(!cells[cell], !cells[cell + 1]) }
            if cell < size.count - size.width { solver.add(!cells[cell], !cells[cell + size.width]) }
        }
        solver.add(cells)  // pzpr wants a shaded cell
        solver.add(counts)
        solver.add(ConnectivityTheory(width: size.width, height: size.height, literals: cells.map { !$0 }))
    }

    /// A room's number, counted while the returned selector is assumed.
    package func addNumber(_ number: Int, of room: [Int]) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        counts.add(when: selector, number...number, of: room.map { cells[$0] })
        return selector
    }

    /// "One of these cells is shaded": a straight run that crosses two borders.
    package func addRun(_ run: [Int]) { solver.add(run.map { cells[$0] }) }

    /// "Not this solution", while the returned selector is assumed.
    package func addRival(_ solution: [Bool]) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        solver.forbid(cells, valued: solution, when: selector)
        return selector
    }

    package func forbid(_ solution: [UInt8]) { solver.forbid(cells, valued: solution.map { $0 == 1 }) }

    package func solution() -> [UInt8] { cells.map { solver.isTrue($0) ? 1 : 0 } }
}

/// The borders between the rooms of a board.
package struct HeyawakeBorders {
    package let size: GridSize
    /// Per cell: its room.
    package var rooms: [Int]

    package init(size: GridSize, rooms: [Int]) {
        self.size = size
        self.rooms = rooms
    }

    /// `HeyawakeBorders.runs` of the given rows and columns.
    package func runs(rows: some Sequence<Int>, columns: some Sequence<Int>) -> [[Int]] {
        Self.runs(size, rows: rows, columns: columns) { rooms[$0] != rooms[$1] }
    }

    /// The straight runs that cross exactly two borders and start and end right behind them, along some rows and columns:
    /// in each of them a cell is shaded.
    package static func runs(
        _ size: GridSize, rows: some Sequence<Int>, columns: some Sequence<Int>,
        isBorder: (_ cell: Int, _ next: Int) -> Bool
    ) -> [[Int]] {
        let lines =
            rows.map { row in (0..<size.width).map { size.index(row, $0) } }
            + columns.map { column in (0..<size.height).map { size.index($0, column) } }
        return lines.flatMap { line in
            let borders = line.indices.dropLast().filter { isBorder(line[$0], line[$0 + 1]) }
            return zip(borders, borders.dropFirst()).map { Array(line[$0...$1 + 1]) }
        }
    }
}

extension HeyawakePuzzle: FormulatedBoard {
    package func formula() -> any BoardFormula {
        let formula = HeyawakeFormula(size: size)
        let runs = HeyawakeBorders.runs(size, rows: 0..<size.height, columns: 0..<size.width) { cell, next in
            next == cell + 1 && size.width > 1 ? wallRight[cell] : wallBelow[cell]
        }
        for run in runs { formula.addRun(run) }
        for (room, number) in numbers.enumerated() where number >= 0 {
            formula.solver.add(formula.addNumber(number, of: rooms.indices.filter { rooms[$0] == room }))
        }
        return formula
    }
}
