import JSON
import Puzzles
import Testing

/// Each genre's notations and every rule's reason, by hand.
@Suite struct GenreTests {
    /// The verdict with its first violation; `ViolationTests` has them all.
    static func report(_ task: String, _ puzzle: String, _ answer: String) throws -> Verdict {
        try CheckReport(task: #require(Tasks.named(task)), puzzle: puzzle, answer: answer).verdict.first
    }

    static func broken(_ rule: String, _ cells: [[Int]]) -> Verdict {
        .broken(rule: rule, cells: cells.map { Cell($0[0], $0[1]) })
    }

    @Test(arguments: [
        ("*.1\n.#*\n.*.", Verdict.valid),
        ("*.1\n.#*\n...", broken("cell_is_dark", [[2, 1]])),
        ("*.1\n.#*\n..*", broken("two_lamps_see_each_other", [[1, 2], [2, 2]])),
        ("*.1\n.#.\n*..", broken("two_lamps_see_each_other", [[0, 0], [2, 0]])),
        (".*1\n.#*\n...", broken("number_of_lamps_is_wrong", [[0, 2]])),
        ("*.1\n.#.\n.*.", broken("number_of_lamps_is_wrong", [[0, 2]])),
        ("*.*\n.#.\n...", broken("lamp_on_black_cell", [[0, 2]])),
    ])
    func lightup(_ answer: String, _ expected: Verdict) throws {
        #expect(try Self.report("lightup", "..1\n.#.\n...", answer) == expected)
    }

    @Test(arguments: [
        ("3..\n###\n#2.", Verdict.valid),
        ("###\n###\n#2.", broken("clue_cell_is_sea", [[0, 0]])),
        ("3##\n###\n#2.", broken("sea_has_2x2_pool", [[0, 1], [0, 2], [1, 1], [1, 2]])),
        ("3.#\n###\n#2.", broken("island_has_wrong_size", [[0, 0], [0, 1]])),
        ("3.#\n..#\n#2.", broken("sea_is_divided", [[2, 0]])),
        ("3.#\n..#\n.2#", broken("island_has_two_numbers", [[0, 0], [2, 1]])),
    ])
    func nurikabe(_ answer: String, _ expected: Verdict) throws {
        #expect(try Self.report("nurikabe", "3..\n...\n.2.", answer) == expected)
    }

    /// Every prefix of an address's numbers, at its least and its greatest number.
    @Test(arguments: [
        (15, "f"), (16, "-10"), (255, "-ff"), (256, "+100"), (4095, "+fff"), (4096, "=000"), (8191, "=fff"),
        (8192, "@000"), (12239, "@fcf"), (12240, "*0000"), (16384, "*1030"),
    ])
    func largeNumbersInAddresses(_ number: Int, _ code: String) throws {
        let cells = [[Int?]](repeating: [Int?](repeating: nil, count: 128), count: 128)
        var rows = cells.map { $0.map { _ in JSON.string(".") } }
        rows[0][0] = .integer(Int64(number))
        let puzzle = try NurikabePuzzle.task.read(.array(rows.map { .array($0) }))
        let address = try #require(puzzle.notation.stringValue)
        #expect(address.contains("nurikabe/128/128/\(code)z"), "\(address.prefix(60))")
        #expect(try NurikabePuzzle.task.read(.string(address)).notation == puzzle.notation)
        let old = address.replacing("@", with: "%25")
        #expect(try NurikabePuzzle.task.read(.string(old)).notation == puzzle.notation)
    }

    @Test(arguments: ["*5030i", "*ffffi", "=fffi", "-ffi"])
    func anIslandLargerThanTheBoardIsRefused(_ cells: String) {
        #expect(throws: PuzzleError.self) { try NurikabePuzzle.task.read(.string("nurikabe/2/2/\(cells)")) }
    }

    @Test func aNurikabeWithoutSeaMayBeSolved() throws {
        #expect(try Self.report("nurikabe", "4.\n..", "4.\n..") == .valid)
    }

    @Test func anIslandOfUnknownSizeMayHaveAny() throws {
        #expect(try Self.report("nurikabe", "?..\n...\n.2.", "?..\n###\n#2.") == .valid)
        #expect(
            try Self.report("nurikabe", "?..\n...\n.2.", "?#.\n###\n#2.")
                == Self.broken("island_has_no_number", [[0, 2]]))
    }

