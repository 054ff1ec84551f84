import JSON
import Puzzles
import TestSupport
import Testing

@Suite struct ArcTests {
    static let text = """
        {"name":"007bbfb7","train":[{"input":[[1,2],[3,4]],"output":[[4,3],[2,1]]}],
         "test":[{"input":[[1,2,3],[4,5,6]]},{"input":[[7]]}]}
        """

    static func identifiers(_ json: String) throws -> ArcIdentifiers {
        var text = json
        return try text.withUTF8 { try ArcIdentifiers(parsing: UnsafeRawBufferPointer($0)) }
    }

    static func puzzle() throws -> ArcPuzzle {
        try #require(try ArcPuzzle.task.read(text: text) as? ArcPuzzle)
    }

    @Test func tokensAreThoseOfThePublicCheckpoints() throws {
        let tokens = try Self.puzzle().tokens(in: InputShape(seqLen: 25, vocabSize: 12))
        #expect(tokens == [3, 4, 5, 1, 0, 6, 7, 8, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        // A grid as large as the shape has no end markers.
        #expect(try Self.puzzle().tests[0].input.size == GridSize(width: 3, height: 2))
        let full = try ArcPuzzle.task.read(text: #"{"test":[{"input":[[0,1],[2,3]]}]}"#)
        #expect(try full.tokens(in: InputShape(seqLen: 4, vocabSize: 12)) == [2, 3, 4, 5])
        #expect(throws: PuzzleError.self) { try Self.puzzle().tokens(in: InputShape(seqLen: 4, vocabSize: 12)) }
    }

    /// The transforms as the reference names them, applied with numpy to [[1, 2, 3], [4, 5, 6]]:
    /// rot90 by k, fliplr, flipud, T, fliplr(rot90).
    @Test(arguments: [
        (0, [[1, 2, 3], [4, 5, 6]]), (1, [[3, 6], [2, 5], [1, 4]]), (2, [[6, 5, 4], [3, 2, 1]]),
        (3, [[4, 1], [5, 2], [6, 3]]), (4, [[3, 2, 1], [6, 5, 4]]), (5, [[4, 5, 6], [1, 2, 3]]),
        (6, [[1, 4], [2, 5], [3, 6]]), (7, [[6, 3], [5, 2], [4, 1]]),
    ])
    func transformsAreNumpys(_ transform: Int, _ expected: [[Int]]) throws {
        let augmentation = try #require(
            ArcAugmentation(transform: UInt8(transform), colours: Array(0...9)))
        let grid = try Self.puzzle().tests[0].input
        let image = augmentation.apply(grid)
        #expect(image.json == .array(expected.map { .array($0.map { .integer(Int64($0)) }) }))
        #expect(augmentation.undo(image) == grid)
    }

    @Test func coloursAreRenamedAndBack() throws {
        let colours: [UInt8] = [0, 5, 1, 2, 3, 4, 9, 8, 7, 6]
        let augmentation = try #require(ArcAugmentation(transform: 6, colours: colours))
        let grid = try Self.puzzle().tests[0].input
        #expect(augmentation.apply(grid).cells == [5, 3, 1, 4, 2, 9])
        #expect(augmentation.undo(augmentation.apply(grid)) == grid)
        #expect(ArcAugmentation(transform: 8, colours: colours) == nil)
        #expect(ArcAugmentation(transform: 0, colours: [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]) == nil)
    }

