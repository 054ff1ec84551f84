import Exact
import Puzzles
import Randomness
import Satisfiability

/// Makes Light Up puzzles: random black cells (more often than not in point symmetry, as setters like them), random lamps
/// that light everything, then as few numbers as leave that one solution.
struct LightupGenerator {
    let size: GridSize
    private let generosity: ClueGenerosity
    private let neighbours: [[Int]]

    init(size: GridSize, generosity: ClueGenerosity = ClueGenerosity()) {
        self.size = size
        self.generosity = generosity
        neighbours = size.neighbourLists
    }

    /// One try; nil when it did not lead to a puzzle.
    func attempt(using random: inout SplitMix) -> Draft<LightupPuzzle>? {
        attempt(LightupPlan(using: &random), using: &random)
    }

    /// One try to keep a plan.
    func attempt(_ plan: LightupPlan, using random: inout SplitMix) -> Draft<LightupPuzzle>? {
        let orbits = plan.symmetry.orbits(of: size)
        var isBlack = [Bool](repeating: false, count: size.count)
        for orbit in orbits where random.chance(plan.density) { for cell in orbit { isBlack[cell] = true } }
        var isLamp = [Bool](repeating: false, count: size.count)
        // When all numbers together are not enough, a cell where two solutions differ turns black, and so on.
        for _ in 0..<max(8, size.count / 10) {
            light(&isLamp, isBlack: isBlack, using: &random)
            guard isLamp.contains(true), isBlack.contains(true) else { return nil }
            let solution = isLamp.map { UInt8($0 ? 1 : 0) }
            let formula = LightupFormula(size: size, isBlack: isBlack)
            let blacks = (0..<size.count).filter { isBlack[$0] }
            let numbers = blacks.map { cell in neighbours[cell].count { isLamp[$0] } }
            let selectors = zip(blacks, numbers).map { cell, number in
                formula.addNumber(number, at: cell, neighbours: neighbours[cell])
            }
            formula.forbid(solution)
            let selection = ClueSelection(
                solver: formula.solver, selectors: selectors, conflictLimit: 500 + 5 * size.count)
            if let needed = selection.irreducible(using: &random) {
                guard let kept = kept(needed, of: blacks.count, plan.wanted, using: &random) else { return nil }
                var clues = isBlack.map { Int8($0 ? 5 : -1) }
                for index in kept { clues[blacks[index]] = Int8(truncatingIfNeeded: numbers[index]) }
                let board = LightupPuzzle(size: size, clues: clues)
                guard let effort = board.formula().effort(proving: solution) else { return nil }
                return Draft(board: board, solution: solution, difficulty: effort)
            }
            guard formula.solver.solve(assuming: selectors, conflictLimit: 5_000) == .satisfiable else { return nil }
            let differing = (0..<size.count).filter { cell in
                guard let lamp = formula.lamps[cell] else { return false }
                return formula.solver.isTrue(lamp) != isLamp[cell]
            }
            guard let cell = random.pick(differing) else { return nil }
            for black in orbits.first(where: { $0.contains(cell) }) ?? [cell] {
                isBlack[black] = true
                isLamp[black] = false
            }
        }
        return nil
    }

    /// The black cells that get a number, given those that need one; nil when the board is not as wanted.
    private func kept(
        _ needed: [Int], of count: Int, _ wanted: LightupPlan.Wanted?, using random: inout SplitMix
    ) -> [Int]? {
        guard let wanted else { return generosity.widen(needed, of: count, using: &random) }
        let numbers = Int((wanted.numberShare * Double(count)).rounded())
        guard abs(count - wanted.blackCount) <= max(1, size.count / 50), needed.count <= numbers + 1 else { return nil }
        let isNeeded = Set(needed)
        let others = random.shuffled((0..<count).filter { !isNeeded.contains($0) })
        return needed + others.prefix(max(0, numbers - needed.count))
    }

    /// Keeps the lamps there are and puts further ones on dark cells in random order until none is dark.
    private func light(_ isLamp: inout [Bool], isBlack: [Bool], using random: inout SplitMix) {
        let (across, down) = LightupFormula.segments(size: size, isBlack: isBlack)
        var acrossLit = [Bool](repeating: false, count: across.cells.count)
        var downLit = [Bool](repeating: false, count: down.cells.count)
        for cell in 0..<size.count where isLamp[cell] {
            acrossLit[across.place[cell]] = true
            downLit[down.place[cell]] = true
        }
        for cell in random.shuffled(0..<size.count)
        where !isBlack[cell] && !acrossLit[across.place[cell]] && !downLit[down.place[cell]] {
            isLamp[cell] = true
            acrossLit[across.place[cell]] = true
            downLit[down.place[cell]] = true
        }
    }
}