    @Test(arguments: [
        (". . .\n. 8 .\n. . .", "###\n#.#\n###", Verdict.valid),
        (". . .\n. 8 .\n. . .", "###\n#.#\n##.", broken("clue_is_wrong", [[1, 1]])),
        (". . .\n. ?? .\n. . .", "#.#\n#.#\n#.#", broken("wall_is_divided", [[0, 2], [1, 2], [2, 2]])),
        (". . .\n. 11 .\n. . .", "...\n#.#\n...", broken("wall_is_divided", [[1, 2]])),
        (". 0 .\n. . .\n. . .", "...\n...\n...", broken("no_shaded_cell", [])),
        (
            ". 0 .\n. . .\n. . .\n. . .", "...\n...\n##.\n##.",
            broken("wall_has_2x2_block", [[2, 0], [2, 1], [3, 0], [3, 1]])
        ),
        (". 1 .\n. . .\n. . .", "##.\n...\n...", broken("clue_cell_is_shaded", [[0, 1]])),
        (". ? .\n. . .\n. . .", "...\n...\n###", .valid),
        (". ? .\n. . .\n. . .", "#..\n##.\n.#.", .valid),
        (". 3 .\n. . .\n. . .", "#..\n##.\n...", .valid),
    ])
    func tapa(_ puzzle: String, _ answer: String, _ expected: Verdict) throws {
        #expect(try Self.report("tapa", puzzle, answer) == expected)
    }

    /// Boards of three columns, each a room.
    @Test(arguments: [
        ([Int: Int](), ".#.\n...\n.#.", broken("line_crosses_two_borders", [[1, 0], [1, 1], [1, 2]])),
        ([:], "#.#\n.#.\n...", broken("white_cells_are_divided", [[0, 1]])),
        ([:], "#..\n.#.\n..#", broken("white_cells_are_divided", [[1, 0], [2, 0], [2, 1]])),
        ([:], ".#.\n...\n#.#", broken("line_crosses_two_borders", [[1, 0], [1, 1], [1, 2]])),
        ([:], "...\n...\n...", broken("no_shaded_cell", [])),
        ([:], "##.\n...\n...", broken("shaded_cells_touch", [[0, 0], [0, 1]])),
        ([:], "..#\n..#\n...", broken("shaded_cells_touch", [[0, 2], [1, 2]])),
        ([2: 2], "#..\n...\n..#", broken("room_has_wrong_count", [[0, 2], [1, 2], [2, 2]])),
        ([0: 1, 1: 0, 2: 2], "..#\n#..\n..#", .valid),
    ])
    func heyawake(_ numbers: [Int: Int], _ answer: String, _ expected: Verdict) throws {
        let rooms = [0, 1, 2, 0, 1, 2, 0, 1, 2]
        let puzzle = HeyawakePuzzle(size: GridSize(width: 3, height: 3), rooms: rooms, numbers: numbers)
        let verdict = puzzle.check(try puzzle.readAnswer(.string(answer)))
        #expect(verdict.first == expected)
    }

    @Test(arguments: [
        ("◤◥\n◣◢", Verdict.valid),
        ("F7\nLJ", .valid),
        ("..\n..", broken("no_triangle", [])),
        ("◤.\n◣◢", broken("white_area_is_no_rectangle", [[0, 0], [0, 1], [1, 0], [1, 1]])),
    ])
    func shakashaka(_ answer: String, _ expected: Verdict) throws {
        #expect(try Self.report("shakashaka", "..\n..", answer) == expected)
    }

