import JSON

extension LightupPuzzle {
    private static let linkNames = ["akari", "lightup", "bijutsukan"]

    package static let task = PuzzleTask(
        name: "lightup", title: "Light Up (Akari)",
        notations: "puzz.link, or lines of . (white), # (black) and 0-4; answers have * for a lamp",
        hasChecker: true, hasSymmetries: true, linkNames: linkNames, vocabSize: 10,
        read: { value throws(PuzzleError) in
            let board = try BlackCells(reading: value, genres: linkNames)
            return LightupPuzzle(size: board.size, clues: board.clues)
        })
}

extension LightupPuzzle: LinkedPuzzle {
    package static var name: String { task.name }
    package var vocabSize: Int { Self.task.vocabSize }
    package static var answerAlphabet: String { "* for a lamp, . for none, black cells as given" }

    package var address: String {
        PuzzleLink(genre: "akari", size: size, body: BlackCells.linkBody(clues)).text
    }

    package func clueToken(at cell: Int) -> Int32 { clues[cell] < 0 ? 1 : Int32(clues[cell]) + 2 }
    package func solutionToken(_ code: UInt8, at cell: Int) -> Int32 {
        isBlack(cell) ? clueToken(at: cell) : 8 + Int32(code)
    }
    package var solutionTokens: ClosedRange<Int32> { 8...9 }
    package func isOpen(_ cell: Int) -> Bool { !isBlack(cell) }
    package func code(ofToken token: Int32, at cell: Int) -> UInt8 { token == 9 && !isBlack(cell) ? 1 : 0 }

    package func character(_ code: UInt8, at cell: Int) -> Character {
        code == 1 ? "*" : BlackCells.character(clues[cell])
    }
    package func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8? {
        switch entry {
        case .text("*"), .text("o"), .text("O"), .text("●"): 1
        case .integer(1) where !isBlack(cell): 1
        case .text("."), .text("_"), .integer(0): 0
        default: isBlack(cell) && BlackCells.repeats(clues[cell], in: entry) ? 0 : nil
        }
    }

    package func look(at cell: Int, code: UInt8?) -> CellLook {
        if clues[cell] == 5 { return CellLook(ground: .black, isGiven: true) }
        if isBlack(cell) { return CellLook(text: String(clues[cell]), ground: .black, isGiven: true) }
        return CellLook(ground: code == nil ? .paper : .lit, mark: code == 1 ? .lamp : .dot)
    }
}
