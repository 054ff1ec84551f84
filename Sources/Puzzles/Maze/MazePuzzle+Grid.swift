package import JSON

extension MazePuzzle: GridPuzzle {
    package static var name: String { task.name }
    package static var answerSpaces: WrittenBoard.Spaces { .cells }
    package var vocabSize: Int { Self.task.vocabSize }
    package static var answerAlphabet: String { "o for the way, the other cells as given" }

    /// Lines in one text. A single row is a list of one, since a text without line ends may be a square.
    package var notation: JSON {
        let lines = answer(cells: [UInt8](repeating: 0, count: size.count)).notation
        return size.height == 1 ? [lines] : lines
    }

    /// Every free cell is on the way or not; one that is not looks as given.
    package func openPositions(_ given: [Int32], _ solution: [Int32]) -> [Int] {
        given.indices.filter { given[$0] == Int32(Square.free.rawValue) }
    }

    package func clueToken(at cell: Int) -> Int32 { Int32(squares[cell].rawValue) }
    package func solutionToken(_ code: UInt8, at cell: Int) -> Int32 {
        code == 1 && squares[cell] == .free ? 5 : clueToken(at: cell)
    }
    /// A free cell off the way looks as given, so that revealing it changes nothing.
    package var solutionTokens: ClosedRange<Int32> { 2...5 }
    package func isOpen(_ cell: Int) -> Bool { squares[cell] == .free }
    package func code(ofToken token: Int32, at cell: Int) -> UInt8 { token == 5 && squares[cell] == .free ? 1 : 0 }

    package func character(_ code: UInt8, at cell: Int) -> Character {
        if code == 1 { return "o" }
        switch squares[cell] {
        case .wall: return "#"
        case .free: return " "
        case .start: return "S"
        case .goal: return "G"
        }
    }
    package func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8? {
        switch entry {
        case .text("o"), .integer(5): 1
        case .text("."), .text("_"): squares[cell] == .free ? 0 : nil
        case .text(let text): text == String(character(0, at: cell)) ? 0 : nil
        case .integer(let token): token == Int64(squares[cell].rawValue) ? 0 : nil
        case .null: nil
        }
    }

    package func look(at cell: Int, code: UInt8?) -> CellLook {
        switch squares[cell] {
        case .wall: CellLook(ground: .black, isGiven: true)
        case .free: CellLook(mark: code == 1 ? .path : .none)
        case .start: CellLook(text: "S", isGiven: true)
        case .goal: CellLook(text: "G", isGiven: true)
        }
    }
}
