import JSON
import Puzzles
import Testing

@Suite struct TokensTests {
    static let shape = InputShape(seqLen: 4, vocabSize: 5)

    @Test(arguments: [
        ("[1,2,3,4]", 0), ("[[1,2],[3,4]]", 0), (#"{"tokens":[1,2,3,4],"puzzle_identifier":7}"#, 7),
    ])
    func tokensPassThrough(_ text: String, _ identifier: Int) throws {
        let puzzle = try TokensPuzzle.task.read(text: text)
        #expect(try puzzle.tokens(in: Self.shape) == [1, 2, 3, 4])
        #expect(puzzle.puzzleIdentifier == identifier)
        let answer = puzzle.answer(from: [4, 3, 2, 1], in: Self.shape)
        #expect(answer.notation == [4, 3, 2, 1])
        #expect(try puzzle.tokens(of: puzzle.readAnswer([4, 3, 2, 1]), in: Self.shape) == [4, 3, 2, 1])
        #expect(puzzle.check(answer) == .unchecked)
        #expect(puzzle.symmetry(in: Self.shape, seed: 1, rollout: 5).isIdentity)
        #expect(try TokensPuzzle.task.read(puzzle.notation).notation == puzzle.notation)
        #expect(puzzle.drawing(answer: answer, style: .plain) == "┌─────┐\n│ 4 3 │\n│ 2 1 │\n└─────┘\n")
    }

    @Test(arguments: [
        ("[]", "puzzle"), ("[1,-2]", "puzzle[1]"), ("[1,[2,[3]]]", "puzzle[1][1]"), ("[4294967296]", "puzzle[0]"),
        ("7", "puzzle"), (#"{"tokens":[1],"puzzle_identifier":-1}"#, "puzzle.puzzle_identifier"),
        (#"{"puzzle_identifier":1}"#, "puzzle.tokens"), (#"{"token":[1]}"#, "puzzle.token"),
    ])
    func malformedTokensNameTheirPlace(_ text: String, _ field: String) {
        let error = #expect(throws: PuzzleError.self) { try TokensPuzzle.task.read(text: text) }
        #expect(error?.field == field)
    }

    /// Tokens that make no square are drawn in one row.
    @Test func anyNumberOfTokensHasAPicture() throws {
        let svg = try TokensPuzzle.task.read(text: "[1,2,3]").svg(answer: nil)
        for token in ["1", "2", "3"] { #expect(svg.contains(">\(token)</text>"), "\(svg)") }
    }

    @Test func tokensMustFitTheModel() throws {
        let short = #expect(throws: PuzzleError.self) {
            try TokensPuzzle.task.read(text: "[1,2,3]").tokens(in: Self.shape)
        }
        #expect(short?.message == "the model takes 4 tokens, found 3")
        let large = #expect(throws: PuzzleError.self) {
            try TokensPuzzle.task.read(text: "[1,2,3,5]").tokens(in: Self.shape)
        }
        #expect(large?.field == "puzzle[3]")
    }
}
