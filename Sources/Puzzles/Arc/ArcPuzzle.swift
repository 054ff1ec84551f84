package import JSON

/// An ARC task: pairs that show a rule, and test inputs to which it is to be applied. There are no rules to check an
/// answer by; only the expected outputs tell, when the puzzle carries them.
///
/// A model knows a task by the row of its puzzle embedding, not by the pairs: `parts` gives one puzzle per test input
/// and row, whose answers come back in the task's own colours and orientation for an `ArcVote`. The puzzle itself
/// stands for its first test input, unaltered, with embedding row 0, as a model without a table takes it.
/// Model tokens are listed in `ArcGrid`.
package struct ArcPuzzle: Sendable, Hashable {
    package struct Pair: Sendable, Hashable {
        package let input: ArcGrid
        /// Nil for a test input whose output is not told.
        package let output: ArcGrid?
    }

    /// The task's name, under which the checkpoint's `identifiers.json` lists it.
    package let name: String?
    package let train: [Pair]
    /// At least one.
    package let tests: [Pair]

    package static let task = PuzzleTask(
        name: "arc", title: "ARC-AGI",
        notations:
            "ARC's JSON (train and test pairs) with the task's name (or id); answers are a grid, or per test input a "
            + "grid or an object with attempt_1 and attempt_2, or an object with the answers of a reply",
        hasChecker: false, hasSymmetries: false, vocabSize: ArcGrid.vocabSize,
        read: { value throws(PuzzleError) in try ArcPuzzle(reading: value) })

    /// The most pairs of a kind that are read; published tasks have up to ten.
    static let mostPairs = 100

    init(name: String?, train: [Pair], tests: [Pair]) {
        self.name = name
        self.train = train
        self.tests = tests
    }

    /// The task as it is posed.
    package var withoutAnswers: ArcPuzzle {
        ArcPuzzle(name: name, train: train, tests: tests.map { Pair(input: $0.input, output: nil) })
    }

    init(reading value: JSON) throws(PuzzleError) {
        guard let members = value.objectValue else {
            throw PuzzleError("expected an object with name, train and test, found \(value.typeName)")
        }
        if let unknown = members.keys.first(where: { !["name", "id", "train", "test"].contains($0) }) {
            throw PuzzleError("unknown member, expected name, train and test", field: "puzzle.\(unknown)")
        }
        // Some libraries' tasks have an id, and no name.
        let key = members["name"] == nil ? "id" : "name"
        switch members[key] {
        case nil: name = nil
        case .string(let text)?: name = text
        case let other?: throw PuzzleError("expected a text, found \(other.typeName)", field: "puzzle.\(key)")
        }
        train = try Self.pairs(members["train"] ?? [], field: "puzzle.train", needsOutput: true)
        tests = try Self.pairs(members["test"] ?? [], field: "puzzle.test", needsOutput: false)
        guard !tests.isEmpty else { throw PuzzleError("expected at least one test input", field: "puzzle.test") }
    }

    private static func pairs(_ value: JSON, field: String, needsOutput: Bool) throws(PuzzleError) -> [Pair] {
        guard let list = value.arrayValue, list.count <= mostPairs else {
            throw PuzzleError("expected a list of at most \(mostPairs) pairs, found \(value.typeName)", field: field)
        }
        var pairs: [Pair] = []
        for (index, pair) in list.enumerated() {
            let place = "\(field)[\(index)]"
            if let unknown = pair.objectValue?.keys.first(where: { !["input", "output"].contains($0) }) {
                throw PuzzleError("unknown member, expected input and output", field: "\(place).\(unknown)")
            }
            guard let input = pair["input"] else {
                throw PuzzleError("expected a pair with input", field: place)
            }
            let output = pair["output"]
            if needsOutput, output == nil { throw PuzzleError("expected a pair with output", field: place) }
            var grid: ArcGrid?
            if let output, !output.isNull { grid = try ArcGrid(output, field: "\(place).output") }
            pairs.append(Pair(input: try ArcGrid(input, field: "\(place).input"), output: grid))
        }
        return pairs
    }
}

extension ArcPuzzle: Puzzle {
    package var notation: JSON {
        func list(_ pairs: [Pair]) -> JSON {
            .array(
                pairs.map { pair in
                    var members: JSONObject = ["input": pair.input.json]
                    members["output"] = pair.output?.json
                    return .object(members)
                })
        }
        var members: JSONObject = [:]
        members["name"] = name.map { .string($0) }
        members["train"] = list(train)
        members["test"] = list(tests)
        return .object(members)
    }

    package func tokens(in shape: InputShape) throws(PuzzleError) -> [Int32] { try tests[0].input.tokens(in: shape) }

