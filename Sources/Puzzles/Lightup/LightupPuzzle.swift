/// Light Up (Akari): put lamps on white cells so that every white cell is lit, no lamp lights another, and a number on
/// a black cell counts the lamps beside it.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding right of and below the board |
/// | 1 | white cell, not decided |
/// | 2-6 | black cell with number 0-4 |
/// | 7 | black cell without number |
/// | 8 | white cell without lamp (solution) |
/// | 9 | lamp (solution) |
///
/// Black cells stand in a solution as they are given.
package struct LightupPuzzle: Sendable, Hashable {
    package let size: GridSize
    /// Per cell: -1 white, 0...4 black with that number, 5 black without number.
    package let clues: [Int8]

    /// `clues` has one entry per cell, each in -1...5; a solution has 1 at a lamp, 0 elsewhere.
    package init(size: GridSize, clues: [Int8]) {
        self.size = size
        self.clues = clues
    }

    package func isBlack(_ cell: Int) -> Bool { clues[cell] >= 0 }
}
