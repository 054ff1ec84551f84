import Puzzles
import Satisfiability

/// The rules of a declared task as clauses over "this cell holds this symbol".
final class DeclaredFormula: BoardFormula {
    let solver = SatSolver()
    private let puzzle: DeclaredPuzzle
    private let count: Int
    /// Per cell and output symbol, in this order; those that are never written have none.
    private var holds: [SatLiteral?] = []

    private init(_ puzzle: DeclaredPuzzle) {
        self.puzzle = puzzle
        let output = puzzle.declaration.output
        count = output.symbols.count
        for symbol in puzzle.symbols {
            let given = puzzle.declaration.givens[Int(symbol)]
            for index in 0..<count {
                let isOpen = output.canonical(index) == index && (given == nil || given == index)
                holds.append(isOpen ? solver.addVariable() : nil)
            }
        }
    }

    /// The formula in steps of a cell or of a group of cells.
    static func draft(_ puzzle: DeclaredPuzzle) -> FormulaDraft {
        let formula = DeclaredFormula(puzzle)
        var steps: [() -> Void] = puzzle.symbols.indices.map { cell in { formula.addCell(cell) } }
        for rule in puzzle.declaration.rules {
            for group in puzzle.declaration.groups(rule.groups, of: puzzle.size) {
                switch rule.content {
                case .allDifferent(let symbols):
                    for symbol in symbols.sorted() { steps.append { formula.addDifferent(symbol, in: group) } }
                case .count(let symbols, let range):
                    steps.append { formula.addCount(symbols, range, in: group) }
                }
            }
        }
        return FormulaDraft(formula: formula, steps: steps)
    }

    private func literals(_ cells: some Sequence<Int>, _ symbols: some Sequence<Int>) -> [SatLiteral] {
        cells.flatMap { cell in symbols.compactMap { holds[cell * count + $0] } }
    }

    private func addCell(_ cell: Int) {
        let symbols = literals([cell], 0..<count)
        solver.add(symbols)
        excludeEveryTwo(of: symbols)
    }

    private func addDifferent(_ symbol: Int, in group: [Int]) { excludeEveryTwo(of: literals(group, [symbol])) }

    private func excludeEveryTwo(of literals: [SatLiteral]) {
        for (index, first) in literals.enumerated() {
            for second in literals[..<index] { solver.add(!first, !second) }
        }
    }

    /// A cell has one symbol, so that the cells counted are the literals that hold.
    private func addCount(_ symbols: Set<Int>, _ range: ClosedRange<Int>, in group: [Int]) {
        let literals = literals(group, symbols.sorted())
        if range.upperBound < literals.count { addAtMost(range.upperBound, of: literals) }
        if range.lowerBound > 0 {
            guard range.lowerBound <= literals.count else { return solver.add([]) }
            addAtMost(literals.count - range.lowerBound, of: literals.map { !$0 })
        }
    }

    /// At most so many hold: helping variables say "of those up to here, so many do" (Sinz 2005).
    private func addAtMost(_ most: Int, of literals: [SatLiteral]) {
        guard most > 0 else { return literals.forEach { solver.add([!$0]) } }
        var before: [SatLiteral] = []
        for literal in literals {
            let here = (0..<most).map { _ in solver.addVariable(decided: false) }
            solver.add(!literal, here[0])
            if !before.isEmpty {
                for number in 0..<most {
                    solver.add(!before[number], here[number])
                    if number > 0 { solver.add([!literal, !before[number - 1], here[number]]) }
                }
                solver.add(!literal, !before[most - 1])
            }
            before = here
        }
    }

    func solution() -> [UInt8] {
        puzzle.symbols.indices.map { cell in
            let symbol = (0..<count).first { holds[cell * count + $0].map(solver.isTrue) ?? false }
            return UInt8((symbol ?? -1) + 1)
        }
    }

    func forbid(_ solution: [UInt8]) {
        solver.begin()
        for (cell, code) in solution.enumerated() where code > 0 {
            if let literal = holds[cell * count + Int(code) - 1] { solver.append(!literal) }
        }
        solver.commit()
    }
}
