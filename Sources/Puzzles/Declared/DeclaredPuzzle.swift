package import JSON
package import Randomness

/// A puzzle of a declared task.
package struct DeclaredPuzzle: Sendable, Hashable {
    package let declaration: GridDeclaration
    package let size: GridSize
    /// Per cell, row by row: the index of its input symbol. A solution's code is the index of an output symbol, plus 1; 0
    /// where the model gave none.
    package let symbols: [UInt8]
}

extension GridDeclaration {
    /// The task that this declares.
    package var task: PuzzleTask {
        let size = takesSmaller ? "up to \(frame.text)" : frame.text
        let form = cells == .words ? "lines of words apart by spaces" : "lines of characters"
        let alphabet = Self.listed(input)
        return PuzzleTask(
            name: name, title: title, notations: "\(size): \(form), or rows in arrays, of \(alphabet)",
            hasChecker: !rules.isEmpty, hasSymmetries: !symmetries.isEmpty, vocabSize: vocabSize,
            mismatch: { mismatch(with: $0) },
            trainingShape: InputShape(seqLen: frame.count, vocabSize: vocabSize),
            read: { value throws(PuzzleError) in try DeclaredPuzzle(reading: value, self) })
    }

    /// Why models of this shape cannot take any puzzle of the task; nil when they can.
    func mismatch(with shape: InputShape) -> String? {
        guard shape.seqLen == frame.count else {
            return "it has \(shape.seqLen) positions, \(name) has boards of \(frame.text)"
        }
        return shape.vocabSize >= vocabSize ? nil : "it knows \(shape.vocabSize) tokens, \(name) needs \(vocabSize)"
    }

    static func listed(_ alphabet: GridAlphabet) -> String {
        let texts = alphabet.symbols.map { $0.text == " " ? "a space" : $0.text }
        return texts.prefix(40).joined(separator: " ") + (texts.count > 40 ? " ..." : "")
    }
}

extension DeclaredPuzzle {
    init(reading value: JSON, _ declaration: GridDeclaration) throws(PuzzleError) {
        let board = try Self.board(value, declaration, alphabet: declaration.input, field: "puzzle")
        let frame = declaration.frame
        if declaration.takesSmaller {
            guard board.size.width <= frame.width, board.size.height <= frame.height else {
                throw PuzzleError("the board is \(board.size.text), expected at most \(frame.text)")
            }
        } else if board.size != frame {
            throw PuzzleError("the board is \(board.size.text), expected \(frame.text)")
        }
        var symbols: [UInt8] = []
        symbols.reserveCapacity(board.entries.count)
        for (cell, entry) in board.entries.enumerated() {
            guard let index = declaration.input.index(of: entry.symbol) else {
                let place = board.size.cell(cell)
                throw PuzzleError(
                    "\(entry.text) at \(Cell.list([place])), expected one of \(GridDeclaration.listed(declaration.input))",
                    cells: [place])
            }
            symbols.append(UInt8(declaration.input.canonical(index)))
        }
        self.declaration = declaration
        size = board.size
        self.symbols = symbols
        // What cannot stand in any solution is told at once, with its cells.
        let known = symbols.map { declaration.givens[Int($0)].map { UInt8($0 + 1) } ?? 0 }
        if let violation = repeated(in: known).first {
            throw PuzzleError(
                "the givens contradict each other (\(violation.rule)) at \(Cell.list(size.cells(violation.cells)))",
                cells: size.cells(violation.cells))
        }
    }

    private static func board(
        _ value: JSON, _ declaration: GridDeclaration, alphabet: GridAlphabet, field: String,
        size: GridSize? = nil
    ) throws(PuzzleError) -> WrittenBoard {
        let hasSpace = alphabet.index(of: " ") != nil
        let flat = size ?? (declaration.takesSmaller ? nil : declaration.frame)
        return try WrittenBoard(
            value, field: field, spaces: declaration.cells == .characters && hasSpace ? .cells : .separators,
            rowsMayBeAlone: flat?.height == 1
        ) { $0 == flat?.count ? flat : nil }
    }
}

extension DeclaredPuzzle: Puzzle {
    package var notation: JSON {
        text(symbols.map { declaration.input.symbols[Int($0)].text }, lines: declaration.writesLines)
    }

    private func text(_ cells: [String], lines: Bool) -> JSON {
        let separator = declaration.cells == .words ? " " : ""
        guard lines else { return .string(cells.joined(separator: separator)) }
        let rows = (0..<size.height).map { row in
            cells[row * size.width..<(row + 1) * size.width].joined(separator: separator)
        }
        return .string(rows.joined(separator: "\n"))
    }

    package func tokens(in shape: InputShape) throws(PuzzleError) -> [Int32] {
        try placed(symbols.map { declaration.input.symbols[Int($0)].token }, in: shape)
    }

    package func tokens(of answer: PuzzleAnswer, in shape: InputShape) throws(PuzzleError) -> [Int32] {
        guard answer.cells.count == size.count else {
            throw PuzzleError("the answer has \(answer.cells.count) cells, the puzzle \(size.count)", field: "answer")
        }
        var tokens: [Int32] = []
        for (cell, code) in answer.cells.enumerated() {
            guard code > 0 else {
                throw PuzzleError("a cell is empty", cells: [size.cell(cell)], field: "answer")
            }
            tokens.append(declaration.output.symbols[Int(code) - 1].token)
        }
        return try placed(tokens, in: shape)
    }