    package func tokens(of answer: PuzzleAnswer, in shape: InputShape) throws(PuzzleError) -> [Int32] {
        try attempts(answer.notation)[0][0].tokens(in: shape)
    }

    package func answer(from tokens: [Int32], in shape: InputShape) -> PuzzleAnswer {
        PuzzleAnswer(notation: ArcGrid(cropping: tokens, side: shape.side ?? 0).json, cells: [])
    }

    package func readAnswer(_ value: JSON) throws(PuzzleError) -> PuzzleAnswer {
        _ = try attempts(value)
        return PuzzleAnswer(notation: value, cells: [])
    }

    package func check(_ answer: PuzzleAnswer) -> Verdict { .unchecked }

    /// Compares with the expected outputs when every test input has one: one attempt of each must be it.
    package func examine(_ answer: PuzzleAnswer) -> Verdict {
        guard tests.allSatisfy({ $0.output != nil }) else { return .unchecked }
        guard let attempts = try? self.attempts(answer.notation) else {
            return .broken(rule: "output_is_no_grid", cells: [])
        }
        for (test, grids) in zip(tests, attempts) {
            guard let expected = test.output, !grids.contains(expected), let first = grids.first else { continue }
            guard first.size == expected.size else { return .broken(rule: "output_has_wrong_size", cells: []) }
            let wrong = expected.cells.indices.filter { first.cells[$0] != expected.cells[$0] }
            return .broken(rule: "output_differs", cells: expected.size.cells(wrong))
        }
        return .valid
    }

    /// Per test input its attempts: from one grid, a list of grids, a list of `{"attempt_1", "attempt_2"}`, or
    /// `{"answers"}` with a list of the first two forms.
    private func attempts(_ value: JSON) throws(PuzzleError) -> [[ArcGrid]] {
        if let answers = value["answers"]?.arrayValue, !answers.isEmpty {
            var attempts = [[ArcGrid]](repeating: [], count: tests.count)
            for answer in answers {
                for (test, grids) in try self.attempts(answer).enumerated() { attempts[test] += grids }
            }
            return attempts
        }
        // A reply's null, where a limit left no answer.
        if value.isNull { return [[ArcGrid]](repeating: [.empty], count: tests.count) }
        // What a model says may be no grid at all.
        if tests.count == 1, value.arrayValue?.isEmpty == true { return [[.empty]] }
        if value.arrayValue?.first?.arrayValue?.first?.integerValue != nil {
            guard tests.count == 1 else {
                throw PuzzleError("one grid, expected a list of \(tests.count)", field: "answer")
            }
            return [[try ArcGrid(value, field: "answer")]]
        }
        guard let list = value.arrayValue, list.count == tests.count else {
            throw PuzzleError("expected a grid, or a list of \(tests.count) answers", field: "answer")
        }
        var attempts: [[ArcGrid]] = []
        for (index, entry) in list.enumerated() {
            let place = "answer[\(index)]"
            var grids: [ArcGrid] = []
            if let members = entry.objectValue {
                for (key, grid) in members {
                    grids.append(grid.isNull ? .empty : try ArcGrid(grid, field: "\(place).\(key)"))
                }
            } else {
                let isNone = entry.isNull || entry.arrayValue?.isEmpty == true
                grids.append(isNone ? .empty : try ArcGrid(entry, field: place))
            }
            guard !grids.isEmpty else { throw PuzzleError("expected at least one attempt", field: place) }
            attempts.append(grids)
        }
        return attempts
    }

    package func drawing(answer: PuzzleAnswer?, style: DrawingStyle) -> String {
        boards(answer).map { TextDrawing(board: $0).text(style) }.joined(separator: "\n")
    }

    /// The first answer, or without one the first test input.
    package func svg(answer: PuzzleAnswer?) -> String {
        let first = answer.flatMap { try? attempts($0.notation) }?.first?.first { $0 != .empty }
        return SVGDrawing(board: Self.board(first ?? tests[0].input, isGiven: first == nil)).text
    }

    /// Each test input, followed by its attempts.
    private func boards(_ answer: PuzzleAnswer?) -> [DrawnBoard] {
        let attempts = answer.flatMap { try? self.attempts($0.notation) } ?? []
        return tests.enumerated().flatMap { index, test in
            [Self.board(test.input, isGiven: true)]
                + (index < attempts.count ? attempts[index].map { Self.board($0, isGiven: false) } : [])
        }
    }

    private static func board(_ grid: ArcGrid, isGiven: Bool) -> DrawnBoard {
        DrawnBoard(size: grid.size, looks: grid.cells.map { CellLook(ground: .colour($0), isGiven: isGiven) })
    }
}
