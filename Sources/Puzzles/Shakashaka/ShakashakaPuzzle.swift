/// Shakashaka: put black half-cell triangles on white cells so that every white area is a rectangle, upright or
/// diagonal; a number on a black cell counts the triangles beside it.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding right of and below the board |
/// | 1 | white cell, not decided |
/// | 2-6 | black cell with number 0-4 |
/// | 7 | black cell without number |
/// | 8 | white cell without triangle (solution) |
/// | 9-12 | triangle whose black corner is bottom left, bottom right, top right, top left (solution) |
///
/// Black cells stand in a solution as they are given.
package struct ShakashakaPuzzle: Sendable, Hashable {
    package let size: GridSize
    /// Per cell: -1 white, 0...4 black with that number, 5 black without number.
    package let clues: [Int8]

    /// `clues` has one entry per cell, each in -1...5; a solution has 0 at a cell without triangle and 1...4 at a
    /// triangle whose black corner is bottom left, bottom right, top right, top left.
    package init(size: GridSize, clues: [Int8]) {
        self.size = size
        self.clues = clues
    }

    package func isBlack(_ cell: Int) -> Bool { clues[cell] >= 0 }
}
