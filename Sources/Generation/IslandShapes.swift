import Puzzles
import Randomness

/// Seas and islands without numbers: one connected sea without 2x2 pools.
struct IslandShapes {
    let size: GridSize
    let neighbours: [[Int]]
    private let growth: WallGrowth

    init(size: GridSize) {
        self.size = size
        neighbours = size.neighbourLists
        growth = WallGrowth(size: size, neighbours: neighbours)
    }

    /// A random sea: grown until it is full, then islands are joined until there are about `density` per cell.
    func sea(largestIsland cap: Int, density: Double, using random: inout SplitMix) -> [Bool] {
        var isSea = growth.grow(target: size.count, using: &random)
        var left = areas(of: isSea).count - max(2, Int(Double(size.count) * density))
        for least in [2, 1] {
            for cell in random.shuffled(0..<size.count) where isSea[cell] && left > 0 {
                let joined = joinedAreas(around: cell, isSea: isSea)
                guard joined.count >= least, joined.size <= cap else { continue }
                isSea[cell] = false
                if isConnected(isSea, beside: cell) { left -= joined.count - 1 } else { isSea[cell] = true }
            }
        }
        return isSea
    }

    /// Turns a cell from sea to land or back unless that parts the sea, makes a pool or too large an island.
    func flip(_ cell: Int, of isSea: inout [Bool], largestIsland cap: Int) -> Bool {
        if isSea[cell] {
            guard joinedAreas(around: cell, isSea: isSea).size <= cap else { return false }
            isSea[cell] = false
            if isConnected(isSea, beside: cell) { return true }
            isSea[cell] = true
            return false
        }
        guard !growth.closesBlock(cell, isSea), neighbours[cell].contains(where: { isSea[$0] }) else { return false }
        isSea[cell] = true
        return true
    }

    /// The islands that a sea cell would join as land: how many, and how large they and the cell are together.
    private func joinedAreas(around cell: Int, isSea: [Bool]) -> (count: Int, size: Int) {
        var isSeen = isSea
        isSeen[cell] = true
        var count = 0
        var size = 1
        for first in neighbours[cell] where !isSeen[first] {
            count += 1
            size += area(from: first, &isSeen).count
        }
        return (count, size)
    }

    private func area(from first: Int, _ isSeen: inout [Bool]) -> [Int] {
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
        return area
    }

    /// The islands of a sea, each in the order of a walk from its first cell.
    func areas(of isSea: [Bool]) -> [[Int]] {
        var isSeen = isSea
        var areas: [[Int]] = []
        for first in 0..<size.count where !isSeen[first] { areas.append(area(from: first, &isSeen)) }
        return areas
    }

    /// Whether the sea is in one piece after a cell of it became land.
    private func isConnected(_ isSea: [Bool], beside cell: Int) -> Bool {
        guard let first = neighbours[cell].first(where: { isSea[$0] }) else { return false }
        var isSeen = isSea.map { !$0 }
        return area(from: first, &isSeen).count == isSea.count { $0 }
    }

    /// The cells, as places in `island`, that the island could give up for another cell, everything else as it is: a
    /// second solution, unless the number stands there.
    func movableCells(of island: [Int], isSea: [Bool]) -> [Int] {
        guard island.count > 1 else { return [] }
        var movable: [Int] = []
        var trial = isSea
        for (place, dropped) in island.enumerated() {
            let rest = island.filter { $0 != dropped }
            guard hangTogether(rest) else { continue }
            trial[dropped] = true
            defer { trial[dropped] = false }
            let gains = Set(rest.flatMap { neighbours[$0] }.filter { isSea[$0] }).sorted()
            for gained in gains where neighbours[gained].allSatisfy({ trial[$0] || rest.contains($0) }) {
                trial[gained] = false
                defer { trial[gained] = true }
                if growth.closesBlock(dropped, trial) { continue }
                if isConnected(trial, beside: gained) {
                    movable.append(place)
                    break
                }
            }
        }
        return movable
    }

    private func hangTogether(_ cells: [Int]) -> Bool {
        guard let first = cells.first else { return true }
        var reached = [first]
        var head = 0
        while head < reached.count {
            for next in neighbours[reached[head]] where cells.contains(next) && !reached.contains(next) {
                reached.append(next)
            }
            head += 1
        }
        return reached.count == cells.count
    }
}
