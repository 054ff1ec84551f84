package import JSON
package import Randomness

/// A puzzle whose board and answer are one rectangle of cells: what such tasks have in common is written once here,
/// and a task says only what its cells mean.
package protocol GridPuzzle: Puzzle {
    /// The task's name, for messages.
    static var name: String { get }
    var size: GridSize { get }
    /// Tokens that the task's models know, padding included.
    var vocabSize: Int { get }
    /// Whether a model takes boards of its own size only, instead of padding smaller ones.
    static var fillsInput: Bool { get }
    /// Whether answers are written as lines; else all cells in one line.
    static var writesLines: Bool { get }
    /// What spaces mean in an answer.
    static var answerSpaces: WrittenBoard.Spaces { get }
    /// The same for one answer, where that makes a difference.
    static func spaces(inAnswer value: JSON) -> WrittenBoard.Spaces
    /// What `code(of:)` takes, for messages.
    static var answerAlphabet: String { get }

    /// The input token of a cell. Throws when the models' vocabulary has none for its clue.
    func clueToken(at cell: Int) throws(PuzzleError) -> Int32
    /// The output token of a cell in a solution.
    func solutionToken(_ code: UInt8, at cell: Int) -> Int32
    /// The tokens that a solution may have in open cells.
    var solutionTokens: ClosedRange<Int32> { get }
    /// Whether a solver has to fill a cell.
    func isOpen(_ cell: Int) -> Bool
    /// Whether a revealed cell keeps its clue's token beside the solution's.
    static var keepsClues: Bool { get }
    /// The solution code that an output token stands for.
    func code(ofToken token: Int32, at cell: Int) -> UInt8

    /// How a cell of an answer is written.
    func character(_ code: UInt8, at cell: Int) -> Character
    /// The solution code of a written cell; nil when it is none.
    func code(of entry: WrittenBoard.Entry, at cell: Int) -> UInt8?

    /// Every violation of a rule, in the order of the rules; none for a solution. `cells` has one solution code per cell.
    func violations(in cells: [UInt8]) -> [Violation]

    /// How a cell looks, with its solution code when there is an answer.
    func look(at cell: Int, code: UInt8?) -> CellLook
    /// Whether a border is drawn right of, or below, a cell.
    func hasBorder(rightOf cell: Int) -> Bool
    func hasBorder(below cell: Int) -> Bool

    /// What a token is called in the view by a dihedral symmetry.
    static func relabelled(_ token: Int32, by turn: Dihedral) -> Int32
}

/// A genre that has puzz.link addresses, in which its puzzles are written. One without writes its own `notation`, in a
/// way that its task reads back.
package protocol LinkedPuzzle: GridPuzzle {
    /// The puzzle's puzz.link address.
    var address: String { get }
}

extension LinkedPuzzle {
    package var link: String? { address }
    package var notation: JSON { .string(address) }
}

/// A broken rule and the cells that break it.
package struct Violation {
    package let rule: String
    /// Indices of cells, in ascending order.
    package let cells: [Int]

    package init(_ rule: String, _ cells: [Int]) {
        self.rule = rule
        self.cells = cells
    }
}

extension Verdict {
    /// The verdict of rules that were all looked at.
    package init(_ violations: [Violation], on size: GridSize) {
        guard let first = violations.first else {
            self = .valid
            return
        }
        self = .broken(
            rule: first.rule, cells: size.cells(first.cells),
            others: violations.dropFirst().map { BrokenRule(rule: $0.rule, cells: size.cells($0.cells)) })
    }
}

extension GridPuzzle {
    package static var fillsInput: Bool { false }
    package static var keepsClues: Bool { false }
    package static var writesLines: Bool { true }
    package static var answerSpaces: WrittenBoard.Spaces { writesLines ? .separators : .ignored }
    package static func spaces(inAnswer value: JSON) -> WrittenBoard.Spaces { answerSpaces }
    package func hasBorder(rightOf cell: Int) -> Bool { false }
    package func hasBorder(below cell: Int) -> Bool { false }
    package static func relabelled(_ token: Int32, by turn: Dihedral) -> Int32 { token }

    package func tokens(in shape: InputShape) throws(PuzzleError) -> [Int32] {
        let side = try side(in: shape)
        var tokens = [Int32](repeating: 0, count: shape.seqLen)
        for cell in 0..<size.count { tokens[place(of: cell, side)] = try clueToken(at: cell) }
        return tokens
    }

