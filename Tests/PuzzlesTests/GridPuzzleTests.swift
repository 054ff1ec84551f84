import JSON
import PuzzleTestSupport
import Puzzles
import Testing

/// What holds for every genre, tried on the boards of the verdict vectors.
@Suite struct GridPuzzleTests {
    static let genres = VerdictVector.genres.filter { $0 != "sudoku" }

    /// Frames of models that a task's puzzles do and do not go into.
    @Test(arguments: [
        ("sudoku", 81, 11, true), ("sudoku", 81, 10, false), ("sudoku", 16, 6, true), ("sudoku", 36, 7, false),
        ("maze", 900, 6, true), ("maze", 900, 5, false), ("lightup", 99, 10, false), ("arc", 900, 12, true),
        ("arc", 900, 11, false), ("tokens", 7, 2, true), ("heyawake", 100, 259, true), ("heyawake", 100, 258, false),
    ])
    func framesOfModels(task: String, seqLen: Int, vocabSize: Int, fits: Bool) throws {
        let task = try #require(Tasks.named(task))
        let mismatch = task.mismatch(with: InputShape(seqLen: seqLen, vocabSize: vocabSize))
        #expect((mismatch == nil) == fits, "\(mismatch ?? "none")")
    }

    /// Which turn a view is, read off its positions.
    static func turn(of view: Symmetry, _ size: GridSize, _ side: Int) -> Dihedral? {
        Dihedral.allCases.first { turn in
            (0..<size.count).allSatisfy { index in
                let (cell, image) = (size.cell(index), turn.image(of: size.cell(index), in: size))
                return view.positions[image.row * side + image.column] == Int32(cell.row * side + cell.column)
            }
        }
    }

    @Test(arguments: genres)
    func viewsAreTheTurnedPuzzlesAndMapBack(_ task: String) throws {
        var seen: Set<Dihedral> = []
        for (index, vector) in VerdictVector.of(task).enumerated() where index % 5 == 0 {
            guard let puzzle = try? vector.puzzle(), let size = (puzzle as? any GridPuzzle)?.size else { continue }
            // A shape larger than the board, so that padding has to stay where it is.
            let side = max(size.width, size.height) + 1
            let shape = InputShape(seqLen: side * side, vocabSize: vector.task.vocabSize)
            let view = puzzle.symmetry(in: shape, seed: 3, rollout: UInt32(index))
            let turn = try #require(Self.turn(of: view, size, side))
            if size.width > 1, size.height > 1 { seen.insert(turn) }

            let tokens = try puzzle.tokens(in: shape)
            let viewed = TurnedBoard.of(puzzle, by: turn)
            #expect(view.inverse.apply(view.apply(tokens)) == tokens)
            #expect(view.then(view.inverse).isIdentity)

            let answer = try puzzle.answer(codes: vector.codes)
            let output = view.apply(try puzzle.tokens(of: answer, in: shape))
            #expect(puzzle.answer(from: view.inverse.apply(output), in: shape) == answer)
            let borders = (puzzle as? HeyawakePuzzle).map { ($0.wallRight, $0.wallBelow) }
            let whole = (puzzle as? HeyawakePuzzle).map { board in
                let numbers = Dictionary(uniqueKeysWithValues: board.numbers.enumerated().map { ($0, $1) })
                return HeyawakePuzzle(size: size, rooms: board.rooms, numbers: numbers)
            }
            // Borders inside heyawake's rooms are not in `rooms`.
            if whole.map({ ($0.wallRight, $0.wallBelow) == borders ?? ([], []) }) ?? true {
                #expect(try viewed.tokens(in: shape) == view.apply(tokens))
                #expect(viewed.check(viewed.answer(from: output, in: shape)).isValid == vector.valid)
            }
        }
        #expect(seen.count == 8)
    }

    @Test func heyawakeViewsTurnTheBordersAndKeepTheNumbers() throws {
        // One border right of the top left cell: its token has the sides top, right and left.
        let puzzle = HeyawakePuzzle(
            size: GridSize(width: 2, height: 2), rooms: [0, 1, 0, 1], numbers: [0: 1])
        let shape = InputShape(seqLen: 9, vocabSize: 259)
        let tokens = try puzzle.tokens(in: shape)
        // 1 + 16 x sides + number + 1: sides 11 (top, right, left) above, 14 (right, bottom, left) below.
        let expected: [Int32] = [179, 177, 0, 227, 225, 0, 0, 0, 0]
        #expect(tokens == expected)
        for rollout in 0..<40 as Range<UInt32> {
            let view = puzzle.symmetry(in: shape, seed: 0, rollout: rollout)
            let turn = try #require(Self.turn(of: view, puzzle.size, 3))
            let turned = try TurnedBoard.of(puzzle, by: turn).tokens(in: shape)
            #expect(view.apply(tokens) == turned)
        }
    }

    @Test(arguments: genres)
    func answersRoundTripThroughTokensAndText(_ task: String) throws {
        for vector in VerdictVector.of(task) {
            guard let puzzle = try? vector.puzzle() else { continue }
            let shape = try puzzle.shape
            let answer = try puzzle.answer(codes: vector.codes)
            #expect(answer.cells == vector.codes)
            #expect(try puzzle.answer(from: puzzle.tokens(of: answer, in: shape), in: shape) == answer)
            #expect(try puzzle.readAnswer(answer.notation) == answer)
            // All cells in one line, and rows of codes, say the same.
            let flat = answer.notation.stringValue.map { JSON.string($0.filter { $0 != "\n" }) }
            #expect(try puzzle.readAnswer(flat ?? .null) == answer)
            let codes = JSON.array(vector.codes.map { .integer(Int64($0)) })
            #expect(try puzzle.readAnswer(codes) == answer)
            let vocabulary = Int32(vector.task.vocabSize)
            #expect(try puzzle.tokens(in: shape).allSatisfy { (0..<vocabulary).contains($0) })
            #expect(try puzzle.tokens(of: answer, in: shape).allSatisfy { (0..<vocabulary).contains($0) })
        }
    }

    @Test(arguments: genres)
    func boardsTooLargeForAModelAreRefusedWithItsSizes(_ task: String) throws {
        let vector = try #require(VerdictVector.of(task).first { $0.url.contains("/10/10/") })
        let error = #expect(throws: PuzzleError.self) {
            try vector.puzzle().tokens(in: InputShape(seqLen: 64, vocabSize: 300))
        }
        #expect(error?.message == "this model takes boards up to 8x8, the puzzle is 10x10")
        let few = #expect(throws: PuzzleError.self) {
            try vector.puzzle().tokens(in: InputShape(seqLen: 100, vocabSize: 9))
        }
        #expect(few?.message == "the model knows 9 tokens, \(task) needs \(vector.task.vocabSize)")
    }
}
