import JSON
import Puzzles
import Testing

@Suite struct SudokuTests {
    static let puzzle = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    static let solution = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    static let link = "https://puzz.link/p?sudoku/9/9/53h7j6h195j98j6g8i6i34h8g3h17i2i6g6j28j419h5j8h79"

    static func read(_ value: JSON) throws(PuzzleError) -> any Puzzle { try SudokuPuzzle.task.read(value) }

    /// The same puzzle in every notation, by name.
    static let notations: [(String, JSON)] = {
        let zeros = String(puzzle.map { $0 == "." ? "0" : $0 })
        let rows: [String] = zeros.map { String($0) }.chunked(9).map { $0.joined() }
        let numbers: [[JSON]] = rows.map { row in row.map { JSON.integer(Int64(String($0)) ?? -1) } }
        let nulls: [JSON] = puzzle.map { $0 == "." ? JSON.null : JSON.integer(Int64(String($0)) ?? -1) }
        let body = "9/9/53h7j6h195j98j6g8i6i34h8g3h17i2i6g6j28j419h5j8h79"
        return [
            ("dots", .string(puzzle)), ("zeros", .string(zeros)),
            ("spaces", .string(" 53. .7. ...\n" + puzzle.dropFirst(9) + "\n")),
            ("rows of numbers", .array(numbers.map { .array($0) })), ("rows of text", .array(rows.map { .string($0) })),
            ("one list", .array(nulls)), ("address", .string(link)), ("bare address", .string("sudoku/" + body + "/")),
            ("old address", .string("http://pzv.jp/p.html?sudoku/" + body)),
            ("editor", .string("https://puzz.link/p?type=editor&sudoku_edit/v:x/c/" + body)),
        ]
    }()

    @Test(arguments: notations)
    func everyNotationReadsTheSameBoard(_ name: String, _ value: JSON) throws {
        #expect(try Self.read(value).notation == .string(Self.puzzle))
    }

    @Test func writesThePuzzLinkAddress() throws {
        #expect(try Self.read(.string(Self.puzzle)).link == Self.link)
    }

