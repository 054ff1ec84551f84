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
        self.init(variablesFor: size)
        for step in rules(sharesRims: false) { step() }
    }

    fileprivate init(variablesFor size: GridSize) {
        self.size = size
        cells = solver.addVariables(size.count)
    }

    /// The steps that add the rules.
    /// - Parameter sharesRims: see `ConnectivityTheory`.
    fileprivate func rules(sharesRims: Bool) -> [() -> Void] {
        var steps: [() -> Void] = (0..<size.height).map { row in { exclude(row) } }
        steps.append {
            solver.add(cells)  // pzpr wants a shaded cell
            solver.add(counts)
            solver.add(
                ConnectivityTheory(
                    width: size.width, height: size.height, literals: cells.map { !$0 }, sharesRims: sharesRims))
        }
        return steps
    }

    /// No two shaded cells touch: those of a row, and those with the cells below them.
    private func exclude(_ row: Int) {
        for cell in row * size.width..<(row + 1) * size.width {
            if cell % size.width < size.width - 1 { solver.add(!cells[cell], !cells[cell + 1]) }
            if cell < size.count - size.width { solver.add(!cells[cell], !cells[cell + size.width]) }
        }
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
        let draft = formulaDraft(isForSearch: false)
        for step in draft.steps { step() }
        return draft.formula
    }

    package func formulaDraft() -> FormulaDraft { formulaDraft(isForSearch: true) }

    /// - Parameter isForSearch: whether rims are shared (see `ConnectivityTheory`) and large rooms counted in parts, which
    ///   generators leave for the sake of their puzzles.
    private func formulaDraft(isForSearch: Bool) -> FormulaDraft {
        let formula = HeyawakeFormula(variablesFor: size)
        var steps = formula.rules(sharesRims: isForSearch)
        for row in 0..<size.height { steps.append { addRuns(formula, rows: row..<row + 1, columns: 0..<0) } }
        for column in 0..<size.width { steps.append { addRuns(formula, rows: 0..<0, columns: column..<column + 1) } }
        var cells = [[Int]](repeating: [], count: numbers.count)
        for (cell, room) in rooms.enumerated() { cells[room].append(cell) }
        for (room, number) in numbers.enumerated() where number >= 0 {
            let room = cells[room]
            guard isForSearch, room.count >= HeyawakeRoomCounts.leastRoom, min(size.width, size.height) > 1 else {
                steps.append { formula.solver.add(formula.addNumber(number, of: room)) }
                continue
            }
            steps.append {
                HeyawakeRoomCounts(size: size, cells: formula.cells, solver: formula.solver).add(number, of: room)
            }
        }
        return FormulaDraft(formula: formula, steps: steps)
    }

    private func addRuns(_ formula: HeyawakeFormula, rows: Range<Int>, columns: Range<Int>) {
        let runs = HeyawakeBorders.runs(size, rows: rows, columns: columns) { cell, next in
            next == cell + 1 && size.width > 1 ? wallRight[cell] : wallBelow[cell]
        }
        for run in runs { formula.addRun(run) }
    }
}
