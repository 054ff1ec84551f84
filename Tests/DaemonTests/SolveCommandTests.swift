import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// `ptrmd solve`: what a person sees.
    @Suite struct SolveCommandTests {
        private static let board = """
            ┌───────┬───────┬───────┐
            │ 5 3 4 │ 6 7 8 │ 9 1 2 │
            │ 6 7 2 │ 1 9 5 │ 3 4 8 │
            │ 1 9 8 │ 3 4 2 │ 5 6 7 │
            ├───────┼───────┼───────┤
            │ 8 5 9 │ 7 6 1 │ 4 2 3 │
            │ 4 2 6 │ 8 5 3 │ 7 9 1 │
            │ 7 1 3 │ 9 2 4 │ 8 5 6 │
            ├───────┼───────┼───────┤
            │ 9 6 1 │ 5 3 7 │ 2 8 4 │
            │ 2 8 7 │ 4 1 9 │ 6 3 5 │
            │ 3 4 5 │ 2 8 6 │ 1 7 9 │
            └───────┴───────┴───────┘

            """
        /// `Sample.easy` as an address of puzz.link: g to z stand for 1 to 20 blanks.
        private static let link =
            "https://puzz.link/p?sudoku/9/9/53h7j6h195j98j6g8i6i34h8g3h17i2i6g6j28j419h5j8h79"

        private func expectSolved(_ result: Daemon.Result, times: Int = 1) {
            let parts = result.output.components(between: Self.board)
            #expect(parts.count == times + 1 && parts.first == "", "\(result.output)")
            for part in parts.dropFirst() {
                #expect(part.hasPrefix("solved: q ") && part.contains(", confidence 0.9"), "\(part)")
                #expect(part.contains(", verified; ") && part.contains(" steps, 1 rollout (q_threshold)"), "\(part)")
            }
            #expect(result.errors == "" && result.exitCode == 0)
        }

        @Test(arguments: [Sample.easy, String(Sample.easy.map { $0 == "." ? "0" : $0 }), link])
        func aPuzzleInPlace(_ puzzle: String) async throws {
            expectSolved(try await Daemon.run(["solve", puzzle]))
        }

        @Test func aFileOfEveryForm() async throws {
            let folder = try TemporaryFolder()
            let lines = ["# a comment", Sample.easy, "", Self.link, Sample.solve("7")]
            let path = try folder.write(lines.joined(separator: "\n"), as: "puzzles.txt")
            expectSolved(try await Daemon.run(["solve", path]), times: 3)
        }

        @Test func standardInput() async throws {
            expectSolved(try await Daemon.run(["solve", "-"], input: Sample.easy + "\r\n" + Sample.easy), times: 2)
        }

        @Test func anUnsolvedPuzzleIsNoError() async throws {
            let arguments = ["solve", "--engine", "ptrm", Sample.unsolvable, "--max-steps", "40"]
            let result = try await Daemon.run(arguments)
            #expect(result.exitCode == 0)
            #expect(
                result.output.contains("\nunsolved: q ") && result.output.contains("confidence 0.0000, not verified ("))
            #expect(result.output.hasSuffix("(step_limit)\n"))
            #expect(try await Daemon.run(arguments + ["--fail-unsolved"]).exitCode == 1)
            #expect(try await Daemon.run(["solve", Sample.easy, "--fail-unsolved"]).exitCode == 0)
        }

        @Test func whatCannotBeSolvedIsProvedSo() async throws {
            let result = try await Daemon.run(["solve", "--engine", "exact", Sample.unsolvable, "--fail-unsolved"])
            #expect(result.exitCode == 1)
            #expect(result.output.contains("\nunsolved: proved: it has no solution; 0 steps, 0 rollouts"))
            #expect(result.output.hasSuffix("(exact: no_solution)\n"))
        }

        @Test func theOnlySolutionIsToldAsSuch() async throws {
            let result = try await Daemon.run(["solve", "--engine", "exact", "--unique", Sample.easy])
            #expect(result.exitCode == 0 && result.output.contains("\nsolved: verified, the only solution; "))
        }

        @Test func uniquenessIsChecked() async throws {
            let one = try await Daemon.run(["check", "--unique", Sample.easy])
            let answer = try JSON(parsing: Array(one.output.utf8))
            #expect(one.exitCode == 0 && answer["unique"] == true && answer["solutions"] == 1)
            let two = try await Daemon.run(["check", "--unique", "--task", "sudoku", "1..............."])
            let other = try JSON(parsing: Array(two.output.utf8))
            #expect(two.exitCode == 1 && other["unique"] == false && other["solutions"] == 2)
            #expect(other["answer"] != other["other_answer"] && other["differ"]?.arrayValue?.isEmpty == false)
            let none = try await Daemon.run(["check", "--unique", Sample.unsolvable])
            let proved = try JSON(parsing: Array(none.output.utf8))
            #expect(none.exitCode == 1 && proved["solutions"] == 0)
            #expect(try await Daemon.run(["check", "--unique"]).exitCode == 2)
        }

        @Test func jsonIsTheDaemonsAnswer() async throws {
            let result = try await Daemon.run(["solve", "--json", "--seed", "5", "--K", "3", Sample.easy])
            let replies = try Replies.checked(result.output)
            #expect(replies.count == 1 && replies.first?["answer"] == .string(Sample.easyAnswer))
            #expect(replies.first?["seed"] == 5)
        }

        /// `arguments, what stderr says, exit code`.
        @Test(arguments: [
            (["solve", Sample.contradictory], "row 1", 1),
            (["solve", "53..7"], "no task reads this puzzle", 1),
            (["solve", "53..7", "--task", "sudoku"], "81", 1),
            (["solve", "https://puzz.link/p?sudoku/9/9/53h7"], "the address ends too early", 1),
            (["solve", Sample.easy, "--task", "sudokku"], "did you mean sudoku?", 2),
            (["solve", Sample.easy, "--profile", "nobody"], "nobody", 2),
            (["solve", Sample.easy, "--K", "0"], "--K: expected an integer from 1", 2),
            (["solve", Sample.easy, "--sigma", "nan"], "--sigma: expected a number from 0", 2),
            (["solve", Sample.easy, "--sigma", "-1"], "--sigma: expected a number from 0", 2),
            (["solve", Sample.easy, "--seed", "-1"], "expected a whole number from 0", 2),
            (["solve", Sample.easy, "--max-steps", "0"], "--max-steps must be from 1 to 10000000000", 2),
            (["solve", Sample.easy, "--time-ms", "1000000000001"], "--time-ms must be from 1 to 1000000000000", 2),
            (
                ["solve", "https://puzz.link/p?slither/3/3/hbj"],
                "addresses of the genre \"slither\"; there are sudoku, ", 1
            ),
            (["models", "inspect", "sudoku"], "No such file or directory; bundled models are sudoku-9x9, ", 3),
            (["profiles", "show", "sudko"], "did you mean sudoku?", 2),
            (["solve", Sample.easy, "--profiles", "/nonexistent.yaml"], "/nonexistent.yaml", 2),
            (["solve"], "puzzle", 2), (["solve", "/dev/null"], "no puzzle", 2),
        ])
        func errors(arguments: [String], says: String, code: Int) async throws {
            let result = try await Daemon.run(arguments)
            #expect(result.output == "" && result.exitCode == code)
            #expect(result.errors.contains(says), "\(result.errors)")
        }

        /// With `--json` the ids, the warnings and the errors are the daemon's too.
        @Test func jsonOfEveryLine() async throws {
            let lines = [
                Sample.solve(#""x""#, Sample.easy, #""seeed":1"#), Sample.solve("7", "12"),
                #"{"id":8,"method":"ping"}"#,
                #"{"id":9,"#,
            ]
            let input = lines.joined(separator: "\n")
            let result = try await Daemon.run(["solve", "--json", "-"], input: input)
            let replies = try Replies.checked(result.output)
            #expect(replies.map { $0["type"]?.stringValue } == ["warning", "answer", "error", "error", "error"])
            #expect(replies.map { $0["id"] } == ["x", "x", 7, 8, 9])
            #expect(replies.first?["field"] == "seeed" && replies.last?.errorCode == -32700)
            #expect(result.errors == "" && result.exitCode == 1)
            let drawn = try await Daemon.run(["solve", "-"], input: input)
            #expect(drawn.errors.hasPrefix("ptrmd: line 1: seeed: unknown field; did you mean \"seed\"?\n"))
            #expect(drawn.output.hasPrefix(Self.board) && drawn.exitCode == 1)
        }

        @Test func contradictoryGivensAreNamedInTheMessage() async throws {
            let result = try await Daemon.run(["solve", "-"], input: Sample.easy + "\n" + Sample.contradictory + "\n")
            #expect(result.exitCode == 1)
            #expect(result.errors.hasPrefix("ptrmd: line 2: ") && result.errors.contains("row 1"), "\(result.errors)")
            #expect(result.output.hasPrefix(Self.board))
        }

        /// On a terminal a long search tells how it stands, and takes the line away at its end.
        @Test func theProgressLineIsForTerminalsOnly() async throws {
            let command = "\"$PTRMD\" solve --K 1000 --max-steps 1000000 --time-ms 5000 \(Sample.unsolvable)"
            let terminal = try PseudoTerminal()
            let shown = try await Daemon.shell("\(command) 2>\(terminal.path)")
            let progress = terminal.shown()
            #expect(progress.contains(" steps, ") && progress.contains("best q "), "\(progress)")
            #expect(progress.hasSuffix("\r\u{1B}[K"))
            #expect(shown.output.hasSuffix("(time_limit)\n") && !shown.output.contains("\u{1B}"))
            let hidden = try await Daemon.shell(command)
            #expect(hidden.errors == "" && hidden.exitCode == 0)
        }

        /// Colours on a terminal, unless NO_COLOR asks for none.
        @Test(arguments: [("", true), ("1", false)])
        func colours(noColour: String, coloured: Bool) async throws {
            let terminal = try PseudoTerminal()
            let result = try await Daemon.shell(
                "\"$PTRMD\" solve \(Sample.easy) >\(terminal.path)",
                environment: ["NO_COLOR": noColour, "TERM": "xterm"])
            let shown = terminal.shown()
            #expect(shown.contains("solved: q ") && shown.contains("\u{1B}[") == coloured, "\(shown)")
            #expect(result.exitCode == 0)
        }
    }
}
