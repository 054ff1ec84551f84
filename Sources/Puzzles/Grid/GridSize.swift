/// A cell of a board, counted from 0 at the top left.
package struct Cell: Sendable, Hashable, Comparable {
    package let row: Int
    package let column: Int

    package init(_ row: Int, _ column: Int) {
        self.row = row
        self.column = column
    }

    package static func < (a: Cell, b: Cell) -> Bool { (a.row, a.column) < (b.row, b.column) }
}

/// The shape of a board. Cells are stored row by row; `index` is a cell's place in such a list.
package struct GridSize: Sendable, Hashable {
    package let width: Int
    package let height: Int

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The longest side that is read from outside; far above any model and any published puzzle.
    package static let longestSide = 128

    package var count: Int { width * height }
    package var isSquare: Bool { width == height }
    package var transposed: GridSize { GridSize(width: height, height: width) }

    /// `10x8`: width, then height, as in puzz.link addresses.
    package var text: String { "\(width)x\(height)" }

    package func index(_ row: Int, _ column: Int) -> Int { row * width + column }
    package func cell(_ index: Int) -> Cell { Cell(index / width, index % width) }
    package func cells(_ indices: some Sequence<Int>) -> [Cell] { indices.map(cell) }
    package func contains(row: Int, column: Int) -> Bool {
        row >= 0 && row < height && column >= 0 && column < width
    }
}