    @Test func contradictingGivensAreRefusedWithTheirCells() throws {
        let error = #expect(throws: PuzzleError.self) { try Self.read(.string("55" + Self.puzzle.dropFirst(2))) }
        #expect(error?.cells == [Cell(0, 0), Cell(0, 1)])
        #expect(error?.message.contains("5 stands more than once in a row") == true)
        let box = #expect(throws: PuzzleError.self) {
            try Self.read(.string("1........" + ".1......." + String(repeating: ".", count: 63)))
        }
        #expect(box?.cells == [Cell(0, 0), Cell(1, 1)])
    }

    @Test(arguments: [
        ("5", "1 cells, expected 81"),
        (String(repeating: ".", count: 80), "80 cells, expected 81"),
        (String(repeating: ".", count: 225), "225 cells, expected 81"), ("", "the board is empty"),
        (String(repeating: ".", count: 80) + "y", "“y” at row 9 column 9"),
        ("sudoku/9/9/53h7", "76 of 81 cells are missing"),
        ("sudoku/9/9/!", "“!” at character 1"),
        ("sudoku/9/9/azzzz", "10 at row 1 column 1"),
        ("sudoku/9/0/", "“0” where its height should be"),
        ("sudoku/9", "nothing where its height should be"),
        ("sudoku/99999999999999999999999/9/", "“99999999999999999999” where its width should be"),
        ("sudoku/15/15/", "15x15 cells, expected 81"), ("sudoku/16/16/", "256 of 256 cells are missing"),
        ("slither/9/9/", "the address is for “slither”, expected sudoku"),
    ])
    func malformedTextsSayWhatIsWrong(_ text: String, _ expected: String) throws {
        let error = #expect(throws: PuzzleError.self) { try Self.read(.string(text)) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("5", "puzzle", "expected a text or nested arrays, found an integer"),
        ("[[1,2],3]", "puzzle[1]", "expected a row of cells, found an integer"),
        ("[[1,[2]]]", "puzzle[0][1]", "expected a cell, found an array"),
        ("[[1,2],[3]]", "puzzle", "row 2 has 1 cells, row 1 has 2"),
        ("[]", "puzzle", "the board is empty"),
    ])
    func malformedArraysNameTheirPlace(_ json: String, _ field: String, _ message: String) throws {
        let value = try JSON(parsing: json)
        let error = #expect(throws: PuzzleError.self) { try Self.read(value) }
        #expect(error?.field == field)
        #expect(error?.message == message)
    }

    @Test func tokensAreThoseOfThePublicCheckpoints() throws {
        let puzzle = try Self.read(.string(Self.puzzle))
        let shape = InputShape(seqLen: 81, vocabSize: 11)
        let tokens = try puzzle.tokens(in: shape)
        #expect(tokens.prefix(9) == [6, 4, 1, 1, 8, 1, 1, 1, 1])
        let answer = try puzzle.readAnswer(.string(Self.solution))
        #expect(try puzzle.answer(from: puzzle.tokens(of: answer, in: shape), in: shape) == answer)
        #expect(answer.notation == .string(Self.solution))
        let error = #expect(throws: PuzzleError.self) { try puzzle.tokens(in: InputShape(seqLen: 36, vocabSize: 11)) }
        #expect(error?.message == "this model takes boards of 6x6, the puzzle is 9x9")
        #expect(throws: PuzzleError.self) { try puzzle.tokens(in: InputShape(seqLen: 80, vocabSize: 11)) }
        #expect(throws: PuzzleError.self) { try puzzle.tokens(in: InputShape(seqLen: 81, vocabSize: 10)) }
    }

    @Test(arguments: [
        (0, "5", Verdict.valid),
        (0, "3", .broken(rule: "given_changed", cells: [Cell(0, 0)])),
        (2, ".", .broken(rule: "cell_is_blank", cells: [Cell(0, 2)])),
        (2, "6", .broken(rule: "row_repeats_digit", cells: [Cell(0, 2), Cell(0, 3)])),
        (2, "2", .broken(rule: "row_repeats_digit", cells: [Cell(0, 2), Cell(0, 8)])),
    ])
    func verdictsNameTheRuleAndTheCells(_ cell: Int, _ digit: String, _ expected: Verdict) throws {
        var solution = Self.solution.map { String($0) }
        solution[cell] = digit
        let report = try CheckReport(task: SudokuPuzzle.task, puzzle: Self.puzzle, answer: solution.joined())
        #expect(report.verdict.first == expected)
    }

    @Test func aColumnAndABoxAreCheckedToo() throws {
        let blank = try Self.read(.string(String(repeating: ".", count: 81)))
        func verdict(_ cells: [Int]) throws -> Verdict {
            var text = [Character](repeating: ".", count: 81)
            for cell in cells { text[cell] = "7" }
            return blank.check(try blank.readAnswer(.string(String(text))))
        }
        #expect(try verdict([4, 40]).first == .broken(rule: "column_repeats_digit", cells: [Cell(0, 4), Cell(4, 4)]))
        #expect(try verdict([0, 20]).first == .broken(rule: "box_repeats_digit", cells: [Cell(0, 0), Cell(2, 2)]))
    }

    @Test func reportsCarryTheReason() throws {
        let report = try CheckReport(
            task: SudokuPuzzle.task, puzzle: Self.puzzle, answer: "3" + Self.solution.dropFirst())
        let read = #"{"task":"sudoku","puzzle":"\#(Self.puzzle)","link":"\#(Self.link)""#
        #expect(report.json.text == read + #","valid":false,"rule":"given_changed","cells":[[0,0]]}"#)
        let line = try CheckReport(request: ["puzzle": .string(Self.link), "answer": .string(Self.solution)])
        #expect(line.json.text == read + #","valid":true}"#)
        let error = #expect(throws: PuzzleError.self) { try CheckReport(request: ["puzzle": "1", "answer": "1"]) }
        #expect(error?.field == "task")
    }

    @Test func smallerBoardsHaveTheirOwnBoxes() throws {
        let six = "123456456123231564564231312645645312"
        let report = try CheckReport(task: SudokuPuzzle.task, puzzle: String(repeating: "0", count: 36), answer: six)
        #expect(report.verdict == .valid)
        let four = try CheckReport(task: SudokuPuzzle.task, puzzle: "1...............", answer: "1234341221434321")
        #expect(four.verdict == .valid)
        // Two high and three wide: these two ones share a box of the 6x6 board.
        #expect(throws: PuzzleError.self) { try Self.read(.string("1......1" + String(repeating: ".", count: 28))) }
    }

    /// Digits beyond 9 as letters, as numbers apart by spaces and in arrays; the answer the same ways.
    @Test(arguments: SudokuPuzzle.sides.filter { $0 > 9 }) func largeBoardsInEveryNotation(_ side: Int) throws {
        let board = SudokuPuzzle(side: side, givens: [])
        let (width, height) = (board.boxWidth, board.boxHeight)
        #expect(width * height == side && width >= height)
        let grid = (0..<side * side).map { cell in
            UInt8((cell / side % height * width + cell / side / height + cell % side) % side + 1)
        }
        let givens = grid.enumerated().map { $0 % 3 == 0 ? 0 : $1 }
        let puzzle = SudokuPuzzle(side: side, givens: givens)
        let words = givens.map { $0 == 0 ? "." : String($0) }.chunked(side)
        let letters = String(givens.map(SudokuPuzzle.character)).lowercased()
        let notations: [JSON] = [
            puzzle.notation, .string(letters), .string(try #require(puzzle.link)),
            .string(words.map { $0.joined(separator: " ") }.joined(separator: "\n")),
            .string(words.joined().joined(separator: " ")), .array(words.map { .string($0.joined(separator: " ")) }),
            .array(givens.chunked(side).map { row in .array(row.map { .integer(Int64($0)) }) }),
        ]
        for notation in notations { #expect(try Self.read(notation) as? SudokuPuzzle == puzzle) }
        let answer = puzzle.answer(cells: grid)
        #expect(puzzle.check(answer) == .valid)
        let numbers = grid.map { String($0) }.joined(separator: " ")
        for notation in [answer.notation, .string(numbers)] { #expect(try puzzle.readAnswer(notation) == answer) }
    }

    /// pzpr's rooms, as its board has them after `open`: 16 of 2x2 at 8, 9 of 3x3 and what is left over at 10, 16 of 3x3 at 12.
    @Test(arguments: SudokuPuzzle.sides) func anAddressIsToldWherePzprDrawsOtherBoxes(_ side: Int) throws {
        let link = try #require(SudokuPuzzle(side: side, givens: [UInt8](repeating: 0, count: side * side)).link)
        let row = [String](repeating: ".", count: side).joined(separator: " ")
        let file = "pzprv3\nsudoku\n\(side)\n" + [String](repeating: row, count: 2 * side).joined(separator: "\n")
        let expected = [
            8: "boxes of 2x2 on a sudoku of 8x8; boxes 4 wide and 2 high are used",
            10: "boxes of 3x3 on a sudoku of 10x10; boxes 5 wide and 2 high are used",
            12: "boxes of 3x3 on a sudoku of 12x12; boxes 4 wide and 3 high are used",
        ]
        for text in [link, file] {
            #expect(Tasks.notes(onLink: .string(text)) == (expected[side].map { ["pzpr draws " + $0] } ?? []))
        }
        let board = SudokuPuzzle(side: side, givens: [UInt8](repeating: 0, count: side * side)).notation
        #expect(Tasks.notes(onLink: board) == [])
    }

    @Test func drawsTheBoard() throws {
        let puzzle = try Self.read(.string("1..4..3..2..4..1"))
        #expect(
            puzzle.drawing(answer: nil, style: .plain) == """
                ┌─────┬─────┐
                │ 1 · │ · 4 │
                │ · · │ 3 · │
                ├─────┼─────┤
                │ · 2 │ · · │
                │ 4 · │ · 1 │
                └─────┴─────┘

                """)
        let answer = try puzzle.readAnswer("1234431232144321")
        let coloured = puzzle.drawing(answer: answer, style: .ansi)
        #expect(coloured.contains("\u{1B}[1m1\u{1B}[0m \u{1B}[36m2\u{1B}[0m"))
        #expect(puzzle.svg(answer: answer).hasPrefix("<svg"))
    }
}

extension Array {
    func chunked(_ count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