    private func placed(_ tokens: [Int32], in shape: InputShape) throws(PuzzleError) -> [Int32] {
        if let mismatch = declaration.mismatch(with: shape) { throw PuzzleError("of the model: " + mismatch) }
        var placed = [Int32](repeating: declaration.padding, count: shape.seqLen)
        for (cell, token) in tokens.enumerated() { placed[place(of: cell)] = token }
        return placed
    }

    private func place(of cell: Int) -> Int {
        declaration.frame.index(cell / size.width, cell % size.width)
    }

    package func partialBoard(in shape: InputShape) -> PartialBoard? {
        guard declaration.mismatch(with: shape) == nil else { return nil }
        return PartialBoard(
            side: declaration.frame.width,
            open: symbols.indices.filter { declaration.givens[Int(symbols[$0])] == nil }.map(place),
            values: Set(declaration.output.symbols.map(\.token)).sorted())
    }

    package func answer(from tokens: [Int32], in shape: InputShape) -> PuzzleAnswer {
        answer(
            cells: symbols.indices.map { cell in
                let place = place(of: cell)
                let index = place < tokens.count ? declaration.output.index(ofToken: tokens[place]) : nil
                return index.map { UInt8($0 + 1) } ?? 0
            })
    }

    /// The answer with these solution codes.
    package func answer(cells: [UInt8]) -> PuzzleAnswer {
        let texts = cells.map { $0 == 0 ? declaration.unknown : declaration.output.symbols[Int($0) - 1].text }
        return PuzzleAnswer(notation: text(texts, lines: declaration.writesLines), cells: cells)
    }

    package func readAnswer(_ value: JSON) throws(PuzzleError) -> PuzzleAnswer {
        let board = try Self.board(
            value, declaration, alphabet: declaration.output, field: "answer", size: size)
        guard board.size == size else {
            throw PuzzleError("the answer is \(board.size.text), the puzzle \(size.text)", field: "answer")
        }
        var cells: [UInt8] = []
        for (cell, entry) in board.entries.enumerated() {
            let symbol = entry.symbol
            if let index = declaration.output.index(of: symbol) {
                cells.append(UInt8(declaration.output.canonical(index) + 1))
            } else if let given = declaration.input.index(of: symbol).flatMap({ declaration.givens[$0] }) {
                cells.append(UInt8(given + 1))
            } else if symbol == declaration.unknown {
                cells.append(0)
            } else {
                throw PuzzleError(
                    "\(entry.text) at \(Cell.list([size.cell(cell)])), expected one of "
                        + GridDeclaration.listed(declaration.output), cells: [size.cell(cell)], field: "answer")
            }
        }
        return answer(cells: cells)
    }

    package func symmetry(in shape: InputShape, using random: inout SplitMix) -> Symmetry {
        guard declaration.mismatch(with: shape) == nil else { return .identity(in: shape) }
        return declaration.symmetries.random(of: size, in: declaration.frame, shape: shape, using: &random)
    }

    package func drawing(answer: PuzzleAnswer?, style: DrawingStyle) -> String {
        TextDrawing(board: drawn(answer)).text(style)
    }

    package func svg(answer: PuzzleAnswer?) -> String { SVGDrawing(board: drawn(answer)).text }

    private func drawn(_ answer: PuzzleAnswer?) -> DrawnBoard {
        let codes = answer.flatMap { $0.cells.count == size.count ? $0.cells : nil }
        let areas = Self.areas(declaration, size)
        return DrawnBoard(
            size: size, looks: symbols.indices.map { look(at: $0, code: codes?[$0] ?? 0) },
            borderRight: symbols.indices.map { cell in
                (cell + 1) % size.width != 0 && areas.contains { $0[cell] != $0[cell + 1] }
            },
            borderBelow: symbols.indices.map { cell in
                cell + size.width < size.count && areas.contains { $0[cell] != $0[cell + size.width] }
            })
    }

    private func look(at cell: Int, code: UInt8) -> CellLook {
        let symbol = Int(symbols[cell])
        let given = declaration.givens[symbol]
        let isGiven = given != nil && (code == 0 || Int(code) == (given ?? 0) + 1)
        let text =
            code > 0 && !isGiven
            ? declaration.output.symbols[Int(code) - 1].text : declaration.input.symbols[symbol].text
        return text == "." || text == " " ? CellLook(mark: .dot) : CellLook(text: text, isGiven: isGiven || code == 0)
    }

    /// What lines are drawn between: the boxes, and the regions in which something is different.
    private static func areas(_ declaration: GridDeclaration, _ size: GridSize) -> [[Int]] {
        var kinds: [GridGroups] = declaration.boxes == nil ? [] : [.boxes]
        kinds += declaration.rules.map(\.groups).filter { if case .regions = $0 { true } else { false } }
        return kinds.map { kind in
            var area = [Int](repeating: -1, count: size.count)
            for (number, group) in declaration.groups(kind, of: size).enumerated() {
                for cell in group { area[cell] = number }
            }
            return area
        }
    }
}

extension WrittenBoard.Entry {
    /// The symbol that a cell holds; a JSON null is an empty one.
    fileprivate var symbol: String {
        switch self {
        case .text(let text): String(text)
        case .integer(let number): String(number)
        case .null: "."
        }
    }
}
