import Puzzles
import Testing

/// Every violation of an answer, in the order of the rules; replies show the first of them.
@Suite struct ViolationTests {
    struct Row: Sendable, CustomStringConvertible {
        var task: String
        var puzzle: String
        var answer: String
        var expected: [BrokenRule]

        init(_ task: String, _ puzzle: String, _ answer: String, _ expected: [(String, [[Int]])]) {
            (self.task, self.puzzle, self.answer) = (task, puzzle, answer)
            self.expected = expected.map { BrokenRule(rule: $0.0, cells: $0.1.map { Cell($0[0], $0[1]) }) }
        }

        var description: String { "\(task) \(answer)" }
    }

    @Test(arguments: [
        Row("sudoku", "1234341221434321", "1234341221434321", []),
        Row(
            "sudoku", "1...............", "2234341221434.21",
            [
                ("given_changed", [[0, 0]]), ("row_repeats_digit", [[0, 0], [0, 1]]),
                ("column_repeats_digit", [[0, 0], [2, 0]]), ("box_repeats_digit", [[0, 0], [0, 1]]),
                ("cell_is_blank", [[3, 1]]),
            ]),
        Row(
            "lightup", "..1\n.#.\n...", "**1\n.#*\n..*",
            [
                ("two_lamps_see_each_other", [[0, 0], [0, 1]]), ("two_lamps_see_each_other", [[1, 2], [2, 2]]),
                ("number_of_lamps_is_wrong", [[0, 2]]),
            ]),
        Row(
            "nurikabe", "3..\n...\n.2.", "###\n##.\n#2.",
            [
                ("clue_cell_is_sea", [[0, 0]]), ("sea_has_2x2_pool", [[0, 0], [0, 1], [1, 0], [1, 1]]),
                ("island_has_wrong_size", [[1, 2], [2, 1], [2, 2]]),
            ]),
        Row(
            "nurikabe", "3..\n...\n.2.", "3.#\n..#\n.2#",
            [
                ("island_has_two_numbers", [[0, 0], [2, 1]]),
                ("island_has_wrong_size", [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]),
            ]),
        Row(
            "tapa", "3 . .\n. . .\n. . .", "3..\n##.\n##.",
            [("wall_has_2x2_block", [[1, 0], [1, 1], [2, 0], [2, 1]]), ("clue_is_wrong", [[0, 0]])]),
        Row(
            "tapa", "1 . .\n. . .\n. . .", "1#.\n..#\n#..",
            [("wall_is_divided", [[2, 0]]), ("wall_is_divided", [[1, 2]])]),
        Row("shakashaka", "..\n..", "..\n..", [("no_triangle", [])]),
        Row(
            "maze", "######\n#S   #\n#    #\n#    #\n#   G#\n######", "######\n#So o#\n#  o #\n#   o#\n#o  G#\n######",
            [("way_is_broken", [[1, 1], [4, 4]])]),
    ])
    func all(_ row: Row) throws {
        let verdict = try CheckReport(
            task: #require(Tasks.named(row.task)), puzzle: row.puzzle, answer: row.answer
        ).verdict
        let found = verdict.violations
        #expect(found == row.expected)
        #expect(verdict.first.violations == Array(found.prefix(1)))
        #expect(verdict.first.isRight == verdict.isRight)
    }

    @Test func everyTouchingPairIsTold() {
        let room = HeyawakePuzzle(size: GridSize(width: 3, height: 2), rooms: [0, 0, 0, 0, 0, 0], numbers: [:])
        let verdict = room.check(room.answer(cells: [1, 1, 0, 0, 1, 0]))
        #expect(
            verdict.violations == [
                BrokenRule(rule: "shaded_cells_touch", cells: [Cell(0, 0), Cell(0, 1)]),
                BrokenRule(rule: "shaded_cells_touch", cells: [Cell(0, 1), Cell(1, 1)]),
                BrokenRule(rule: "white_cells_are_divided", cells: [Cell(1, 0)]),
            ])
    }

    /// A row of rooms that the white cells cross: each part that crosses two borders is told.
    @Test func aLineThatCrossesManyBorders() throws {
        let rooms = HeyawakePuzzle(
            size: GridSize(width: 5, height: 2), rooms: [0, 1, 2, 3, 4, 0, 1, 2, 3, 4], numbers: [0: 1])
        let verdict = rooms.check(rooms.answer(cells: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]))
        #expect(
            verdict.violations.map(\.rule) == [
                "line_crosses_two_borders", "line_crosses_two_borders", "line_crosses_two_borders",
                "line_crosses_two_borders", "line_crosses_two_borders",
            ])
        #expect(verdict.violations[1].cells == [Cell(0, 1), Cell(0, 2), Cell(0, 3)])
    }
}
