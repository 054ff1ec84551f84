import Exact
import Puzzles
import Randomness
import Satisfiability

/// Makes Shakashaka puzzles: a random division of the board into rectangles with few black cells between them; as long as
/// all numbers together allow another one, a cell where the two differ turns black; then as few numbers as leave one
/// solution.
struct ShakashakaGenerator {
    let size: GridSize
    private let generosity: ClueGenerosity
    private let neighbours: [[Int]]

    init(size: GridSize, generosity: ClueGenerosity = ClueGenerosity()) {
        self.size = size
        self.generosity = generosity
        neighbours = size.neighbourLists
    }

    /// One try; nil when it did not lead to a puzzle.
    func attempt(using random: inout SplitMix) -> Draft<ShakashakaPuzzle>? {
        attempt(nil, using: &random)
    }

    /// One try to keep a plan; nil: a random one, drawn when its time comes.
    func attempt(_ people: ShakashakaPlan?, using random: inout SplitMix) -> Draft<ShakashakaPuzzle>? {
        // One solver, in which the black cells are assumptions, both draws the divisions and looks for other solutions:
        // what it learns about one helps with the other.
        let formula = ShakashakaFormula(size: size, isBlack: nil)
        let solver = formula.solver
        wish(formula, using: &random)
        let isScarce = solver.addVariable(decided: false)
        let plan = people ?? ShakashakaPlan(random: size, using: &random)
        let counts = CardinalityTheory()
        counts.add(when: isScarce, 1...plan.mostAtFirst, of: formula.blacks)
        solver.add(counts)
        for orbit in plan.symmetry.orbits(of: size) {
            // Each black cell of an orbit implies the next, around.
            for (cell, next) in zip(orbit, orbit.dropFirst() + orbit.prefix(1)) where cell != next {
                solver.add(!formula.blacks[cell], formula.blacks[next])
            }
        }
        guard solver.solve(assuming: [isScarce], conflictLimit: 2_000) == .satisfiable else { return nil }
        var selectors: [[Int: SatLiteral]] = .init(repeating: [:], count: size.count)
        for _ in 0..<size.count {
            let isBlack = formula.blacks.map { solver.isTrue($0) }
            let solution = formula.solution()
            let blacks = (0..<size.count).filter { isBlack[$0] }
            guard blacks.count <= plan.mostBlacks(size) else { return nil }
            let numbers = blacks.map { cell in neighbours[cell].count { solution[$0] != 0 } }
            for (cell, number) in zip(blacks, numbers) where selectors[cell][number] == nil {
                selectors[cell][number] = formula.addNumber(number, neighbours: neighbours[cell])
            }
            let isOther = formula.addRival(solution, isBlack: isBlack)
            let fixed = zip(formula.blacks, isBlack).map { $1 ? $0 : !$0 } + [isOther]
            let clues = zip(blacks, numbers).compactMap { selectors[$0][$1] }
            switch solver.solve(assuming: fixed + clues, conflictLimit: 2_000) {
            case .undecided: return nil
            case .unsatisfiable:
                let selection = ClueSelection(solver: solver, selectors: clues, fixed: fixed)
                guard let kept = kept(of: numbers, selection, plan.wanted, using: &random) else { return nil }
                var clues = isBlack.map { Int8($0 ? 5 : -1) }
                for index in kept { clues[blacks[index]] = Int8(truncatingIfNeeded: numbers[index]) }
                let board = ShakashakaPuzzle(size: size, clues: clues)
                guard let effort = board.formula().effort(proving: solution) else { return nil }
                return Draft(board: board, solution: solution, difficulty: effort)
            case .satisfiable:
                let other = formula.solution()
                let differing = (0..<size.count).filter { solution[$0] != other[$0] }
                guard blacken(random.shuffled(differing).prefix(4), besides: blacks, formula) else { return nil }
            }
        }
        return nil
    }

    /// The black cells that get their number; nil when the board is not as wanted.
    private func kept(
        of numbers: [Int], _ selection: ClueSelection, _ wanted: ShakashakaPlan.Wanted?,
        using random: inout SplitMix
    ) -> [Int]? {
        let count = numbers.count
        guard let wanted else {
            return selection.irreducible(using: &random).map { generosity.widen($0, of: count, using: &random) }
        }
        let told = Int((wanted.numberShare * Double(count)).rounded())
        // Large numbers are liked best.
        let worth = numbers.map { min($0, 2) }
        guard count >= wanted.blackCount - max(1, size.count / 50),
            let needed = selection.sparse(worth: worth, tries: 1, using: &random), needed.count <= told + 1
        else { return nil }
        let isNeeded = Set(needed)
        let others = random.shuffled((0..<count).filter { !isNeeded.contains($0) })
        let liked = others.filter { worth[$0] == 2 } + others.filter { worth[$0] < 2 }
        return needed + liked.prefix(max(0, told - needed.count))
    }

    /// Draws a division in which the given cells and the first possible one of some others are black.
    private func blacken(_ cells: ArraySlice<Int>, besides blacks: [Int], _ formula: ShakashakaFormula) -> Bool {
        let fixed = blacks.map { formula.blacks[$0] }
        return cells.contains {
            formula.solver.solve(assuming: fixed + [formula.blacks[$0]], conflictLimit: 500) == .satisfiable
        }
    }

    /// Makes the search try a random triangle in most cells.
    private func wish(_ formula: ShakashakaFormula, using random: inout SplitMix) {
        formula.solver.shuffle(formula.cells.flatMap(\.all), trueShare: 0, using: &random)
        for sides in formula.cells where random.chance(0.85) {
            formula.solver.prefer(random.chance(0.5) ? sides.top : sides.bottom)
            formula.solver.prefer(random.chance(0.5) ? sides.left : sides.right)
        }
    }
}
