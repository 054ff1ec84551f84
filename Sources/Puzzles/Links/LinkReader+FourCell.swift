/// pzpr's code for clues 0-4: the digit itself when the next cell has a clue, 5 more when one empty cell follows,
/// 10 more when two follow; `.` for a clue without number; a letter from `g` on for a run of empty cells.
extension LinkReader {
    /// `count` cells: -1 empty, 0...4 a number, 5 a clue without number.
    mutating func fourCells(_ count: Int) throws(PuzzleError) -> [Int8] {
        var cells: [Int8] = []
        while cells.count < count {
            let character = try character(for: "\(count - cells.count) of \(count) cells are")
            var blanks = 0
            if let run = character.blankRun {
                blanks = run
                guard cells.count + blanks <= count else {
                    throw unexpected(character, "at most \(count - cells.count) more cells")
                }
            } else if character == UInt8(ascii: ".") {
                cells.append(5)
            } else if let digit = character.digitValue(radix: 15) {
                cells.append(Int8(digit % 5))
                blanks = digit / 5
            } else {
                throw unexpected(character, "0-9, a-e, a letter from g to z or a dot")
            }
            // The two empty cells that a last clue promises may lie beyond the board.
            cells.append(contentsOf: repeatElement(-1, count: min(blanks, count - cells.count)))
        }
        return cells
    }
}

extension LinkWriter {
    mutating func append(fourCells cells: [Int8]) {
        var index = 0
        while index < cells.count {
            let clue = Int(cells[index])
            index += 1
            switch clue {
            case ..<0: append(blank: 1)
            case 5: append(".")
            default:
                let following = cells[index...].prefix(2).prefix { $0 < 0 }.count
                // At the board's end pzpr counts the missing cells as empty ones.
                let blanks = index + following < cells.count ? following : 2
                append(String(clue + 5 * blanks, radix: 16))
                index += blanks
            }
        }
        flush()
    }
}