    package func tokens(of answer: PuzzleAnswer, in shape: InputShape) throws(PuzzleError) -> [Int32] {
        let side = try side(in: shape)
        guard answer.cells.count == size.count else {
            throw PuzzleError("the answer has \(answer.cells.count) cells, the puzzle \(size.count)", field: "answer")
        }
        var tokens = [Int32](repeating: 0, count: shape.seqLen)
        for (cell, code) in answer.cells.enumerated() { tokens[place(of: cell, side)] = solutionToken(code, at: cell) }
        return tokens
    }

    package func partialBoard(in shape: InputShape) -> PartialBoard? {
        guard let side = try? side(in: shape) else { return nil }
        return PartialBoard(
            side: side, open: (0..<size.count).filter(isOpen).map { place(of: $0, side) },
            values: Array(solutionTokens),
            keepsClues: Self.keepsClues)
    }

    package func answer(from tokens: [Int32], in shape: InputShape) -> PuzzleAnswer {
        let side = shape.side ?? 0
        return answer(
            cells: (0..<size.count).map { cell in
                let place = place(of: cell, side)
                return code(ofToken: place < tokens.count ? tokens[place] : 0, at: cell)
            })
    }

    /// The answer with these solution codes.
    package func answer(cells: [UInt8]) -> PuzzleAnswer {
        var text = ""
        for (cell, code) in cells.enumerated() {
            if Self.writesLines, cell > 0, cell % size.width == 0 { text.append("\n") }
            text.append(character(code, at: cell))
        }
        return PuzzleAnswer(notation: .string(text), cells: cells)
    }

    package func readAnswer(_ value: JSON) throws(PuzzleError) -> PuzzleAnswer {
        let board = try WrittenBoard(value, field: "answer", spaces: Self.spaces(inAnswer: value)) {
            $0 == size.count ? size : nil
        }
        guard board.size == size else {
            throw PuzzleError("the answer is \(board.size.text), the puzzle \(size.text)", field: "answer")
        }
        var cells: [UInt8] = []
        cells.reserveCapacity(size.count)
        for (cell, entry) in board.entries.enumerated() {
            guard let code = code(of: entry, at: cell) else {
                throw PuzzleError(
                    "\(entry.text) at \(Cell.list([size.cell(cell)])), expected \(Self.answerAlphabet)",
                    cells: [size.cell(cell)], field: "answer")
            }
            cells.append(code)
        }
        return answer(cells: cells)
    }

    package func check(_ answer: PuzzleAnswer) -> Verdict {
        guard answer.cells.count == size.count else { return .broken(rule: "wrong_size", cells: []) }
        return Verdict(violations(in: answer.cells), on: size)
    }

    package func symmetry(in shape: InputShape, using random: inout SplitMix) -> Symmetry {
        guard let turn = Dihedral(rawValue: random.below(Dihedral.allCases.count)), let side = try? side(in: shape)
        else {
            return .identity(in: shape)
        }
        return Symmetry(
            positions: turn.positions(of: size, in: side, count: shape.seqLen),
            tokens: (0..<Int32(shape.vocabSize)).map { Self.relabelled($0, by: turn) })
    }

    package func drawing(answer: PuzzleAnswer?, style: DrawingStyle) -> String {
        TextDrawing(board: drawn(answer)).text(style)
    }

    package func svg(answer: PuzzleAnswer?) -> String {
        SVGDrawing(board: drawn(answer)).text
    }

    private func drawn(_ answer: PuzzleAnswer?) -> DrawnBoard {
        let codes = answer.flatMap { $0.cells.count == size.count ? $0.cells : nil }
        return DrawnBoard(
            size: size, looks: (0..<size.count).map { look(at: $0, code: codes?[$0]) },
            borderRight: (0..<size.count).map { hasBorder(rightOf: $0) },
            borderBelow: (0..<size.count).map { hasBorder(below: $0) })
    }

    private func side(in shape: InputShape) throws(PuzzleError) -> Int {
        try shape.side(fitting: size, task: Self.name, vocabulary: vocabSize, exactly: Self.fillsInput)
    }

    private func place(of cell: Int, _ side: Int) -> Int { cell / size.width * side + cell % size.width }
}
