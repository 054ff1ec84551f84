/// Why a puzzle or an answer cannot be read, or does not fit a model.
package struct PuzzleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    package var message: String
    /// The cells that contradict each other or hold the mistake; empty when no cell is to blame.
    package var cells: [Cell]
    /// The request field that holds the mistake: `puzzle`, `puzzle[2][4]`, `answer`.
    package var field: String

    package init(_ message: String, cells: [Cell] = [], field: String = "puzzle") {
        self.message = message
        self.cells = cells
        self.field = field
    }

    package var description: String {
        let place = Cell.list(cells)
        // Most messages name the place in the middle of what they say.
        return cells.isEmpty || message.contains(place) ? "\(field): \(message)" : "\(field): \(message) at \(place)"
    }
}

extension Cell {
    /// `row 1 column 5 and row 1 column 8`, counted from 1 for people.
    package static func list(_ cells: [Cell]) -> String {
        cells.map { "row \($0.row + 1) column \($0.column + 1)" }.joined(separator: " and ")
    }
}
