/// Makes Nurikabe puzzles: a random sea, and places for the islands' numbers that leave it the only solution.
struct NurikabeGenerator {
    let size: GridSize
    private let growth: WallGrowth
    private var neighbours: [[Int]] { growth.neighbours }

    init(size: GridSize) {
        self.size = size
        growth = WallGrowth(size: size, neighbours: size.neighbours)
    }

    func attempt(using random: inout GeneratorRandom) -> Draft<NurikabePuzzle>? {
        let isSea = joined(growth.grow(target: size.count, using: &random), using: &random)
        let islands = areas(of: isSea)
        guard islands.allSatisfy({ $0.count <= 12 }), !islands.isEmpty else { return nil }
        var places = islands.map { random.below($0.count) }
        var others: [[Int]] = []  // per other solution: each cell's island, -1 for sea; then sizes
        var otherSizes: [[Int]] = []
        for _ in 0..<30 {
            var clues = [Int16](repeating: 0, count: size.count)
            for (island, place) in zip(islands, places) { clues[island[place]] = Int16(island.count) }
            let board = NurikabePuzzle(size: size, clues: clues)
            let formula = NurikabeFormula(board)
            formula.forbid(isSea)
            switch formula.solver.solve(conflictLimit: 300) {
            case .undecided: return nil
            case .unsatisfiable:
                return Draft(
                    board: board, solution: isSea.map { $0 ? 1 : 0 }, difficulty: formula.solver.conflicts)
            case .satisfiable:
                let other = areas(of: formula.cells.map { formula.solver.isTrue($0) })
                var label = [Int](repeating: -1, count: size.count)
                for (index, area) in other.enumerated() { for cell in area { label[cell] = index } }
                others.append(label)
                otherSizes.append(other.map(\.count))
                guard move(&places, islands, others, otherSizes, &random) else { return nil }
            }
        }
        return nil
    }

    /// Turns sea cells into land where that joins islands and leaves the sea in one piece, until there are about as few
    /// islands as setters like.
    private func joined(_ sea: [Bool], using random: inout GeneratorRandom) -> [Bool] {
        var isSea = sea
        let cap = random.within(5...9)
        let target = max(2, Int(Double(size.count) * (0.09 + 0.06 * random.unit())))
        var islands = areas(of: isSea)
        for least in [2, 1] {
            for cell in random.shuffled(0..<size.count) where isSea[cell] && islands.count > target {
                let beside = islands.indices.filter { index in neighbours[cell].contains { islands[index].contains($0) } }
                guard beside.count >= least, beside.reduce(1, { $0 + islands[$1].count }) <= cap else { continue }
                isSea[cell] = false
                if areas(of: isSea.map { !$0 }).count > 1 {
                    isSea[cell] = true
                    continue
                }
                islands = areas(of: isSea)
            }
        }
        return isSea
    }

    private func move(
        _ places: inout [Int], _ islands: [[Int]], _ others: [[Int]], _ sizes: [[Int]], _ random: inout GeneratorRandom
    ) -> Bool {
        func kills(_ places: [Int], _ label: [Int], _ sizes: [Int]) -> Bool {
            var used = [Bool](repeating: false, count: sizes.count)
            for (island, place) in zip(islands, places) {
                let area = label[island[place]]
                if area < 0 || sizes[area] != island.count || used[area] { return true }
                used[area] = true
            }
            return used.contains(false)
        }
        for moves in 1...3 {
            for _ in 0..<100 {
                var trial = places
                for _ in 0..<moves {
                    let island = random.below(islands.count)
                    trial[island] = random.below(islands[island].count)
                }
                if zip(others, sizes).reversed().allSatisfy({ kills(trial, $0, $1) }) {
                    places = trial
                    return true
                }
            }
        }
        return false
    }

    /// The white areas of a sea.
    private func areas(of isSea: [Bool]) -> [[Int]] {
        var isSeen = isSea
        var areas: [[Int]] = []
        for first in 0..<size.count where !isSeen[first] {
            var area = [first]
            isSeen[first] = true
            var head = 0
            while head < area.count {
                for next in neighbours[area[head]] where !isSeen[next] {
                    isSeen[next] = true
                    area.append(next)
                }
                head += 1
            }
            areas.append(area)
        }
        return areas
    }
}
