import JSON

/// Boards of white cells and black cells that may have a number 0-4: Light Up's and Shakashaka's.
/// Per cell: -1 white, 0...4 black with that number, 5 black without number.
package struct BlackCells {
    package let size: GridSize
    package let clues: [Int8]

    /// Reads an address, a grid of `.` `#` `0`-`4`, or arrays of the codes above.
    init(reading value: JSON, genres: [String]) throws(PuzzleError) {
        if case .string(let text) = value, PuzzleLink.looksLike(text) {
            let link = try PuzzleLink(parsing: text, genres: genres)
            var reader = LinkReader(link.body)
            size = link.size
            clues = try reader.fourCells(size.count)
        } else {
            let board = try WrittenBoard(value, field: "puzzle", spaces: .separators) { _ in nil }
            var clues: [Int8] = []
            for (cell, entry) in board.entries.enumerated() {
                guard let clue = Self.clue(entry) else {
                    let place = board.size.cell(cell)
                    throw PuzzleError(
                        "\(entry.text) at \(Cell.list([place])), expected . for white, # or 0-4 for black",
                        cells: [place])
                }
                clues.append(clue)
            }
            size = board.size
            self.clues = clues
        }
        try checkNumbers()
    }

    /// The body of the address, the same for both genres.
    package static func linkBody(_ clues: [Int8]) -> [UInt8] {
        var writer = LinkWriter()
        writer.append(fourCells: clues)
        return writer.body
    }

    package static func character(_ clue: Int8) -> Character {
        switch clue {
        case ..<0: "."
        case 5: "#"
        default: Character(UnicodeScalar(UInt8(ascii: "0") + UInt8(clue)))
        }
    }

    /// Whether an entry of an answer repeats the clue of a black cell, or leaves it out.
    package static func repeats(_ clue: Int8, in entry: WrittenBoard.Entry) -> Bool {
        switch entry {
        case .text(let text): text == "." || text == "#" || text == String(character(clue))
        case .integer(let code): code == 0 || code == Int64(clue)
        case .null: true
        }
    }

    private static func clue(_ entry: WrittenBoard.Entry) -> Int8? {
        switch entry {
        case .text("."), .text("_"), .null, .integer(-1): -1
        case .text("#"), .integer(5): 5
        case .text(let text):
            if let number = Int8(text), text.count == 1, (0...4).contains(number) { number } else { nil }
        case .integer(let number): (0...4).contains(number) ? Int8(number) : nil
        }
    }

    /// Throws when a number is larger than the count of white cells beside it.
    private func checkNumbers() throws(PuzzleError) {
        for cell in 0..<size.count where (0...4).contains(clues[cell]) {
            let white = size.neighbours(of: cell).count { clues[$0] < 0 }
            if clues[cell] > white {
                let place = size.cell(cell)
                throw PuzzleError(
                    "the \(clues[cell]) at \(Cell.list([place])) has only \(white) white cells beside it",
                    cells: [place])
            }
        }
    }
}
