/// Answers of the shading genres: `#` (1) shaded, `.` (0) white, a clue cell's clue or `.` where a clue is.
package enum ShadedCells {
    package static let alphabet = "# for shaded, . for white, clue cells as given"

    /// The solution code of an entry; `clue` is how the cell's clue may be written, nil for a cell without.
    package static func code(of entry: WrittenBoard.Entry, clue: String?) -> UInt8? {
        switch entry {
        case .text("#"), .text("■"): return 1
        case .integer(1) where clue == nil: return 1
        case .text("."), .text("_"), .integer(0), .null: return 0
        case .text(let text): return clue.map { $0.lowercased() == text.lowercased() } == true ? 0 : nil
        case .integer(let number): return clue == String(number) ? 0 : nil
        }
    }
}
