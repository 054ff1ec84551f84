import JSON

extension NurikabePuzzle {
    package static let task = PuzzleTask(
        name: "nurikabe", title: "Nurikabe",
        notations: "puzz.link, or lines of . (no clue), 1-9, a-z (10-35) and ?, or numbers apart by spaces; "
            + "answers have # for sea",
        hasChecker: true, hasSymmetries: true, linkNames: ["nurikabe"], vocabSize: 104,
        read: { value throws(PuzzleError) in try NurikabePuzzle(reading: value) })

    /// The largest number that has a model token.
    package static let largestToken = 99

    init(reading value: JSON) throws(PuzzleError) {
        let (size, clues): (GridSize, [Int16]) =
            if case .string(let text) = value, PuzzleLink.looksLike(text) {
                try Self.read(link: text)
            } else {
                try Self.read(board: WrittenBoard(value, field: "puzzle", spaces: .separators) { _ in nil })
            }
        self.init(size: size, clues: clues)
        try checkClues()
    }

    private static func read(link text: String) throws(PuzzleError) -> (GridSize, [Int16]) {
        let link = try PuzzleLink(parsing: text, genres: task.linkNames)
        var reader = LinkReader(link.body)
        let numbers = try reader.numbers16(link.size.count, of: "cells")
        return (
            link.size,
            numbers.map { number in
                switch number {
                case .none: 0
                case .unknown: -1
                // A 0 is no island's size; it stays as a number that no island has, refused below, as one beyond all is.
                case .number(let number): number == 0 ? Int16.max : Int16(clamping: number)
                }
            }
        )
    }

    private static func read(board: WrittenBoard) throws(PuzzleError) -> (GridSize, [Int16]) {
        var clues: [Int16] = []
        for (cell, entry) in board.entries.enumerated() {
            guard let clue = clue(entry) else {
                let place = board.size.cell(cell)
                throw PuzzleError(
                    "\(entry.text) at \(Cell.list([place])), expected . for no clue, a number from 1 on, or ?",
                    cells: [place])
            }
            clues.append(clue)
        }
        return (board.size, clues)
    }

    private static func clue(_ entry: WrittenBoard.Entry) -> Int16? {
        switch entry {
        case .text("."), .text("_"), .null, .integer(0): return 0
        case .text("?"), .integer(-1): return -1
        case .text(let text):
            if text.count == 1, let digit = text.utf8.first?.digitValue(radix: 36) {
                return digit > 0 ? Int16(digit) : nil
            }
            return Int16(text).flatMap { $0 > 0 ? $0 : nil }
        case .integer(let number): return number > 0 ? Int16(exactly: number) : nil
        }
    }

    /// Throws when two clues touch, or a number exceeds the board.
    private func checkClues() throws(PuzzleError) {
        for cell in 0..<size.count where clues[cell] != 0 {
            if clues[cell] > size.count {
                let place = size.cell(cell)
                throw PuzzleError(
                    "the number at \(Cell.list([place])) is no size of an island on a board of \(size.count) cells",
                    cells: [place])
            }
            if let other = size.neighbours(of: cell).first(where: { $0 > cell && clues[$0] != 0 }) {
                let cells = size.cells([cell, other])
                throw PuzzleError("two clues touch: \(Cell.list(cells)) would be one island", cells: cells)
            }
        }
    }
}

extension NurikabePuzzle: LinkedPuzzle {
    package static var name: String { task.name }
    package var vocabSize: Int { Self.task.vocabSize }
    package static var answerAlphabet: String { ShadedCells.alphabet }

    package var address: String {
        var writer = LinkWriter()
        writer.append(
            numbers16: clues.lazy.map { $0 == 0 ? .none : $0 < 0 ? .unknown : .number(Int($0)) })
        return PuzzleLink(genre: "nurikabe", size: size, body: writer.body).text
    }

    package func clueToken(at cell: Int) throws(PuzzleError) -> Int32 {
        guard clues[cell] <= Self.largestToken else {
            let place = size.cell(cell)
            throw PuzzleError(
                "the models of nurikabe know numbers up to \(Self.largestToken), "
                    + "found \(clues[cell]) at \(Cell.list([place]))", cells: [place])
        }
        return clueToken(clues[cell])
    }
    private func clueToken(_ clue: Int16) -> Int32 { clue == 0 ? 1 : clue < 0 ? 2 : Int32(clue) + 2 }
    package func solutionToken(_ code: UInt8, at cell: Int) -> Int32 {
        clues[cell] == 0 ? 102 + Int32(code) : clueToken(clues[cell])
    }
    package var solutionTokens: ClosedRange<Int32> { 102...103 }
    package func isOpen(_ cell: Int) -> Bool { clues[cell] == 0 }
    package func code(ofToken token: Int32, at cell: Int) -> UInt8 { token == 103 && clues[cell] == 0 ? 1 : 0 }

    package func character(_ code: UInt8, at cell: Int) -> Character {
        if code == 1 { return "#" }
        // A number beyond one character is left to the puzzle.
        return (1...35).contains(clues[cell]) ? Character(String(clues[cell], radix: 36)) : clues[cell] < 0 ? "?" : "."
    }
    package func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8? {
        if clues[cell] > 0, entry.number == Int(clues[cell]) { return 0 }
        return ShadedCells.code(of: entry, clue: clues[cell] == 0 ? nil : String(character(0, at: cell)))
    }

    package func look(at cell: Int, code: UInt8?) -> CellLook {
        if code == 1 { return CellLook(ground: .shaded) }
        if clues[cell] == 0 { return CellLook(mark: .dot) }
        return CellLook(text: clues[cell] < 0 ? "?" : String(clues[cell]), isGiven: true)
    }
}
