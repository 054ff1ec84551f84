package import JSON

/// One test input of an ARC task under one of the alterations that the model's embedding table has for the task.
/// Its tokens are those of the altered grid; its answers are mapped back.
package struct ArcPart: Sendable, Hashable {
    package let puzzle: ArcPuzzle
    /// Which test input.
    package let test: Int
    package let row: ArcIdentifiers.Row
}

extension ArcPuzzle {
    /// The puzzles to solve: every test input under the task's first rows, `augmentations` of them, the unaltered one
    /// first when the table has it; all test inputs under one row before the next. A model without a table has row 0
    /// alone. Throws when the puzzle has no name or the table does not know it.
    package func parts(_ identifiers: ArcIdentifiers?, augmentations: Int) throws(PuzzleError) -> [ArcPart] {
        guard let identifiers else {
            let row = ArcIdentifiers.Row(identifier: 0, augmentation: .identity)
            return tests.indices.map { ArcPart(puzzle: self, test: $0, row: row) }
        }
        guard let name else {
            throw PuzzleError("missing: the model knows tasks by name only", field: "puzzle.name")
        }
        let rows = try identifiers.rows(ofTask: name, limit: augmentations)
        return rows.flatMap { row in tests.indices.map { ArcPart(puzzle: self, test: $0, row: row) } }
    }

    /// The two answers that ARC lets one give, from each test input's candidates, best first: a grid for a task with one
    /// test input, else a list with one for each. The second repeats the first where there is but one candidate, and
    /// both have null where there is none.
    package static func answers(_ candidates: [[ArcGrid]]) -> [JSON] {
        (0..<2).map { attempt in
            let grids = candidates.map { $0.isEmpty ? JSON.null : $0[min(attempt, $0.count - 1)].json }
            return grids.count == 1 ? grids[0] : .array(grids)
        }
    }
}

extension ArcPart: Puzzle {
    package var notation: JSON { puzzle.notation }
    package var puzzleIdentifier: Int { row.identifier }

    package func tokens(in shape: InputShape) throws(PuzzleError) -> [Int32] {
        try row.augmentation.apply(puzzle.tests[test].input).tokens(in: shape)
    }

    package func tokens(of answer: PuzzleAnswer, in shape: InputShape) throws(PuzzleError) -> [Int32] {
        try row.augmentation.apply(ArcGrid(answer.notation, field: "answer")).tokens(in: shape)
    }

    /// The output grid in the task's own colours and orientation.
    package func grid(from tokens: [Int32], in shape: InputShape) -> ArcGrid {
        row.augmentation.undo(ArcGrid(cropping: tokens, side: shape.side ?? 0))
    }

    package func answer(from tokens: [Int32], in shape: InputShape) -> PuzzleAnswer {
        PuzzleAnswer(notation: grid(from: tokens, in: shape).json, cells: [])
    }

    package func readAnswer(_ value: JSON) throws(PuzzleError) -> PuzzleAnswer {
        PuzzleAnswer(notation: try ArcGrid(value, field: "answer").json, cells: [])
    }

    /// The output that this test input should have: its part of a line's solution (a grid, one for each test input, or a task,
    /// in which the test input is looked up, since editions of a data set have them in different orders), else what the task
    /// itself tells; nil when neither does.
    package func expected(solution: JSON?) throws(PuzzleError) -> PuzzleAnswer? {
        let tests = puzzle.tests
        guard let solution, !solution.isNull else {
            return tests[test].output.map { PuzzleAnswer(notation: $0.json, cells: []) }
        }
        if solution["test"] != nil {
            let other = try ArcPuzzle(reading: solution)
            guard let pair = other.tests.first(where: { $0.input == tests[test].input }) else {
                throw PuzzleError(
                    "the task there has no test input like the \(test + 1). of the puzzle: another edition of the data set?",
                    field: "answer")
            }
            return pair.output.map { PuzzleAnswer(notation: $0.json, cells: []) }
        }
        guard tests.count > 1 else { return try readAnswer(solution) }
        guard let grids = solution.arrayValue, grids.count == tests.count else {
            throw PuzzleError("expected a list of \(tests.count) grids, one for each test input", field: "answer")
        }
        return grids[test].isNull ? nil : try readAnswer(grids[test])
    }

    /// Whether the task itself tells another output than this.
    package func contradicts(_ solution: PuzzleAnswer) -> Bool {
        puzzle.tests[test].output.map { $0.json != solution.notation } ?? false
    }

    /// Always unchecked: a search must not be told the expected output.
    package func check(_ answer: PuzzleAnswer) -> Verdict { .unchecked }

    package func drawing(answer: PuzzleAnswer?, style: DrawingStyle) -> String {
        single.drawing(answer: answer, style: style)
    }
    package func svg(answer: PuzzleAnswer?) -> String { single.svg(answer: answer) }

    private var single: ArcPuzzle {
        ArcPuzzle(name: puzzle.name, train: puzzle.train, tests: [puzzle.tests[test]])
    }
}
