import JSON

/// Sudoku of 4x4 (boxes 2x2), 6x6 (boxes three wide, two high) and 9x9.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding; unused, since a model takes boards of its own size only |
/// | 1 | blank |
/// | 2-10 | digit 1-9, in the puzzle and in the solution |
package struct SudokuPuzzle: Sendable, Hashable {
    /// 4, 6 or 9: cells in a row, and digits.
    package let side: Int
    /// Per cell, row by row: the given digit, or 0.
    package let givens: [UInt8]

    /// `side` is 4, 6 or 9, and `givens` has side x side entries, each at most `side`. In a solution a cell's code is
    /// its digit, 0 for a blank.
    package init(side: Int, givens: [UInt8]) {
        self.side = side
        self.givens = givens
    }

    package static let sides = [4, 6, 9]

    package var boxWidth: Int { side == 4 ? 2 : 3 }
    package var boxHeight: Int { side / boxWidth }

    /// Rows, columns and boxes as lists of cells, in that order, `side` of each.
    package var units: [[Int]] { Self.unitTable[side] ?? [] }

    private static let unitTable: [Int: [[Int]]] = {
        var table: [Int: [[Int]]] = [:]
        for side in sides {
            let puzzle = SudokuPuzzle(side: side, givens: [])
            let (width, height) = (puzzle.boxWidth, puzzle.boxHeight)
            let all = 0..<side
            let boxes = all.map { box in
                let (top, left) = (box / (side / width) * height, box % (side / width) * width)
                return all.map { (top + $0 / width) * side + left + $0 % width }
            }
            table[side] =
                all.map { row in all.map { row * side + $0 } } + all.map { column in all.map { $0 * side + column } }
                + boxes
        }
        return table
    }()
}

extension SudokuPuzzle {
    package static let task = PuzzleTask(
        name: "sudoku", title: "Sudoku",
        notations: "9x9, 6x6 or 4x4: 81 (36, 16) characters with . or 0 for blanks, rows in arrays, or puzz.link",
        hasChecker: true, hasSymmetries: true, linkNames: ["sudoku"], vocabSize: 11,
        vocabSizeOfSide: { $0 + 2 },
        read: { value throws(PuzzleError) in try SudokuPuzzle(reading: value) })
}
