import JSON

extension TapaPuzzle {
    package static let task = PuzzleTask(
        name: "tapa", title: "Tapa",
        notations:
            "puzz.link, or lines of clues apart by spaces: . for none, 3, 13, ?1; answers have # for shaded; a lone ? allows any "
            + "number of shaded neighbours, none too, as in pzpr",
        hasChecker: true, hasSymmetries: true, linkNames: ["tapa"], vocabSize: 46,
        read: { value throws(PuzzleError) in try TapaPuzzle(reading: value) })

    /// The cells around one, clockwise from the top left.
    package static let ring: [(row: Int, column: Int)] = [
        (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1),
    ]

    init(reading value: JSON) throws(PuzzleError) {
        if case .string(let text) = value, PuzzleLink.looksLike(text) {
            try self.init(link: text)
        } else {
            let board = try WrittenBoard(value, field: "puzzle", spaces: .separators) { _ in nil }
            var clues: [UInt8] = []
            for (cell, entry) in board.entries.enumerated() {
                guard let clue = Self.clue(entry) else {
                    let place = board.size.cell(cell)
                    throw PuzzleError(
                        "\(entry.text) at \(Cell.list([place])), expected . for no clue, or run lengths that fit "
                            + "around a cell, such as 3, 13 or ?1", cells: [place])
                }
                clues.append(clue)
            }
            self.init(size: board.size, clues: clues)
        }
        try checkClues()
    }

    private static func clue(_ entry: WrittenBoard.Entry) -> UInt8? {
        switch entry {
        case .null, .text("."), .text("_"): return 0
        case .integer(let number): return number >= 0 ? clue(.text(Substring(String(number)))) : nil
        case .text(let text):
            var runs: [Int8] = []
            for character in text.utf8 {
                if character == UInt8(ascii: "?") {
                    runs.append(TapaClue.unknown)
                } else if let digit = character.digitValue(radix: 9), runs.count < 4 {
                    runs.append(Int8(digit))
                } else {
                    return nil
                }
            }
            return runs.isEmpty ? nil : TapaClue.code(of: runs)
        }
    }

    /// Throws when a clue cannot be met: the cells around it that may be shaded do not allow its runs.
    private func checkClues() throws(PuzzleError) {
        for cell in 0..<size.count where clues[cell] != 0 {
            let free = pattern(around: cell) { clues[$0] == 0 }
            let allows = TapaClue.allows[Int(clues[cell])]
            guard (0..<256).contains(where: { $0 & ~free == 0 && allows[$0] }) else {
                let place = size.cell(cell)
                throw PuzzleError(
                    "the clue \(TapaClue.text(clues[cell])) at \(Cell.list([place])) does not fit the cells around it",
                    cells: [place])
            }
        }
    }

    /// Bit k is set when the k-th cell of the ring around a cell is on the board and satisfies the predicate.
    @inline(__always)
    package func pattern(around cell: Int, where isMember: (Int) -> Bool) -> Int {
        let (row, column) = (cell / size.width, cell % size.width)
        var pattern = 0
        for (bit, step) in Self.ring.enumerated()
        where size.contains(row: row + step.row, column: column + step.column) {
            if isMember(cell + step.row * size.width + step.column) { pattern |= 1 << bit }
        }
        return pattern
    }
}

extension TapaPuzzle: LinkedPuzzle {
    package static var name: String { task.name }
    package var vocabSize: Int { Self.task.vocabSize }
    package static var answerAlphabet: String { ShadedCells.alphabet }

    package func clueToken(at cell: Int) -> Int32 { Int32(clues[cell]) + 1 }
    package func solutionToken(_ code: UInt8, at cell: Int) -> Int32 {
        clues[cell] == 0 ? 44 + Int32(code) : clueToken(at: cell)
    }
    package var solutionTokens: ClosedRange<Int32> { 44...45 }
    package func isOpen(_ cell: Int) -> Bool { clues[cell] == 0 }
    package func code(ofToken token: Int32, at cell: Int) -> UInt8 { token == 45 && clues[cell] == 0 ? 1 : 0 }

    package func character(_ code: UInt8, at cell: Int) -> Character { code == 1 ? "#" : "." }
    package func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8? {
        ShadedCells.code(of: entry, clue: clues[cell] == 0 ? nil : TapaClue.text(clues[cell]))
    }

    package func look(at cell: Int, code: UInt8?) -> CellLook {
        if code == 1 { return CellLook(ground: .shaded) }
        return clues[cell] == 0
            ? CellLook(mark: .dot) : CellLook(text: TapaClue.text(clues[cell]), isGiven: true)
    }
}
