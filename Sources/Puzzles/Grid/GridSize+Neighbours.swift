extension GridSize {
    /// Calls `body` with each cell that shares a side with this one.
    @inline(__always)
    package func forEachNeighbour(of cell: Int, _ body: (Int) -> Void) {
        let column = cell % width
        if cell >= width { body(cell - width) }
        if column > 0 { body(cell - 1) }
        if column + 1 < width { body(cell + 1) }
        if cell + width < count { body(cell + width) }
    }

    package func neighbours(of cell: Int) -> [Int] {
        var cells: [Int] = []
        forEachNeighbour(of: cell) { cells.append($0) }
        return cells
    }

    /// The 2x2 blocks of cells that all satisfy a predicate, the cells of each in ascending order.
    @inline(__always)
    package func blocks(where isMember: (Int) -> Bool) -> [[Int]] {
        guard width > 1, height > 1 else { return [] }
        var blocks: [[Int]] = []
        for row in 0..<(height - 1) {
            for column in 0..<(width - 1) {
                let cell = row * width + column
                if isMember(cell), isMember(cell + 1), isMember(cell + width), isMember(cell + width + 1) {
                    blocks.append([cell, cell + 1, cell + width, cell + width + 1])
                }
            }
        }
        return blocks
    }
}
