import JSON

/// Sudoku of 4 to 25 cells a side: square boxes at 4, 9, 16 and 25, and boxes wider than high at 6 (3x2), 8 (4x2), 10 (5x2)
/// and 12 (4x3), as puzzles in print have them. pzpr's editor draws boxes of 2x2 on 8x8 and of 3x3 on 10x10 and 12x12, which
/// are no sudoku; an address of that size is read with the boxes above, and `boxNote` says so.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding; unused, since a model takes boards of its own size only |
/// | 1 | blank |
/// | 2-26 | digit 1-25, in the puzzle and in the solution |
package struct SudokuPuzzle: Sendable, Hashable {
    /// One of `sides`: cells in a row, and digits.
    package let side: Int
    /// Per cell, row by row: the given digit, or 0.
    package let givens: [UInt8]

    /// `side` is one of `sides`, and `givens` has side x side entries, each at most `side`. In a solution a cell's code is
    /// its digit, 0 for a blank.
    package init(side: Int, givens: [UInt8]) {
        self.side = side
        self.givens = givens
    }

    package static let sides = [4, 6, 8, 9, 10, 12, 16, 25]

    package var boxWidth: Int {
        switch side {
        case 4: 2
        case 6, 9: 3
        case 8, 12, 16: 4
        default: 5
        }
    }
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
        notations: "4x4, 6x6, 8x8, 9x9, 10x10, 12x12, 16x16 or 25x25: 81 (16 to 625) characters with . or 0 for "
            + "blanks and A-P for 10-25, lines of numbers apart by spaces, rows in arrays, or puzz.link",
        hasChecker: true, hasSymmetries: true, linkNames: ["sudoku"], vocabSize: 11,
        vocabSizeOfSide: { $0 + 2 },
        read: { value throws(PuzzleError) in try SudokuPuzzle(reading: value) })
}
