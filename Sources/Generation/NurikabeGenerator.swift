import Exact
import Puzzles
import Randomness
import Satisfiability

/// Makes Nurikabe puzzles: a random sea, and places for the islands' numbers that leave it the only solution.
///
/// Where a number stands in its island decides which other solutions there are. So every other solution that the solver
/// finds is kept, and the numbers move until none of those found fits them any more; when no placement does that, a
/// cell near the difference turns from sea to land or back.
struct NurikabeGenerator {
    let size: GridSize
    /// Few numbers and large islands, as people like to set them.
    var isSparse = false
    private let shapes: IslandShapes

    init(size: GridSize) {
        self.size = size
        shapes = IslandShapes(size: size)
    }

    /// A division of the board into sea and islands that is not the one wanted.
    private struct Rival {
        /// Per cell: the island, -1 for sea.
        var islandAt: [Int]
        var sizes: [Int]
    }

    private struct Layout {
        var isSea: [Bool]
        var islands: [[Int]]
        /// Per island: the place of its number among its cells.
        var places: [Int]
        /// Per island: whether only this place tells it from a solution with one cell moved.
        var isFixed: [Bool]

        /// Whether the numbers do not fit another division.
        func excludes(_ rival: Rival) -> Bool {
            var isUsed = [Bool](repeating: false, count: rival.sizes.count)
            for (island, place) in zip(islands, places) {
                let area = rival.islandAt[island[place]]
                if area < 0 || rival.sizes[area] != island.count || isUsed[area] { return true }
                isUsed[area] = true
            }
            return isUsed.contains(false)
        }
    }

    /// One try; nil when it did not lead to a puzzle.
    func attempt(using random: inout SplitMix) -> Draft<NurikabePuzzle>? {
        let cap = random.within(isSparse ? 5...13 : 5...9)
        let density = (isSparse ? 0.05 : 0.09) + 0.06 * random.unit()
        return attempt(largestIsland: cap, density: density, plan: nil, using: &random)
    }

    /// One try to keep a plan.
    func attempt(_ plan: NurikabePlan, using random: inout SplitMix) -> Draft<NurikabePuzzle>? {
        let density = Double(plan.islandCount) / Double(size.count)
        return attempt(largestIsland: plan.largestIsland, density: density, plan: plan, using: &random)
    }

    private func attempt(
        largestIsland cap: Int, density: Double, plan: NurikabePlan?, using random: inout SplitMix
    ) -> Draft<NurikabePuzzle>? {
        func isWanted(_ layout: Layout) -> Bool {
            if let plan { return plan.fits(layout.islands.map(\.count)) }
            return !isSparse || hasLargeIslands(layout)
        }
        // Shapes are cheap beside what follows; random puzzles take the first.
        var first: Layout?
        for _ in 0..<(plan == nil ? 1 : 60) where first == nil {
            let isSea = shapes.sea(largestIsland: cap, density: density, using: &random)
            first = layout(isSea, using: &random).flatMap { !$0.islands.isEmpty && isWanted($0) ? $0 : nil }
        }
        guard var layout = first else { return nil }
        var rivals: [Rival] = []
        for _ in 0..<60 {
            var clues = [Int16](repeating: 0, count: size.count)
            for (island, place) in zip(layout.islands, layout.places) { clues[island[place]] = Int16(island.count) }
            let board = NurikabePuzzle(size: size, clues: clues)
            let solution = layout.isSea.map { UInt8($0 ? 1 : 0) }
            let formula = NurikabeFormula(board)
            formula.forbid(solution)
            for (cell, isSea) in zip(formula.cells, layout.isSea) { formula.solver.prefer(isSea ? cell : !cell) }
            switch formula.solver.solve(conflictLimit: conflictLimit) {
            case .undecided: return nil
            case .unsatisfiable:
                let draft = Draft(board: board, solution: solution, difficulty: formula.solver.conflicts)
                // People tell every island's size.
                return plan == nil && random.chance(0.1) ? hidden(draft, using: &random) : draft
            case .satisfiable:
                let other = formula.cells.map { formula.solver.isTrue($0) }
                let islands = shapes.areas(of: other)
                var islandAt = [Int](repeating: -1, count: size.count)
                for (index, island) in islands.enumerated() { for cell in island { islandAt[cell] = index } }
                rivals.append(Rival(islandAt: islandAt, sizes: islands.map(\.count)))
                if move(&layout, against: rivals, using: &random) { continue }
                let differing = (0..<size.count).filter { other[$0] != layout.isSea[$0] }
                guard
                    reshape(
                        &layout, near: differing, against: rivals, largestIsland: cap, while: isWanted, using: &random)
                else {
                    return nil
                }
            }
        }
        return nil
    }

