package import JSON

extension SudokuPuzzle {
    /// Reads the notations that `task.notations` names. Throws when two givens contradict each other.
    package init(reading value: JSON) throws(PuzzleError) {
        var value = value
        if case .string(let text) = value, SudokuText.mayBe(text) {
            if let board = SudokuText(text) {
                value = .array(board.rows.map { .string($0) })
            } else if let rows = SudokuText.numbers(text) {
                value = .array(rows.map { .array($0.map { .integer($0) }) })
            }
        }
        if case .string(let text) = value, PuzzleLink.looksLike(text) {
            try self.init(link: text)
        } else {
            let board = try WrittenBoard(value, field: "puzzle", spaces: Self.spaces(in: value), flat: Self.flatSize)
            try Self.checkSize(board.size, cells: board.entries.count)
            var givens: [UInt8] = []
            for (cell, entry) in board.entries.enumerated() {
                guard let digit = Self.digit(entry, side: board.size.width) else {
                    let place = board.size.cell(cell)
                    throw PuzzleError(
                        "\(entry.text) at \(Cell.list([place])), expected a digit 1-\(board.size.width), or . or 0 for "
                            + "a blank", cells: [place])
                }
                givens.append(digit)
            }
            self.init(side: board.size.width, givens: givens)
        }
        try checkGivens()
    }

    private init(link text: String) throws(PuzzleError) {
        let link = try PuzzleLink(parsing: text, genres: Self.task.linkNames)
        try Self.checkSize(link.size, cells: link.size.count)
        var reader = LinkReader(link.body)
        let numbers = try reader.numbers16(link.size.count, of: "cells")
        var givens: [UInt8] = []
        for (cell, number) in numbers.enumerated() {
            switch number {
            case .none, .unknown: givens.append(0)
            case .number(let digit) where (1...link.size.width).contains(digit): givens.append(UInt8(digit))
            case .number(let digit):
                let place = link.size.cell(cell)
                throw PuzzleError(
                    "\(digit) at \(Cell.list([place])), expected 1-\(link.size.width)", cells: [place])
            }
        }
        self.init(side: link.size.width, givens: givens)
    }

    /// What has to be said of an address whose boxes are others in pzpr: it draws squares of the root of the side, rounded
    /// down (3x2 at 6), which at 8, 10 and 12 is no sudoku.
    static func boxNote(onLink text: String) -> String? {
        guard PuzzleLink.looksLike(text), let link = try? PuzzleLink(parsing: text, genres: task.linkNames) else {
            return nil
        }
        let side = link.size.width
        guard link.size.isSquare, let drawn = [8: 2, 10: 3, 12: 3][side] else { return nil }
        let puzzle = SudokuPuzzle(side: side, givens: [])
        let boxes = "boxes \(puzzle.boxWidth) wide and \(puzzle.boxHeight) high"
        return "pzpr draws boxes of \(drawn)x\(drawn) on a sudoku of \(side)x\(side); \(boxes) are used"
    }

    package var notation: JSON {
        .string(String(givens.map(Self.character)))
    }

    package var link: String? {
        var writer = LinkWriter()
        writer.append(numbers16: givens.lazy.map { $0 == 0 ? .none : .number(Int($0)) })
        return PuzzleLink(genre: "sudoku", size: size, body: writer.body).text
    }

    /// `1` to `9`, then `A` for 10 to `P` for 25; a dot for a blank.
    package static func character(_ digit: UInt8) -> Character {
        switch digit {
        case 0: "."
        case 1...9: Character(UnicodeScalar(UInt8(ascii: "0") + digit))
        default: Character(UnicodeScalar(UInt8(ascii: "A") + (digit - 10)))
        }
    }

    /// The digit that an entry stands for, 0 for a blank; nil when it is neither.
    package static func digit(_ entry: WrittenBoard.Entry, side: Int) -> UInt8? {
        switch entry {
        case .null, .text("."), .text("_"), .text("*"): return 0
        case .text(let text):
            let letter = text.utf8.count == 1 ? text.utf8.first?.digitValue(radix: 36) : nil
            guard let digit = letter ?? Int(text), (0...side).contains(digit) else { return nil }
            return UInt8(digit)
        case .integer:
            guard let digit = entry.number, (0...side).contains(digit) else { return nil }
            return UInt8(digit)
        }
    }

    /// What spaces in a text mean: nothing, unless it is a large board of numbers with two digits, each its own word.
    package static func spaces(in value: JSON) -> WrittenBoard.Spaces {
        func areNumbers(_ texts: [String], count: Int) -> Bool {
            let words = texts.flatMap { $0.split(whereSeparator: \.isWhitespace) }
            return words.count == count && words.contains { $0.utf8.count == 2 }
                && words.allSatisfy { $0.utf8.count <= 2 }
        }
        let large = sides.filter { $0 > 9 }
        switch value {
        case .string(let text): return large.contains { areNumbers([text], count: $0 * $0) } ? .separators : .ignored
        case .array(let rows) where large.contains(rows.count):
            return areNumbers(rows.compactMap(\.stringValue), count: rows.count * rows.count) ? .separators : .ignored
        default: return .ignored
        }
    }

    private static func flatSize(_ count: Int) -> GridSize? {
        let side = sides.first { $0 * $0 == count }
        // Another count is refused as a sudoku's, not as a board's.
        return count == 0 ? nil : side.map { GridSize(width: $0, height: $0) } ?? GridSize(width: count, height: 1)
    }

    private static func checkSize(_ size: GridSize, cells: Int) throws(PuzzleError) {
        guard size.isSquare, sides.contains(size.width) else {
            let found = size.height == 1 ? "\(cells) cells" : "\(size.text) cells"
            throw PuzzleError(
                "the board has \(found), expected 81 (9x9), or a square of 4, 6, 8, 10, 12, 16 or 25 a side")
        }
    }

    /// Throws when a row, column or box has a given digit twice, naming the cells.
    private func checkGivens() throws(PuzzleError) {
        guard let clash = repeatedDigit(in: givens) else { return }
        let cells = size.cells(clash.cells)
        throw PuzzleError(
            "the givens contradict each other: \(givens[clash.cells[0]]) stands more than once in a \(clash.unit), "
                + "at \(Cell.list(cells))", cells: cells)
    }
}
