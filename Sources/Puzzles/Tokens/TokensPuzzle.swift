package import JSON

/// Raw tokens, for any checkpoint whose task this package does not know: tokens in, tokens out, nothing checked.
package struct TokensPuzzle: Sendable, Hashable {
    package let tokens: [Int32]
    package let puzzleIdentifier: Int

    package static let task = PuzzleTask(
        name: "tokens", title: "Raw tokens",
        notations: "as many token numbers as the model has positions, in one list or in rows, or an object with "
            + "tokens and puzzle_identifier",
        hasChecker: false, hasSymmetries: false, vocabSize: 0,
        read: { value throws(PuzzleError) in try TokensPuzzle(reading: value) })

    /// The most tokens that are read; more than any model has positions.
    static let mostTokens = 65_536

    init(reading value: JSON) throws(PuzzleError) {
        guard let members = value.objectValue else {
            tokens = try Self.tokens(value, field: "puzzle")
            puzzleIdentifier = 0
            return
        }
        if let unknown = members.keys.first(where: { $0 != "tokens" && $0 != "puzzle_identifier" }) {
            throw PuzzleError("unknown member, expected tokens and puzzle_identifier", field: "puzzle.\(unknown)")
        }
        guard let list = members["tokens"] else {
            throw PuzzleError("missing, expected a list of tokens", field: "puzzle.tokens")
        }
        tokens = try Self.tokens(list, field: "puzzle.tokens")
        let identifier = members["puzzle_identifier"] ?? 0
        guard let row = identifier.integerValue.flatMap({ Int32(exactly: $0) }), row >= 0 else {
            throw PuzzleError("expected a row of the puzzle embedding, 0 or more", field: "puzzle.puzzle_identifier")
        }
        puzzleIdentifier = Int(row)
    }

    private static func tokens(_ value: JSON, field: String) throws(PuzzleError) -> [Int32] {
        guard let entries = value.arrayValue, !entries.isEmpty else {
            throw PuzzleError("expected a list of tokens, found \(value.typeName)", field: field)
        }
        var tokens: [Int32] = []
        for (index, entry) in entries.enumerated() {
            let place = "\(field)[\(index)]"
            if entry.arrayValue != nil, !field.hasSuffix("]") {
                tokens += try Self.tokens(entry, field: place)
            } else {
                guard let token = entry.integerValue.flatMap({ Int32(exactly: $0) }), token >= 0 else {
                    throw PuzzleError("expected a token, 0 or more, found \(entry.text.prefix(20))", field: place)
                }
                tokens.append(token)
            }
            guard tokens.count <= mostTokens else {
                throw PuzzleError("more than \(mostTokens) tokens", field: field)
            }
        }
        return tokens
    }
}

extension TokensPuzzle: Puzzle {
    package var notation: JSON {
        puzzleIdentifier == 0
            ? Self.list(tokens)
            : ["tokens": Self.list(tokens), "puzzle_identifier": .integer(Int64(puzzleIdentifier))]
    }

    package func tokens(in shape: InputShape) throws(PuzzleError) -> [Int32] {
        try Self.fit(tokens, in: shape, "puzzle")
    }

    package func tokens(of answer: PuzzleAnswer, in shape: InputShape) throws(PuzzleError) -> [Int32] {
        try Self.fit(Self.tokens(answer.notation, field: "answer"), in: shape, "answer")
    }

    package func answer(from tokens: [Int32], in shape: InputShape) -> PuzzleAnswer {
        PuzzleAnswer(notation: Self.list(tokens), cells: [])
    }

    package func readAnswer(_ value: JSON) throws(PuzzleError) -> PuzzleAnswer {
        PuzzleAnswer(notation: Self.list(try Self.tokens(value, field: "answer")), cells: [])
    }

    package func check(_ answer: PuzzleAnswer) -> Verdict { .unchecked }

    package func drawing(answer: PuzzleAnswer?, style: DrawingStyle) -> String {
        board(answer).map { TextDrawing(board: $0).text(style) } ?? (answer?.notation ?? notation).text + "\n"
    }

    package func svg(answer: PuzzleAnswer?) -> String {
        SVGDrawing(board: board(answer) ?? row(answer)).text
    }

    /// The tokens as a square board; nil when they do not fill one.
    private func board(_ answer: PuzzleAnswer?) -> DrawnBoard? {
        let shown = answer.flatMap { try? Self.tokens($0.notation, field: "answer") } ?? tokens
        guard let side = InputShape(seqLen: shown.count, vocabSize: 0).side else { return nil }
        return DrawnBoard(size: GridSize(width: side, height: side), looks: looks(shown))
    }

    /// The tokens in one row.
    private func row(_ answer: PuzzleAnswer?) -> DrawnBoard {
        let shown = answer.flatMap { try? Self.tokens($0.notation, field: "answer") } ?? tokens
        return DrawnBoard(size: GridSize(width: shown.count, height: 1), looks: looks(shown))
    }

    private func looks(_ shown: [Int32]) -> [CellLook] {
        shown.enumerated().map { index, token in
            CellLook(text: String(token), isGiven: index < tokens.count && tokens[index] == token)
        }
    }

    private static func fit(_ tokens: [Int32], in shape: InputShape, _ field: String) throws(PuzzleError) -> [Int32] {
        guard tokens.count == shape.seqLen else {
            throw PuzzleError("the model takes \(shape.seqLen) tokens, found \(tokens.count)", field: field)
        }
        if let index = tokens.firstIndex(where: { $0 >= shape.vocabSize }) {
            throw PuzzleError(
                "the model knows tokens 0-\(shape.vocabSize - 1), found \(tokens[index])", field: "\(field)[\(index)]")
        }
        return tokens
    }

    private static func list(_ tokens: [Int32]) -> JSON { .array(tokens.map { .integer(Int64($0)) }) }
}
