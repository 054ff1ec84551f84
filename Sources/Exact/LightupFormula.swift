package import Puzzles
package import Satisfiability

/// The rules of Light Up on a board with given black cells, as clauses.
package struct LightupFormula: BoardFormula {
    package let solver = SatSolver()
    package let size: GridSize
    /// Per cell: "a lamp stands here"; nil on black cells.
    package let lamps: [SatLiteral?]

    package init(size: GridSize, isBlack: [Bool]) {
        self.init(variablesFor: size, isBlack: isBlack)
        for step in rules(isBlack: isBlack) { step() }
    }

    /// - Parameter phase: whether the search tries a lamp first.
    fileprivate init(variablesFor size: GridSize, isBlack: [Bool], phase: Bool = false) {
        self.size = size
        var lamps: [SatLiteral?] = []
        for cell in 0..<size.count { lamps.append(isBlack[cell] ? nil : solver.addVariable(phase: phase)) }
        self.lamps = lamps
    }

    /// The steps that add the rules.
    /// - Parameter longest: runs of more cells get "at most one lamp" in a chain of helping variables instead of a clause
    ///   for every two cells.
    fileprivate func rules(isBlack: [Bool], longest: Int = .max) -> [() -> Void] {
        let (across, down) = Self.segments(size: size, isBlack: isBlack)
        var steps: [() -> Void] = []
        for segment in across.cells + down.cells where segment.count > 1 {
            steps.append { segment.count > longest ? chain(segment) : excludeEveryTwo(of: segment) }
        }
        for row in 0..<size.height {
            steps.append {
                for cell in row * size.width..<(row + 1) * size.width where !isBlack[cell] {
                    light(across.cells[across.place[cell]], down.cells[down.place[cell]])
                }
            }
        }
        return steps
    }

    private func excludeEveryTwo(of segment: [Int]) {
        for (index, cell) in segment.enumerated() {
            for other in segment[..<index] {
                if let lamp = lamps[cell], let otherLamp = lamps[other] { solver.add(!lamp, !otherLamp) }
            }
        }
    }

    /// A helping variable for each cell says that a lamp stands there or before; none may stand behind.
    private func chain(_ segment: [Int]) {
        var before: SatLiteral?
        for lamp in segment.compactMap({ lamps[$0] }) {
            let upToHere = solver.addVariable(decided: false)
            solver.add(!lamp, upToHere)
            if let before {
                solver.add(!before, upToHere)
                solver.add(!before, !lamp)
            }
            before = upToHere
        }
    }

    /// "One of these lamps": what lights a cell.
    private func light(_ across: [Int], _ down: [Int]) {
        solver.begin()
        for other in across { if let lamp = lamps[other] { solver.append(lamp) } }
        for other in down { if let lamp = lamps[other] { solver.append(lamp) } }
        solver.commit()
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

    package func formulaDraft() -> FormulaDraft {
        let isBlack = clues.map { $0 >= 0 }
        let formula = LightupFormula(variablesFor: size, isBlack: isBlack, phase: true)
        var steps = formula.rules(isBlack: isBlack, longest: 12)
        for row in 0..<size.height {
            steps.append {
                for cell in row * size.width..<(row + 1) * size.width where (0...4).contains(clues[cell]) {
                    formula.solver.add(
                        formula.addNumber(Int(clues[cell]), at: cell, neighbours: size.neighbours(of: cell)))
                }
            }
        }
        return FormulaDraft(formula: formula, steps: steps)
    }
}
