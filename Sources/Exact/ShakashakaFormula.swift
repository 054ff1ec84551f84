package import Puzzles
package import Satisfiability

/// The rules of Shakashaka as clauses over the four sides of each cell.
///
/// A triangle blackens the surroundings of two sides of its cell that meet in its right angle; a black cell those of all
/// four. So a cell is told by four variables "black along the top, right, bottom, left". Around a corner point of the
/// board's grid lie eight angles of 45 degrees, each white or black with the side it touches; white areas are rectangles
/// exactly when the white angles at every point come in unbroken runs of 90 or 180 degrees, or all around.
package struct ShakashakaFormula: BoardFormula {
    /// The sides that are black along a cell.
    package struct Sides {
        package var top: SatLiteral
        package var right: SatLiteral
        package var bottom: SatLiteral
        package var left: SatLiteral

        package var all: [SatLiteral] { [top, right, bottom, left] }
    }

    package let solver = SatSolver()
    package let size: GridSize
    package let cells: [Sides]
    /// Per cell: "black". Fixed when the black cells are given.
    package let blacks: [SatLiteral]
    /// Per cell: "has a triangle".
    package let triangles: [SatLiteral]
    /// A literal that always holds.
    private let always: SatLiteral

    /// `isBlack` nil leaves open which cells are black.
    package init(size: GridSize, isBlack: [Bool]?) {
        self.init(variablesFor: size, isBlack: isBlack)
        for step in rules(isBlack: isBlack) { step() }
    }

    fileprivate init(variablesFor size: GridSize, isBlack: [Bool]?) {
        self.size = size
        let always = solver.addVariable()
        solver.add(always)
        self.always = always
        var cells: [Sides] = []
        var blacks: [SatLiteral] = []
        var triangles: [SatLiteral] = []
        for cell in 0..<size.count {
            if isBlack?[cell] == true {
                cells.append(Sides(top: always, right: always, bottom: always, left: always))
                blacks.append(always)
                triangles.append(!always)
                continue
            }
            let (top, right) = (solver.addVariable(), solver.addVariable())
            cells.append(Sides(top: top, right: right, bottom: solver.addVariable(), left: solver.addVariable()))
            blacks.append(isBlack == nil ? solver.addVariable() : !always)
            triangles.append(solver.addVariable())
        }
        self.cells = cells
        self.blacks = blacks
        self.triangles = triangles
    }

    /// The steps that add the rules.
    fileprivate func rules(isBlack: [Bool]?) -> [() -> Void] {
        var steps: [() -> Void] = (0..<size.height).map { row in
            {
                for cell in row * size.width..<(row + 1) * size.width where isBlack?[cell] != true { addCell(cell) }
            }
        }
        for row in 0...size.height { steps.append { for column in 0...size.width { addPoint(row, column) } } }
        steps.append { solver.add(triangles) }  // pzpr wants a triangle
        return steps
    }

    private func addCell(_ cell: Int) {
        let sides = cells[cell]
        let black = blacks[cell]
        let triangle = triangles[cell]
        solver.add(!black, !triangle)
        for side in sides.all { solver.add(!black, side) }
        for (side, opposite) in [(sides.top, sides.bottom), (sides.left, sides.right)] {
            solver.add(black, !side, !opposite)
            solver.add(!triangle, side, opposite)
            solver.add(triangle, black, !side)
            solver.add(triangle, black, !opposite)
        }
    }

    /// The angles around the point at the top left of a cell, clockwise from twelve o'clock.
    private func addPoint(_ row: Int, _ column: Int) {
        func sides(_ row: Int, _ column: Int) -> Sides {
            guard size.contains(row: row, column: column) else {
                return Sides(top: always, right: always, bottom: always, left: always)
            }
            return cells[size.index(row, column)]
        }
        let (northEast, southEast) = (sides(row - 1, column), sides(row, column))
        let (southWest, northWest) = (sides(row, column - 1), sides(row - 1, column - 1))
        let angles = [
            northEast.left, northEast.bottom, southEast.top, southEast.left,
            southWest.right, southWest.top, northWest.bottom, northWest.right,
        ]
        for start in 0..<8 {
            for length in [1, 3, 5, 6, 7] {
                solver.begin()
                solver.append(!angles[start])
                for step in 1...length { solver.append(angles[(start + step) & 7]) }
                if length < 7 { solver.append(!angles[(start + length + 1) & 7]) }
                solver.commit()
            }
        }
    }

    /// A number on a black cell, counted while the returned selector is assumed.
    package func addNumber(_ number: Int, neighbours: [Int]) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        solver.add(when: selector, exactly: number, of: neighbours.map { triangles[$0] })
        return selector
    }

    /// "Some white cell holds something else", while `selector` holds.
    package func addRival(_ solution: [UInt8], isBlack: [Bool]) -> SatLiteral {
        let selector = solver.addVariable(decided: false)
        forbid(solution, isBlack: isBlack, when: selector)
        return selector
    }

    /// "Some white cell holds something else"; for a formula with given black cells.
    package func forbid(_ solution: [UInt8]) { forbid(solution, isBlack: blacks.map { $0 == always }, when: always) }

    private func forbid(_ solution: [UInt8], isBlack: [Bool], when selector: SatLiteral) {
        solver.begin()
        solver.append(!selector)
        for cell in 0..<size.count where !isBlack[cell] {
            for (side, isBlack) in zip(cells[cell].all, Self.isBlackSide(solution[cell])) {
                solver.append(isBlack ? !side : side)
            }
        }
        solver.commit()
    }

    /// Top, right, bottom, left for a value of a solution.
    private static func isBlackSide(_ value: UInt8) -> [Bool] {
        switch value {
        case 1: [false, false, true, true]
        case 2: [false, true, true, false]
        case 3: [true, true, false, false]
        case 4: [true, false, false, true]
        default: [false, false, false, false]
        }
    }

    /// The solution of the last model: per cell the black corner 1 bottom left, 2 bottom right, 3 top right, 4 top left,
    /// 0 without triangle.
    package func solution() -> [UInt8] {
        (0..<size.count).map { cell in
            guard solver.isTrue(triangles[cell]) else { return 0 }
            let sides = cells[cell]
            return solver.isTrue(sides.top)
                ? (solver.isTrue(sides.right) ? 3 : 4) : (solver.isTrue(sides.right) ? 2 : 1)
        }
    }
}

extension ShakashakaPuzzle: FormulatedBoard {
    package func formula() -> any BoardFormula {
        let formula = ShakashakaFormula(size: size, isBlack: clues.map { $0 >= 0 })
        for cell in 0..<size.count where (0...4).contains(clues[cell]) {
            formula.solver.add(formula.addNumber(Int(clues[cell]), neighbours: size.neighbours(of: cell)))
        }
        return formula
    }

    package func formulaDraft() -> FormulaDraft {
        let isBlack = clues.map { $0 >= 0 }
        let formula = ShakashakaFormula(variablesFor: size, isBlack: isBlack)
        var steps = formula.rules(isBlack: isBlack)
        for row in 0..<size.height {
            steps.append {
                for cell in row * size.width..<(row + 1) * size.width where (0...4).contains(clues[cell]) {
                    formula.solver.add(formula.addNumber(Int(clues[cell]), neighbours: size.neighbours(of: cell)))
                }
            }
        }
        return FormulaDraft(formula: formula, steps: steps)
    }
}
