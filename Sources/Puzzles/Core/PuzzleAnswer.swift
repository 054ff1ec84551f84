package import JSON

/// A proposed solution of one puzzle.
package struct PuzzleAnswer: Sendable, Hashable {
    /// What replies carry, and what `Puzzle.readAnswer` takes back.
    package let notation: JSON
    /// The task's solution code of every cell, row by row; each task's file lists its codes.
    /// Empty for the tokens task, whose answers have no cells.
    package let cells: [UInt8]

    package init(notation: JSON, cells: [UInt8]) {
        self.notation = notation
        self.cells = cells
    }
}