    @Test func everyTestInputIsSolvedUnderEveryRowOfTheTask() throws {
        let table = try Self.identifiers(
            #"["<blank>","00d62c1b","007bbfb7|||t1|||0123456789" , "007bbfb7","007bbfb7|||t6|||0213456789"]"#)
        #expect(table.count == 5)
        let parts = try Self.puzzle().parts(table, augmentations: 2)
        #expect(parts.map(\.puzzleIdentifier) == [3, 3, 2, 2])
        #expect(parts.map(\.test) == [0, 1, 0, 1])
        let shape = InputShape(seqLen: 16, vocabSize: 12)
        #expect(try parts[2].tokens(in: shape) == [5, 8, 1, 0, 4, 7, 1, 0, 3, 6, 1, 0, 1, 1, 0, 0])
        // An output in the altered orientation comes back in the task's own.
        for part in try Self.puzzle().parts(table, augmentations: .max) {
            let grid = part.puzzle.tests[part.test].input
            let answer = part.answer(from: try part.tokens(in: shape), in: shape)
            #expect(answer.notation == grid.json)
            #expect(part.check(answer) == .unchecked)
            #expect(try part.tokens(of: answer, in: shape) == part.tokens(in: shape))
        }
    }

    @Test func anUnknownTaskIsRefused() throws {
        let table = try Self.identifiers(#"["<blank>","00d62c1b"]"#)
        let error = #expect(throws: PuzzleError.self) { try Self.puzzle().parts(table, augmentations: 1) }
        #expect(error?.message == "the model has no embedding for the task “007bbfb7”")
        #expect(error?.field == "puzzle.name")
    }

    @Test(arguments: [
        "", "[", "{}", "[1]", #"["a""#, #"["a",]"#, #"["a"] x"#, #"["a|||t8|||0123456789"]"#,
        #"["a|||t1|||0123456788"]"#,
        #"["a|||t1"]"#, #"["a|||t1|||012345678"]"#, #"["\x"]"#, "[\"a\\",
    ])
    func malformedTablesAreRefused(_ text: String) {
        #expect(throws: PuzzleError.self) { try Self.identifiers(text) }
    }

    @Test func escapedNamesAreRead() throws {
        let table = try Self.identifiers(#"["<blank>","\u0061|||t0|||0123456789"]"#)
        #expect(try table.rows(ofTask: "a").map(\.identifier) == [1])
        #expect(try Self.identifiers(" [ ] ").count == 0)
    }

    @Test func croppingTakesTheLargestRectangleOfColours() {
        let shape = 4
        let whole = ArcGrid(cropping: [3, 3, 1, 0, 3, 3, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0], side: shape)
        #expect(whole.json == [[1, 1], [1, 1]])
        // 1x4 against 3x1 against 2x2: the first of equal areas stays.
        let ragged = ArcGrid(cropping: [3, 3, 3, 3, 3, 3, 1, 0, 3, 1, 0, 0, 1, 0, 0, 0], side: shape)
        #expect(ragged.size == GridSize(width: 4, height: 1))
        #expect(ArcGrid(cropping: [Int32](repeating: 0, count: 16), side: shape).size.count == 0)
        #expect(ArcGrid(cropping: [], side: 0).size.count == 0)
    }

    @Test func theVoteCountsThenComparesMeanConfidence() throws {
        let grids = (0..<3).map { ArcGrid(size: GridSize(width: 1, height: 1), cells: [UInt8($0)]) }
        var vote = ArcVote()
        vote.add(grids[0], q: -3)
        vote.add(grids[1], q: 5)
        vote.add(grids[2], q: 4)
        vote.add(grids[0], q: -3)
        let ranking = vote.ranking()
        #expect(ranking.map(\.grid) == [grids[0], grids[1], grids[2]])
        #expect(ranking.map(\.count) == [2, 1, 1])
        #expect(abs(ranking[0].meanConfidence - 0.047_425_873) < 1e-6)
        var single = ArcVote()
        single.add(grids[1], q: 0)
        #expect(ranking.map(\.q) == [-3, 5, 4])
        let rankings = [vote, single, ArcVote()].map { $0.ranking().map(\.grid) }
        #expect(ArcPuzzle.answers(rankings) == [[[[0]], [[1]], .null], [[[1]], [[1]], .null]])
        #expect(ArcPuzzle.answers([rankings[0]]) == [[[0]], [[1]]])
    }

    @Test func expectedOutputsAreComparedOnlyOnRequest() throws {
        let text = #"{"test":[{"input":[[1]],"output":[[2,3]]}]}"#
        func report(_ answer: String) throws -> CheckReport {
            try CheckReport(task: ArcPuzzle.task, puzzle: text, answer: answer)
        }
        #expect(try report("[[2,3]]").verdict == .valid)
        #expect(try report(#"[{"attempt_1":[[9,9]],"attempt_2":[[2,3]]}]"#).verdict == .valid)
        #expect(try report(#"{"answers":[[[9,9]],[[2,3]]]}"#).verdict == .valid)
        // A reply has null where a limit left no answer.
        #expect(try report("[null]").verdict == .broken(rule: "output_has_wrong_size", cells: []))
        #expect(try report(#"{"answers":[null,[[2,3]]]}"#).verdict == .valid)
        #expect(try report(#"[{"attempt_1":null,"attempt_2":[[2,3]]}]"#).verdict == .valid)
        #expect(try report("[]").verdict == .broken(rule: "output_has_wrong_size", cells: []))
        #expect(try report("[[2,4]]").verdict == .broken(rule: "output_differs", cells: [Cell(0, 1)]))
        #expect(try report("[[2]]").verdict == .broken(rule: "output_has_wrong_size", cells: []))
        let checked = try report("[[2,3]]")
        #expect(checked.puzzle.check(checked.answer) == .unchecked)
        #expect(
            try CheckReport(task: ArcPuzzle.task, puzzle: Self.text, answer: "[[[1]],[[2]]]").json["valid"] == .null)
    }

    @Test(arguments: [
        ("[]", "puzzle"), (#"{"test":[]}"#, "puzzle.test"), (#"{"test":[{}]}"#, "puzzle.test[0]"),
        (#"{"test":[{"input":[[1,10]]}]}"#, "puzzle.test[0].input[0][1]"),
        (#"{"test":[{"input":[[1],[1,2]]}]}"#, "puzzle.test[0].input[1]"),
        (#"{"train":[{"input":[[1]]}],"test":[{"input":[[1]]}]}"#, "puzzle.train[0]"),
        (#"{"test":[{"input":[[1]],"outputs":[[1]]}]}"#, "puzzle.test[0].outputs"),
        (#"{"nam":"x","test":[{"input":[[1]]}]}"#, "puzzle.nam"),
        (#"{"name":1,"test":[{"input":[[1]]}]}"#, "puzzle.name"),
        ("{", "puzzle"),
    ])
    func malformedTasksNameTheirPlace(_ text: String, _ field: String) {
        let error = #expect(throws: PuzzleError.self) { try ArcPuzzle.task.read(text: text) }
        #expect(error?.field == field)
    }

    /// Of two attempts and two tests, the first attempt at the first test.
    @Test func thePictureIsOfTheFirstAnswer() throws {
        let two = try ArcPuzzle.task.read(text: #"{"test":[{"input":[[7]]},{"input":[[8]]}]}"#)
        let one = try ArcPuzzle.task.read(text: #"{"test":[{"input":[[7]]}]}"#)
        let expected = one.svg(answer: try one.readAnswer([[3]]))
        #expect(expected != one.svg(answer: nil))
        let answers: JSON = ["answers": [[[[3]], [[5]]], [[[4, 4]], [[6]]]]]
        #expect(two.svg(answer: try two.readAnswer(answers)) == expected)
        #expect(one.svg(answer: try one.readAnswer(["answers": [.null, [[3]]]])) == expected)
    }

    @Test func notationReadsBack() throws {
        let puzzle = try Self.puzzle()
        #expect(try ArcPuzzle.task.read(puzzle.notation) as? ArcPuzzle == puzzle)
        #expect(puzzle.drawing(answer: nil, style: .ansi).contains("\u{1B}[38;5;27m1"))
    }
}
