package import Puzzles
package import Satisfiability

/// What a large room's number says, in counts of the room's parts, and how many shaded cells a room can hold at all.
///
/// Shaded cells that touch by corners, and the edge of the board, never close a circle: it would part the white cells. So of
/// `n` shaded cells in a room at most `n` pairs touch by corners, a cell at the board's edge counting as one more pair, and at
/// most `n - 1` in a room away from the edge. Each 2x2 block of the room holds such a pair, one shaded cell, or none. Adding
/// up what the blocks hold: over the room's shaded cells the sum of their weights (the blocks around the cell, and one at the
/// edge) is at most the number of blocks and `n`. Setters know it as the fullest rooms: a 7x7 holds 21 in one way only,
/// which clauses about single cells take a hundred thousand conflicts to find out.
package struct HeyawakeRoomCounts {
    package let size: GridSize
    /// Per cell: "shaded".
    package let cells: [SatLiteral]
    package let solver: SatSolver

    /// Rooms of fewer cells are counted as fast by `CardinalityTheory`.
    static let leastRoom = 12

    package init(size: GridSize, cells: [SatLiteral], solver: SatSolver) {
        self.size = size
        self.cells = cells
        self.solver = solver
    }

    /// "So many of the room's cells are shaded", of which no two touch by a side. `room` may be any set of cells.
    package func add(_ number: Int, of room: [Int]) {
        // The bound below is of one shaded cell or more.
        guard number > 0 else { return room.forEach { solver.add(!cells[$0]) } }
        let (weights, bound) = weigh(room)
        // Cells of one weight are counted together, and lighter ones by what is white: the sum of weights less 2 a cell.
        let parts = (0...4).map { weight in count(room.filter { weights[$0] == weight }) }
        let total = parts.reduce(UnaryCount.none) { .sum($0, $1, most: number, in: solver) }
        total.require(number, in: solver)
        let most = bound - number + 2 * parts[0].most + parts[1].most
        guard most >= 0 else { return solver.add([]) }
        let light = UnaryCount.sum(parts[0].complement.doubled, parts[1].complement, most: most, in: solver)
        let heavy = UnaryCount.sum(parts[3], parts[4].doubled, most: most, in: solver)
        _ = UnaryCount.sum(light, heavy, most: most, in: solver)
    }

    /// The weights of a room's cells (those of others are nonsense), and what they come to at most beyond the number.
    private func weigh(_ room: [Int]) -> (weights: [Int], bound: Int) {
        var isInside = [Bool](repeating: false, count: size.count)
        for cell in room { isInside[cell] = true }
        var weights = [Int](repeating: 0, count: size.count)
        var blocks = 0
        for block in size.blocks {
            let members = [block, block + 1, block + size.width, block + size.width + 1]
            guard members.allSatisfy({ isInside[$0] }) else { continue }
            blocks += 1
            for cell in members { weights[cell] += 1 }
        }
        let atEdge = room.filter(isAtEdge)
        for cell in atEdge { weights[cell] += 1 }
        return (weights, atEdge.isEmpty ? blocks - 1 : blocks)
    }

    private func isAtEdge(_ cell: Int) -> Bool {
        let (row, column) = (cell / size.width, cell % size.width)
        return row == 0 || column == 0 || row == size.height - 1 || column == size.width - 1
    }

    /// The count of some cells: of blocks of four, of which two can be shaded, of pairs, of which one can, and of single cells.
    private func count(_ members: [Int]) -> UnaryCount {
        var isOpen = [Bool](repeating: false, count: size.count)
        for cell in members { isOpen[cell] = true }
        var counts: [UnaryCount] = []
        for cell in members where isOpen[cell] {
            let hasRight = cell % size.width + 1 < size.width && isOpen[cell + 1]
            let below = cell + size.width
            let hasBelow = below < size.count && isOpen[below]
            let isBlock = hasRight && hasBelow && isOpen[below + 1]
            var group = [cell]
            if hasRight { group.append(cell + 1) }
            if hasBelow, isBlock || !hasRight { group.append(below) }
            if isBlock { group.append(below + 1) }
            for cell in group { isOpen[cell] = false }
            counts.append(
                group.reduce(UnaryCount.none) { count, cell in
                    .sum(count, UnaryCount(atLeast: [cells[cell]]), most: isBlock ? 2 : 1, in: solver)
                })
        }
        return .sum(of: counts[...], in: solver)
    }
}