    @Test func shakashakaCountsTriangles() throws {
        #expect(try Self.report("shakashaka", "..1\n..#", "◤◥1\n◣◢#") == .valid)
        #expect(
            try Self.report("shakashaka", "..1\n..0", "◤◥1\n◣◢0")
                == Self.broken("number_of_triangles_is_wrong", [[1, 2]]))
        #expect(
            try Self.report("shakashaka", "..1\n..#", "◤◥◣\n◣◢#") == Self.broken("triangle_on_black_cell", [[0, 2]]))
    }

    @Test(arguments: [
        ("lightup", "4..\n...", "the 4 at row 1 column 1 has only 2 white cells"),
        ("shakashaka", "#3\n..", "the 3 at row 1 column 2 has only 1 white cells"),
        ("lightup", "..x", "“x” at row 1 column 3, expected . for white"),
        ("lightup", "...\n..", "row 2 has 2 cells, row 1 has 3"),
        ("lightup", "akari/3/1/5i", "expected at most 1 more cells"),
        ("nurikabe", "12.", "two clues touch: row 1 column 1 and row 1 column 2"),
        ("nurikabe", "9.\n..", "no size of an island on a board of 4 cells"),
        ("nurikabe", "nurikabe/2/2/0i", "no size of an island"),
        ("tapa", "8 .\n. .", "the clue 8 at row 1 column 1 does not fit the cells around it"),
        ("tapa", "44 .\n. .", "“44” at row 1 column 1, expected . for no clue, or run lengths"),
        ("tapa", "tapa/2/2/azi", "does not fit around a cell"),
        ("heyawake", "heyawake/2/2/005", "the room at row 1 column 1 has 4 cells and the number 5"),
        ("heyawake", "...", "expected a puzz.link address"),
        ("maze", "S..\n...", "the maze has 0 goals"),
        ("maze", "S#G", "no way leads from S to G"),
        ("maze", "SSG", "the maze has 2 starts"),
        ("maze", "S?G", "“?” at row 1 column 2"),
    ])
    func whatCannotBeIsRefused(_ task: String, _ puzzle: String, _ expected: String) throws {
        let task = try #require(Tasks.named(task))
        let error = #expect(throws: PuzzleError.self) { try task.read(text: puzzle) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func tapaCluesAreTheFortyTwo() {
        #expect(TapaClue.runs.count == 43)
        let q = TapaClue.unknown
        for (code, runs) in [
            1: [q], 2: [0], 10: [8], 11: [q, q], 16: [q, 5], 25: [3, 3], 26: [q, q, q], 37: [1, 2, 2],
            38: [q, q, q, q], 42: [1, 1, 1, 1],
        ] as [UInt8: [Int8]] {
            #expect(TapaClue.runs[Int(code)] == runs)
            #expect(TapaClue.code(of: runs.reversed()) == code)
        }
        #expect(TapaClue.code(of: [4, 3]) == nil)
        #expect(TapaClue.code(of: [0, 1]) == nil)
    }

    @Test(arguments: [
        ("https://puzz.link/p?akari/10/10/z", "lightup"), ("http://pzv.jp/p.html?lightup/3/3/i", "lightup"),
        ("https://puzz.link/p?type=player&heyawacky_play/3/3/000", "heyawake"), ("tapa/3/3/o", "tapa"),
    ])
    func anAddressTellsItsTask(_ link: String, _ task: String) {
        #expect(Tasks.task(ofLink: link)?.name == task)
        #expect(Tasks.task(ofLink: "https://puzz.link/p?slither/3/3/i") == nil)
        #expect(Tasks.task(ofLink: SudokuTests.puzzle) == nil)
    }

    @Test func lightupDrawing() throws {
        let puzzle = try LightupPuzzle.task.read("..1\n.#.\n...")
        let answer = try puzzle.readAnswer("*.1\n.#.\n..*")
        #expect(
            puzzle.drawing(answer: answer, style: .plain) == "┌───────┐\n│ ● · 1 │\n│ · █ · │\n│ · · ● │\n└───────┘\n")
        #expect(puzzle.svg(answer: answer).contains("<circle"))
        #expect(
            try puzzle.tokens(in: InputShape(seqLen: 16, vocabSize: 10)) == [
                1, 1, 3, 0, 1, 7, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0,
            ])
    }

    @Test func heyawakeDrawingHasTheRooms() throws {
        let puzzle = HeyawakePuzzle(size: GridSize(width: 2, height: 2), rooms: [0, 1, 0, 0], numbers: [0: 2])
        let answer = try puzzle.readAnswer("..\n.#")
        #expect(
            puzzle.drawing(answer: answer, style: .plain) == "┌───┬───┐\n│ 2 │ · │\n│   └───┤\n│ ·   ■ │\n└───────┘\n")
    }
}
