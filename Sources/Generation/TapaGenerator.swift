import Exact
import Puzzles
import Randomness
import Satisfiability

/// Makes Tapa puzzles: a random wall, the clue of every white cell, then as few clues as leave that one solution. Some
/// puzzles hide some of the remaining numbers behind `?` as long as the solution stays the only one.
struct TapaGenerator {
    let size: GridSize
    /// Few clues with several numbers each, as people like to set them.
    var isSparse = false
    private let generosity: ClueGenerosity
    let growth: WallGrowth

    init(size: GridSize, generosity: ClueGenerosity = ClueGenerosity()) {
        self.size = size
        self.generosity = generosity
        growth = WallGrowth(size: size, neighbours: size.neighbourLists)
    }

    /// One try; nil when it did not lead to a puzzle.
    func attempt(using random: inout SplitMix) -> Draft<TapaPuzzle>? {
        let target = Int(Double(size.count) * (0.44 + 0.2 * random.unit()))
        let isShaded = growth.grow(target: max(1, target), using: &random)
        let solution = isShaded.map { UInt8($0 ? 1 : 0) }
        let formula = TapaFormula(size: size)
        var clueCells: [Int] = []
        var codes: [UInt8] = []
        for cell in 0..<size.count where !isShaded[cell] {
            var ring: UInt8 = 0
            for (bit, neighbour) in size.ring(around: cell).enumerated() {
                if let neighbour, isShaded[neighbour] { ring |= 1 << bit }
            }
            clueCells.append(cell)
            codes.append(TapaRings.exactCode[Int(ring)])
        }
        guard !clueCells.isEmpty else { return nil }
        let selectors = zip(codes, clueCells).map { formula.addClue($0, at: $1) }
        formula.forbid(solution)
        let selection = ClueSelection(solver: formula.solver, selectors: selectors)
        let worth = codes.map { TapaClue.runs[Int($0)].count }
        let found =
            isSparse
            ? selection.sparse(worth: worth, tries: 6, using: &random) : selection.irreducible(using: &random)
        guard let needed = found else { return nil }
        let kept = generosity.widen(needed, of: clueCells.count, using: &random)
        var selected = Selected(codes: codes, selectors: selectors)
        if random.chance(0.25) { hide(&selected, kept, clueCells, formula, using: &random) }
        var clues = [UInt8](repeating: 0, count: size.count)
        for index in kept { clues[clueCells[index]] = selected.codes[index] }
        let board = TapaPuzzle(size: size, clues: clues)
        guard let effort = board.formula().effort(proving: solution) else { return nil }
        return Draft(board: board, solution: solution, difficulty: effort)
    }

    private struct Selected {
        /// Per clue: its code, and the literal that switches it on.
        var codes: [UInt8]
        var selectors: [SatLiteral]
    }

    /// Puts `?` in the place of numbers, one at a time, where the solution stays the only one.
    private func hide(
        _ selected: inout Selected, _ kept: [Int], _ cells: [Int], _ formula: TapaFormula,
        using random: inout SplitMix
    ) {
        for index in random.shuffled(kept) where random.chance(0.5) {
            var runs = TapaClue.runs[Int(selected.codes[index])]
            runs[random.below(runs.count)] = TapaClue.unknown
            guard let code = TapaClue.code(of: runs), code != selected.codes[index] else { continue }
            let vague = formula.addClue(code, at: cells[index])
            let assumptions = kept.map { $0 == index ? vague : selected.selectors[$0] }
            if formula.solver.solve(assuming: assumptions, conflictLimit: 2_000) == .unsatisfiable {
                selected.codes[index] = code
                selected.selectors[index] = vague
            }
        }
    }
}
