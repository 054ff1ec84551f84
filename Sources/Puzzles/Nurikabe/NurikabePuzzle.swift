/// Nurikabe: shade one connected sea without 2x2 pools; every island has one number, its size.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding right of and below the board |
/// | 1 | cell without clue, not decided |
/// | 2 | island of unknown size (`?`) |
/// | 3-101 | number 1-99 |
/// | 102 | island (solution) |
/// | 103 | sea (solution) |
///
/// Clue cells stand in a solution as they are given.
package struct NurikabePuzzle: Sendable, Hashable {
    package let size: GridSize
    /// Per cell: 0 no clue, n > 0 the island's size, -1 an island of unknown size.
    package let clues: [Int16]

    /// `clues` has one entry per cell, each at least -1; a solution has 1 at a sea cell, 0 elsewhere.
    package init(size: GridSize, clues: [Int16]) {
        self.size = size
        self.clues = clues
    }
}
