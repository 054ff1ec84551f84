extension GridSize {
    /// The cells that share a side with each cell.
    package var neighbourLists: [[Int]] { (0..<count).map { neighbours(of: $0) } }

    /// The eight places around a cell, clockwise from the top left; nil outside the board.
    package func ring(around cell: Int) -> [Int?] {
        let (row, column) = (cell / width, cell % width)
        return [(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1)].map { down, right in
            contains(row: row + down, column: column + right) ? index(row + down, column + right) : nil
        }
    }

    /// The top left cells of the 2x2 blocks.
    package var blocks: [Int] {
        guard width > 1, height > 1 else { return [] }
        return (0..<count - width).filter { $0 % width < width - 1 }
    }
}
