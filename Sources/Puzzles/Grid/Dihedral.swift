/// The eight symmetries of a square: four turns, each alone or after a reflection. Raw value: bits 0-1 quarter turns
/// clockwise, bit 2 a transposition first.
package enum Dihedral: Int, Sendable, CaseIterable {
    case identity = 0
    case turnRight, turnHalf, turnLeft
    case transpose, mirrorColumns, antitranspose, mirrorRows

    package var quarterTurns: Int { rawValue & 3 }
    package var transposesFirst: Bool { rawValue >= 4 }

    /// Whether width and height change places.
    package var swapsSides: Bool { transposesFirst != (quarterTurns % 2 == 1) }

    package var inverse: Dihedral {
        // A reflection undoes itself.
        transposesFirst ? self : Dihedral(rawValue: (4 - rawValue) % 4) ?? .identity
    }

    /// The size of a board's image.
    package func size(of size: GridSize) -> GridSize { swapsSides ? size.transposed : size }

    /// Where a cell of a board lies in the board's image.
    package func image(of cell: Cell, in size: GridSize) -> Cell {
        var (row, column, width, height) = (cell.row, cell.column, size.width, size.height)
        if transposesFirst {
            swap(&row, &column)
            swap(&width, &height)
        }
        for _ in 0..<quarterTurns {
            (row, column) = (column, height - 1 - row)
            swap(&width, &height)
        }
        return Cell(row, column)
    }

    /// Where a direction points in the image: 0 up, 1 right, 2 down, 3 left.
    package func image(ofDirection direction: Int) -> Int {
        let reflected = transposesFirst ? 3 - direction : direction
        return (reflected + quarterTurns) % 4
    }

    /// The position table of a `Symmetry` for a board at the top left of a square of `side`: the image lies at the
    /// top left too, and the padding keeps its order.
    package func positions(of size: GridSize, in side: Int, count: Int) -> [Int32] {
        var positions = [Int32](repeating: -1, count: count)
        var isBoard = [Bool](repeating: false, count: count)
        for row in 0..<size.height {
            for column in 0..<size.width {
                let source = row * side + column
                let target = image(of: Cell(row, column), in: size)
                positions[target.row * side + target.column] = Int32(source)
                isBoard[source] = true
            }
        }
        var padding = isBoard.indices.lazy.filter { !isBoard[$0] }.makeIterator()
        for index in positions.indices where positions[index] < 0 { positions[index] = Int32(padding.next() ?? index) }
        return positions
    }
}
