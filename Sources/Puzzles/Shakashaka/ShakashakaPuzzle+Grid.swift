import JSON

extension ShakashakaPuzzle {
    private static let linkNames = ["shakashaka"]

    package static let task = PuzzleTask(
        name: "shakashaka", title: "Shakashaka",
        notations: "puzz.link, or lines of . (white), # (black) and 0-4; answers have ◣ ◢ ◥ ◤ (or L J 7 F)",
        hasChecker: true, hasSymmetries: true, linkNames: linkNames, vocabSize: 13,
        read: { value throws(PuzzleError) in
            let board = try BlackCells(reading: value, genres: linkNames)
            return ShakashakaPuzzle(size: board.size, clues: board.clues)
        })

    /// Characters of the solution codes 1-4 that keyboards have.
    private static let keys: [Substring] = ["L", "J", "7", "F"]
}

extension ShakashakaPuzzle: LinkedPuzzle {
    package static var name: String { task.name }
    package var vocabSize: Int { Self.task.vocabSize }
    package static var answerAlphabet: String {
        "◣ ◢ ◥ ◤ (or L J 7 F) for a triangle, . for none, black cells as given"
    }

    package var address: String {
        PuzzleLink(genre: "shakashaka", size: size, body: BlackCells.linkBody(clues)).text
    }

    package func clueToken(at cell: Int) -> Int32 { clues[cell] < 0 ? 1 : Int32(clues[cell]) + 2 }
    package func solutionToken(_ code: UInt8, at cell: Int) -> Int32 {
        isBlack(cell) ? clueToken(at: cell) : 8 + Int32(code)
    }
    package var solutionTokens: ClosedRange<Int32> { 8...12 }
    package func isOpen(_ cell: Int) -> Bool { !isBlack(cell) }
    package func code(ofToken token: Int32, at cell: Int) -> UInt8 {
        (9...12).contains(token) && !isBlack(cell) ? UInt8(token - 8) : 0
    }

    package func character(_ code: UInt8, at cell: Int) -> Character {
        CellLook.Corner(rawValue: code)?.glyph ?? BlackCells.character(clues[cell])
    }
    package func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8? {
        switch entry {
        case .text("."), .text("_"), .integer(0): return 0
        case .integer(let code) where !isBlack(cell): return (1...4).contains(code) ? UInt8(code) : nil
        case .text(let text):
            if let index = Self.keys.firstIndex(of: text) { return UInt8(index + 1) }
            if let corner = CellLook.Corner.allCases.first(where: { text == String($0.glyph) }) {
                return corner.rawValue
            }
        default: break
        }
        return isBlack(cell) && BlackCells.repeats(clues[cell], in: entry) ? 0 : nil
    }

    package func look(at cell: Int, code: UInt8?) -> CellLook {
        if clues[cell] == 5 { return CellLook(ground: .black, isGiven: true) }
        if isBlack(cell) { return CellLook(text: String(clues[cell]), ground: .black, isGiven: true) }
        return CellLook(mark: code.flatMap { CellLook.Corner(rawValue: $0) }.map { .triangle($0) } ?? .dot)
    }

    package static func relabelled(_ token: Int32, by turn: Dihedral) -> Int32 {
        guard let corner = (9...12).contains(token) ? Int(token - 9) : nil else { return token }
        // Corner k lies between the directions 2 - k and 3 - k; turning both gives the image's corner.
        let sides = Set([2 - corner, 3 - corner].map { turn.image(ofDirection: ($0 + 4) % 4) })
        let image = (0..<4).first { sides == Set([(6 - $0) % 4, (7 - $0) % 4]) } ?? corner
        return Int32(9 + image)
    }
}
