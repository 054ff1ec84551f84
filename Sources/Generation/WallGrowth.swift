import Puzzles
import Randomness

/// Random connected walls without 2x2 blocks: the solutions of Tapa and, seen from the other side, of Nurikabe.
struct WallGrowth {
    let size: GridSize
    let neighbours: [[Int]]

    /// Grows from one cell until `target` cells are shaded or no cell can follow.
    /// - Parameter isFree: the cells that may be shaded; nil: all.
    func grow(target: Int, on isFree: [Bool]? = nil, thinness: Double = 0.6, using random: inout SplitMix) -> [Bool] {
        var isShaded = [Bool](repeating: false, count: size.count)
        var frontier: [Int] = []
        var isListed = isFree.map { $0.map { !$0 } } ?? isShaded
        var shaded = 0
        func add(_ cell: Int) {
            isShaded[cell] = true
            shaded += 1
            for next in neighbours[cell] where !isListed[next] {
                isListed[next] = true
                frontier.append(next)
            }
        }
        var start = random.below(size.count)
        if isListed[start] { start = random.pick((0..<size.count).filter { !isListed[$0] }) ?? start }
        isListed[start] = true
        add(start)
        while shaded < target, !frontier.isEmpty {
            let place = random.below(frontier.count)
            let cell = frontier[place]
            // A thin wall reaches further: cells beside two walls wait more often than not.
            let beside = neighbours[cell].count { isShaded[$0] }
            if beside > 1, random.chance(thinness) { continue }
            frontier.swapAt(place, frontier.count - 1)
            frontier.removeLast()
            if !closesBlock(cell, isShaded) { add(cell) }
        }
        return isShaded
    }

    /// Whether shading the cell makes a 2x2 block.
    func closesBlock(_ cell: Int, _ isShaded: [Bool]) -> Bool {
        let (row, column) = (cell / size.width, cell % size.width)
        for down in [-1, 1] {
            for right in [-1, 1] where size.contains(row: row + down, column: column + right) {
                if isShaded[size.index(row + down, column)], isShaded[size.index(row, column + right)],
                    isShaded[size.index(row + down, column + right)]
                {
                    return true
                }
            }
        }
        return false
    }
}
