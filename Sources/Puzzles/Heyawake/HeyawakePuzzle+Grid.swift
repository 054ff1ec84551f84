import JSON

extension HeyawakePuzzle {
    package static let task = PuzzleTask(
        name: "heyawake", title: "Heyawake", notations: "puzz.link; answers are lines of # (shaded) and .",
        hasChecker: true, hasSymmetries: true, linkNames: ["heyawake", "heyawacky"], vocabSize: 259,
        read: { value throws(PuzzleError) in
            guard case .string(let text) = value, PuzzleLink.looksLike(text) else {
                throw PuzzleError("expected a puzz.link address, found \(value.typeName) that is none")
            }
            return try HeyawakePuzzle(link: text)
        })

    /// The largest number that has a model token.
    package static let largestToken = 14
}

extension HeyawakePuzzle: LinkedPuzzle {
    package static var name: String { task.name }
    package var vocabSize: Int { Self.task.vocabSize }
    package static var answerAlphabet: String { ShadedCells.alphabet }

    package func clueToken(at cell: Int) throws(PuzzleError) -> Int32 {
        let number = numbers[rooms[cell]]
        guard number <= Self.largestToken else {
            let place = size.cell(numberCells[rooms[cell]])
            throw PuzzleError(
                "the models of heyawake know numbers up to \(Self.largestToken), "
                    + "found \(number) at \(Cell.list([place]))", cells: [place])
        }
        let (row, column) = (cell / size.width, cell % size.width)
        let sides = [
            row == 0 || wallBelow[cell - size.width], column + 1 == size.width || wallRight[cell],
            row + 1 == size.height || wallBelow[cell], column == 0 || wallRight[cell - 1],
        ]
        let walls = sides.enumerated().reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) }
        return Int32(1 + 16 * walls + number + 1)
    }
    package func solutionToken(_ code: UInt8, at cell: Int) -> Int32 { 257 + Int32(code) }
    package var solutionTokens: ClosedRange<Int32> { 257...258 }
    package func isOpen(_ cell: Int) -> Bool { true }
    package static var keepsClues: Bool { true }
    package func code(ofToken token: Int32, at cell: Int) -> UInt8 { token == 258 ? 1 : 0 }

    package func character(_ code: UInt8, at cell: Int) -> Character { code == 1 ? "#" : "." }
    package func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8? { ShadedCells.code(of: entry, clue: nil) }

    package func look(at cell: Int, code: UInt8?) -> CellLook {
        let text = numberAtCell[cell] < 0 ? "" : String(numberAtCell[cell])
        if code == 1 { return CellLook(text: text, ground: .shaded) }
        return CellLook(text: text, mark: .dot, isGiven: !text.isEmpty)
    }
    package func hasBorder(rightOf cell: Int) -> Bool { wallRight[cell] }
    package func hasBorder(below cell: Int) -> Bool { wallBelow[cell] }

    package static func relabelled(_ token: Int32, by turn: Dihedral) -> Int32 {
        guard (1...256).contains(token) else { return token }
        let walls = Int(token - 1) / 16
        let turned = (0..<4).reduce(0) { $0 | (walls >> $1 & 1) << turn.image(ofDirection: $1) }
        return Int32(1 + 16 * turned) + (token - 1) % 16
    }
}
