/// The rules of Heyawake as clauses and theories, for borders and rooms that are added as the generator goes on.
struct HeyawakeFormula {
    let solver = SatSolver()
    let size: GridSize
    /// Per cell: "shaded".
    let cells: [SatLiteral]
    private let counts = CardinalityTheory()

    init(size: GridSize) {
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
    func addNumber(_ number: Int, of room: [Int]) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        counts.add(when: selector, number...number, of: room.map { cells[$0] })
        return selector
    }

    /// "One of these cells is shaded": a straight run that crosses two borders.
    func addRun(_ run: [Int]) { solver.add(run.map { cells[$0] }) }

    /// "Not this solution", while the returned selector is assumed.
    func forbid(_ solution: [Bool]) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        solver.forbid(cells, valued: solution, when: selector)
        return selector
    }
}

/// The borders between the rooms of a board.
struct HeyawakeBorders {
    let size: GridSize
    /// Per cell: its room.
    var rooms: [Int]

    /// The straight runs that cross exactly two borders and start and end right behind them, along the given rows and
    /// columns: in each of them a cell is shaded.
    func runs(rows: some Sequence<Int>, columns: some Sequence<Int>) -> [[Int]] {
        rows.flatMap { row in runs(along: (0..<size.width).map { size.index(row, $0) }) }
            + columns.flatMap { column in runs(along: (0..<size.height).map { size.index($0, column) }) }
    }

    private func runs(along line: [Int]) -> [[Int]] {
        let borders = line.indices.dropLast().filter { rooms[line[$0]] != rooms[line[$0 + 1]] }
        return zip(borders, borders.dropFirst()).map { Array(line[$0...$1 + 1]) }
    }
}
