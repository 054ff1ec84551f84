import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// Files of which the lines are puzzles, or the rows of one.
    @Suite struct LinesOrRowsTests {
        /// Both rows of free cells belong to the maze, and so does the one that looks like a comment.
        private static let maze = ["#####", "#S  #", "     ", "# # #", "     ", "#  G#", "#####"]

        @Test(arguments: ["\n", "\r\n"], [[], ["--task", "maze"]])
        func aMazesRowOfSpacesCounts(end: String, options: [String]) async throws {
            let request = JSON.object(["task": "maze", "puzzle": .string(Self.maze.joined(separator: "\n"))]).text
            let expected = try await Daemon.run(["draw", "-"], input: request)
            #expect(expected.output.split(separator: "\n").count >= 7 && expected.exitCode == 0)
            let text = Self.maze.joined(separator: end) + end
            #expect(try await Daemon.run(["draw", "-"] + options, input: text).output == expected.output)
            let commented = "# a maze" + end + end + text + end
            #expect(try await Daemon.run(["draw", "-"] + options, input: commented).output == expected.output)
        }

        /// Lines of a public list: few givens, none of which touch, are a row of nurikabe as well, and a remark may be empty.
        @Test func aListOfSparseSudoku() async throws {
            let list = """
                # 17 clues
                #
                .................1.....2.3.....4.2.5..6..7.....8.9...4...8.3.6..4.....9..5.......
                .................1.....2.3......3.2...1.4......5....6..3......4.7..8...962...7...
                """
            let result = try await Daemon.run(["solve", "-", "--engine", "exact", "--json"], input: list + "\n")
            #expect(result.replies.count == 2 && result.exitCode == 0, "\(result.output)")
            for reply in result.replies {
                #expect(reply?["verified"] == true && reply?["answer"]?.stringValue?.utf8.count == 81)
            }
        }

        /// An editor took the spaces away: that is a mistake in the board and no smaller board.
        @Test func aMazesEmptyRowIsAnError() async throws {
            let text = Self.maze.map { $0 == "     " ? "" : $0 }.joined(separator: "\n")
            let result = try await Daemon.run(["draw", "-", "--task", "maze"], input: text)
            #expect(result.output == "" && result.exitCode == 1)
            #expect(result.errors == "ptrmd: puzzle: row 3 has 0 cells, row 1 has 5\n", "\(result.errors)")
        }

        /// Rows are no puzzles of their own, and the board's own mistake is told.
        @Test(arguments: ["draw", "solve"])
        func aShortRow(command: String) async throws {
            let board = ".....\n..1..\n....\n.....\n....."
            let result = try await Daemon.run([command, "-", "--task", "lightup"], input: board)
            #expect(result.output == "" && result.exitCode == 1)
            #expect(result.errors.hasSuffix("row 3 has 4 cells, row 1 has 5\n"), "\(result.errors)")
            let untold = try await Daemon.run([command, "-"], input: board)
            #expect(untold.output == "" && untold.exitCode == 1)
            #expect(untold.errors.hasPrefix("ptrmd: no task reads this puzzle"), "\(untold.errors)")
            #expect(untold.errors.split(separator: "\n").count == 1)
        }

        /// Puzzles that are JSON objects without being requests.
        @Test(arguments: [
            ("tokens", #"{"tokens":[1,2,3,4],"puzzle_identifier":3}"#),
            ("arc", #"{"name":"a","test":[{"input":[[7,0],[0,7]]}]}"#),
        ])
        func objectsThatArePuzzles(task: String, puzzle: String) async throws {
            let request = #"{"task":"\#(task)","puzzle":\#(puzzle)}"#
            let expected = try await Daemon.run(["draw", "-"], input: request)
            #expect(expected.exitCode == 0 && expected.output.count > 10)
            let drawn = try await Daemon.run(["draw", "--task", task, puzzle])
            #expect(drawn.output == expected.output && drawn.errors == "" && drawn.exitCode == 0)
        }

        /// A puzzle's unknown member is the puzzle's mistake.
        @Test func aPuzzleWithAnUnknownMember() async throws {
            let result = try await Daemon.run(["draw", "--task", "arc", #"{"test":[{"input":[[7]]}],"x":1}"#])
            #expect(result.errors == "ptrmd: puzzle.x: unknown member, expected name, train and test\n")
            #expect(result.output == "" && result.exitCode == 1)
        }

        /// Requests with a misplaced member are no puzzles: they are refused under their own id.
        @Test(arguments: [#"{"id":7,"task":"tokens","tokens":[1,2,3,4]}"#, #"{"id":7,"method":"ping","test":1}"#])
        func requestsThatHoldNoPuzzle(line: String) async throws {
            let result = try await Daemon.run(["solve", "--json", "-"], input: line)
            #expect(result.replies.first??["id"] == 7 && result.exitCode == 1, "\(result.output)")
        }

        @Test func aTaskThatIsNoNameIsTold() async throws {
            let result = try await Daemon.run(
                ["check", "-"], input: #"{"task":7,"puzzle":"...","answer":"..."}"# + "\n")
            #expect(
                result.output == #"{"error":"task must be a string, not 7","line":1}"# + "\n" && result.exitCode == 1)
        }

        /// One line that is nothing spoils none of the others.
        @Test func aBadLineAmongGoodOnes() async throws {
            let lines = [Sample.easy, String(Sample.easy.dropLast()), "nonsense", "", Sample.easy]
            let result = try await Daemon.run(["draw", "-"], input: lines.joined(separator: "\n"))
            let one = try await Daemon.run(["draw", Sample.easy])
            #expect(result.output == one.output + "\n" + one.output && result.exitCode == 1)
            let places = result.errors.split(separator: "\n").map { $0.prefix(14) }
            #expect(places == ["ptrmd: line 2:", "ptrmd: line 3:"], "\(result.errors)")
        }

        /// Flat boards are puzzles each, those of the named task also when all are wrong.
        @Test func flatBoards() async throws {
            let maze = "S....#" + String(repeating: "......", count: 4) + ".....G"
            let one = try await Daemon.run(["draw", maze, "--task", "maze"])
            let two = try await Daemon.run(["draw", "-", "--task", "maze"], input: maze + "\n" + maze + "\n")
            #expect(two.output == one.output + "\n" + one.output && two.exitCode == 0, "\(two.errors)")
            let short = String(Sample.easy.dropLast())
            let wrong = try await Daemon.run(["draw", "-", "--task", "sudoku"], input: short + "\n" + short + "\n")
            #expect(wrong.errors.split(separator: "\n").count == 2 && wrong.exitCode == 1, "\(wrong.errors)")
            let ids = [1, 2].map { #"{"id":\#($0),"puzzle":"1""# }.joined(separator: "\n")
            let broken = try await Daemon.run(["solve", "--json", "-"], input: ids)
            #expect(try Replies.checked(broken.output).map { $0["id"] } == [1, 2])
        }

        /// A row of 16 dots is an empty 4x4 sudoku, too, and the row of a wide board.
        @Test func aWideBoardWithAnEmptyRow() async throws {
            var rows = [String](repeating: String(repeating: ".", count: 16), count: 16)
            (rows[0], rows[15]) = ("S" + rows[0].dropFirst(), rows[15].dropLast() + "G")
            rows[3] = String(repeating: "#", count: 15) + "."
            let text = rows.joined(separator: "\n")
            let expected = try await Daemon.run(["draw", text, "--task", "maze"])
            #expect(expected.output.split(separator: "\n").count == 18 && expected.exitCode == 0)
            #expect(try await Daemon.run(["draw", "-"], input: text + "\n   \n").output == expected.output)
            let wrong = try await Daemon.run(["draw", "-"], input: text.dropLast() + "\n")
            #expect(wrong.output == "" && wrong.errors.split(separator: "\n").count == 1, "\(wrong.errors)")
        }

        /// What stands alone is never lost, however many of the other lines are bad; remarks stay remarks.
        @Test func goodLinesAmongMoreBadOnes() async throws {
            let request = Sample.solve("2")
            for (input, types) in [
                ("\(Sample.easy)\nbad\nworse\n", ["answer", "error", "error"]),
                (#"{"id":1,"# + "\n\(request)\noops\n", ["error", "answer", "error"]),
                (#"{"id":1,"puzzle":"# + "\n\(Sample.easy)\n", ["error", "answer"]),
                ("# mine\n# \n\(Sample.easy)\n# ######\n\(Sample.easy)\n", ["answer", "answer"]),
            ] {
                let result = try await Daemon.run(["solve", "--json", "-"], input: input)
                #expect(try Replies.checked(result.output).map { $0["type"]?.stringValue } == types, "\(input)")
            }
        }

        /// Walls between free cells look like a comment's begin.
        @Test func wallsAreNoComments() async throws {
            let result = try await Daemon.run(["draw", "-", "--task", "maze"], input: "# # #\n#S G#\n# # #\n# note\n")
            #expect(result.output.split(separator: "\n").count == 5, "\(result.output)\(result.errors)")
            let wrong = try await Daemon.run(["draw", "-"], input: "# # # #\n#S G#\n#####\n")
            #expect(wrong.output == "" && wrong.exitCode == 1)
        }

        /// Black cells apart by spaces look like a comment's begin, too, even in every row.
        @Test(arguments: [
            ("lightup", "# 1 .\n. . .\n. . .\n", "# 1 .\n. . .\n. . ."), ("lightup", "# #\n# .\n", "# #\n# ."),
            ("shakashaka", "# one\n. . .\n# 2 #\n. . .\n\n", ". . .\n# 2 #\n. . ."),
            ("maze", "# S\n# #\n# G\n", "# S\n# #\n# G"), ("lightup", "# 1\n...\n.1.\n...\n", "...\n.1.\n..."),
        ])
        func rowsThatBeginWithABlackCell(task: String, text: String, board: String) async throws {
            let request = JSON.object(["task": .string(task), "puzzle": .string(board)]).text
            let expected = try await Daemon.run(["draw", "-"], input: request)
            #expect(expected.exitCode == 0)
            let drawn = try await Daemon.run(["draw", "-", "--task", task], input: text)
            #expect(drawn.output == expected.output && drawn.exitCode == 0, "\(drawn.output)\(drawn.errors)")
        }

        /// No smaller board is drawn in the place of one with a mistake.
        @Test func aWrongRowThatBeginsWithABlackCell() async throws {
            let result = try await Daemon.run(["draw", "-", "--task", "lightup"], input: "# 1 2\n. . .\n. . .\n")
            #expect(result.output == "" && result.exitCode == 1)
            #expect(result.errors.contains("the 2 at row 1 column 3"), "\(result.errors)")
        }

        /// Blank lines part boards of several rows, but neither the rows of one nor the bands of a sudoku.
        @Test func blankLinesPartBoards() async throws {
            func draw(_ text: String, _ task: String) async throws -> Daemon.Result {
                try await Daemon.run(["draw", "-", "--task", task], input: text)
            }
            let (one, two) = ("...\n.1.\n...\n", "....\n..2.\n")
            let drawings = [try await draw(one, "lightup").output, try await draw(two, "lightup").output]
            for text in [one + "\n" + two, "# 1\n\(one)\n\n# 2\n\(two)\n", one + "  \n" + two] {
                #expect(try await draw(text, "lightup").output == drawings.joined(separator: "\n"), "\(text)")
            }
            #expect(try await draw(one + "\n" + one, "lightup").output == drawings[0] + "\n" + drawings[0])
            #expect(try await draw("...\n\n.1.\n\n...\n", "lightup").output == drawings[0])
            let broken = try await draw(one + "\n...\n..\n", "lightup")
            #expect(broken.output == drawings[0] && broken.exitCode == 1)
            #expect(broken.errors == "ptrmd: line 5: puzzle: row 2 has 2 cells, row 1 has 3\n", "\(broken.errors)")
            var bands = ""
            for (index, digit) in Sample.easy.enumerated() {
                bands.append(digit)
                if index % 9 == 8 { bands += index % 27 == 26 ? "\n\n" : "\n" }
            }
            for options in [[], ["--task", "sudoku"]] {
                let drawn = try await Daemon.run(["draw", "-"] + options, input: bands)
                #expect(drawn.output == (try await Daemon.run(["draw", Sample.easy])).output, "\(drawn.errors)")
            }
        }

        /// No row of a JSON grid with a mistake is drawn as a puzzle.
        @Test(arguments: ["[\n [1,2,3,4],\n [3,4,1,2]\n [2,1,4,3],\n [4,3,2,1]\n]\n", "[[1,2],\n[2,1]\n[1,2]]"])
        func aJSONGridWithoutAComma(text: String) async throws {
            let result = try await Daemon.run(["draw", "-"], input: text)
            #expect(result.output == "" && result.exitCode == 1)
            #expect(result.errors.hasPrefix("ptrmd: invalid JSON: ") && result.errors.split(separator: "\n").count == 1)
        }

        /// A JSON document may be spread over many lines.
        @Test(arguments: [
            "[\n  [1, 2, 3, 4],\n  [3, 4, 1, 2],\n  [2, 1, 4, 3],\n  [4, 3, 2, 0]\n]\n",
            "{\n  \"task\": \"sudoku\",\n  \"puzzle\": \"1234341221434320\"\n}", "1234\n3412\n\n2143\n4320\n",
        ])
        func oneJSONDocument(text: String) async throws {
            let expected = try await Daemon.run(["draw", "1234341221434320"])
            let result = try await Daemon.run(["draw", "-"], input: text)
            #expect(result.output == expected.output && result.exitCode == 0, "\(result.errors)")
        }

        @Test func aJSONDocumentThatBreaksOff() async throws {
            let result = try await Daemon.run(["draw", "-"], input: "{\n  \"task\": \"sudoku\",\n")
            #expect(result.output == "" && result.exitCode == 1)
            #expect(result.errors.hasPrefix("ptrmd: invalid JSON: "), "\(result.errors)")
        }

        /// The task of a puzzle in arrays is told as that of a line.
        @Test func checkTellsTheTaskOfArrays() async throws {
            let puzzle = "[[1,2,3,4],[3,4,1,2],[2,1,4,3],[4,3,2,0]]"
            let right = try await Daemon.run(["check", puzzle, "1234341221434321"])
            #expect(right.exitCode == 0 && right.output.hasPrefix(#"{"task":"sudoku","#), "\(right.errors)")
            let wrong = try await Daemon.run(["check", puzzle, "1234341221434322"])
            #expect(wrong.exitCode == 1 && wrong.output.contains(#""valid":false"#))
            let broken = try await Daemon.run(["check", "[[1,2", "1"])
            #expect(broken.exitCode == 1 && broken.errors.hasPrefix("ptrmd: invalid JSON: "))
        }
    }
}
