import Puzzles
import Randomness

/// A rectangle of cells; the bounds are cells inside it.
struct CellRectangle: Hashable {
    var rows: ClosedRange<Int>
    var columns: ClosedRange<Int>

    var count: Int { rows.count * columns.count }

    func cells(in size: GridSize) -> [Int] { rows.flatMap { row in columns.map { size.index(row, $0) } } }

    /// The two parts after a cut below `row`, or right of `column`.
    func split(below row: Int) -> (CellRectangle, CellRectangle) {
        (
            CellRectangle(rows: rows.lowerBound...row, columns: columns),
            CellRectangle(rows: row + 1...rows.upperBound, columns: columns)
        )
    }

    func split(rightOf column: Int) -> (CellRectangle, CellRectangle) {
        (
            CellRectangle(rows: rows, columns: columns.lowerBound...column),
            CellRectangle(rows: rows, columns: column + 1...columns.upperBound)
        )
    }

    /// A board cut into rectangles with sides up to about `longest` and about `most` cells, laid in reading order.
    static func tiling(
        _ size: GridSize, longest: Int, most: Int = .max, using random: inout SplitMix
    ) -> [CellRectangle] {
        var isTaken = [Bool](repeating: false, count: size.count)
        var tiles: [CellRectangle] = []
        for first in 0..<size.count where !isTaken[first] {
            let (row, column) = (first / size.width, first % size.width)
            var free = 1
            while column + free < size.width, !isTaken[first + free], free < longest { free += 1 }
            var width = min(free, random.within(1...longest))
            // No slivers: a last column of one cell joins, as often as not.
            if free - width == 1, random.chance(0.7) { width = free }
            var height = min(size.height - row, random.within(width == 1 ? 2...max(2, longest) : 1...longest))
            if size.height - row - height == 1, random.chance(0.7) { height += 1 }
            height = max(1, min(height, most / width))
            let tile = CellRectangle(rows: row...row + height - 1, columns: column...column + width - 1)
            for cell in tile.cells(in: size) { isTaken[cell] = true }
            tiles.append(tile)
        }
        return tiles
    }
}