    /// Whether islands have 3.6 cells in the mean and one in six at most is a single cell: people's have 4.1, and one in eight.
    private func hasLargeIslands(_ layout: Layout) -> Bool {
        let land = layout.islands.reduce(0) { $0 + $1.count }
        let single = layout.islands.count { $0.count == 1 }
        return 10 * land >= 36 * layout.islands.count && 6 * single <= layout.islands.count
    }

    /// The puzzle with `?` in the place of some numbers, where the solution stays the only one.
    private func hidden(_ draft: Draft<NurikabePuzzle>, using random: inout SplitMix) -> Draft<NurikabePuzzle> {
        var draft = draft
        let numbers = draft.board.clues.indices.filter { draft.board.clues[$0] > 1 }
        for cell in random.shuffled(numbers).prefix(1 + numbers.count / 3) {
            var clues = draft.board.clues
            clues[cell] = -1
            let board = NurikabePuzzle(size: size, clues: clues)
            let formula = NurikabeFormula(board)
            formula.forbid(draft.solution)
            if formula.solver.solve(conflictLimit: conflictLimit) == .unsatisfiable {
                draft.board = board
                draft.difficulty = formula.solver.conflicts
            }
        }
        return draft
    }

    /// Harder proofs than this are no fun for anybody.
    private var conflictLimit: Int { 3 * size.count }

    /// Numbers at random places, fixed where one cell could move; nil when an island could give up either of two cells.
    private func layout(_ isSea: [Bool], using random: inout SplitMix) -> Layout? {
        var layout = Layout(isSea: isSea, islands: shapes.areas(of: isSea), places: [], isFixed: [])
        for island in layout.islands {
            let movable = shapes.movableCells(of: island, isSea: isSea)
            guard movable.count < 2 else { return nil }
            layout.isFixed.append(movable.count == 1)
            layout.places.append(movable.first ?? random.below(island.count))
        }
        return layout
    }

    /// Moves numbers until they exclude every rival.
    private func move(_ layout: inout Layout, against rivals: [Rival], using random: inout SplitMix) -> Bool {
        var trial = layout
        for moves in 1...3 {
            for _ in 0..<60 {
                trial.places = layout.places
                for _ in 0..<moves {
                    let island = random.below(layout.islands.count)
                    if layout.isFixed[island] { continue }
                    trial.places[island] = random.below(layout.islands[island].count)
                }
                if rivals.reversed().allSatisfy({ trial.excludes($0) }) {
                    layout = trial
                    return true
                }
            }
        }
        return false
    }

    /// Turns a cell near the given ones from sea to land or back, so that the numbers can exclude every rival.
    private func reshape(
        _ layout: inout Layout, near cells: [Int], against rivals: [Rival], largestIsland cap: Int,
        while isWanted: (Layout) -> Bool, using random: inout SplitMix
    ) -> Bool {
        var near = Set(cells)
        for cell in cells { near.formUnion(shapes.neighbours[cell]) }
        for cell in random.shuffled(near.sorted()) {
            var isSea = layout.isSea
            guard shapes.flip(cell, of: &isSea, largestIsland: cap) else { continue }
            guard var next = self.layout(isSea, using: &random) else { continue }
            guard isWanted(next) else { continue }
            if rivals.allSatisfy({ next.excludes($0) }) || move(&next, against: rivals, using: &random) {
                layout = next
                return true
            }
        }
        return false
    }
}
