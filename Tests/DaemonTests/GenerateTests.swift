import JSON
import TestSupport
import Testing

extension DaemonTests {
    @Suite struct GenerateTests {
        static let tasks = ["sudoku", "lightup", "tapa", "heyawake", "nurikabe", "shakashaka", "maze"]

        static func generate(_ arguments: String...) async throws -> Daemon.Result {
            try await Daemon.run(["generate"] + arguments)
        }

        /// Boards in which random walls hardly ever leave the usual way have a shorter one.
        @Test(arguments: ["128x5", "5x128"]) func longThinMazes(size: String) async throws {
            let made = try await Self.generate("--task", "maze", "--size", size)
            #expect(made.exitCode == 0 && made.replies.count == 1, "\(made.errors)")
            #expect(try await Daemon.run(["check", "-"], input: made.output).exitCode == 0)
        }

        /// Each task at a small size: different puzzles, right solutions, the same on any number of threads.
        @Test(arguments: tasks)
        func linesAreTheSameOnAnyNumberOfThreads(_ task: String) async throws {
            let size = task == "sudoku" || task == "maze" ? "9x9" : "6x7"
            let one = try await Self.generate("--task", task, "--size", size, "--count", "30", "--threads", "1")
            let three = try await Self.generate("--task", task, "--size", size, "--count", "30", "--threads", "3")
            #expect(one.exitCode == 0 && one.errors == "" && one.output == three.output)
            let other = try await Self.generate("--task", task, "--size", size, "--count", "30", "--seed", "1")
            #expect(Set(one.replies).count == 30 && Set(one.replies).isDisjoint(with: other.replies))
            let checked = try await Daemon.run(["check", "-"], input: one.output)
            #expect(checked.exitCode == 0 && checked.replies.count == 30)
            #expect(checked.replies.allSatisfy { $0?["valid"] == true })
            let drawn = try await Daemon.run(["draw", "-"], input: one.output)
            #expect(drawn.exitCode == 0 && drawn.output.split(separator: "\n").count > 30 * 7)
        }

        @Test func linesAreRequests() async throws {
            let puzzles = try await Self.generate("--task", "sudoku", "--count", "5", "--givens", "36")
            let result = try await Daemon.run(["--ordered"], input: puzzles.output)
            #expect(result.exitCode == 0 && result.replies.count == 5)
            for (puzzle, reply) in zip(puzzles.replies, result.replies) {
                #expect(puzzle?["puzzle"]?.stringValue?.filter { $0 != "." }.count == 36)
                #expect(reply?["type"] == "answer" && reply?["id"] == puzzle?["id"])
                #expect(reply?["answer"] == puzzle?["solution"])
            }
        }

        @Test func excludedPuzzlesAreNotMadeAgain() async throws {
            let all = try await Self.generate("--task", "lightup", "--size", "4x4", "--count", "40")
            let folder = try TemporaryFolder()
            // Other tasks' lines and comments are passed over.
            let sudoku = try await Self.generate("--task", "sudoku")
            let half = all.output.split(separator: "\n").prefix(20).joined(separator: "\n")
            try folder.write("# seen\n" + sudoku.output + half + "\n", as: "seen.ndjson")
            let rest = try await Self.generate(
                "--task", "lightup", "--size", "4x4", "--count", "20", "--exclude", folder.file("seen.ndjson"))
            #expect(rest.replies == Array(all.replies.dropFirst(20)))
            try folder.write(#"{"task":"lightup","puzzle":"nonsense"}"#, as: "bad.ndjson")
            let bad = try await Self.generate("--task", "lightup", "--exclude", folder.file("bad.ndjson"))
            #expect(bad.exitCode == 2 && bad.errors.contains("bad.ndjson:1: ") && bad.output == "")
        }

        @Test func exhaustedOptionsEndTheRunWithAReason() async throws {
            let result = try await Self.generate("--task", "sudoku", "--size", "4", "--givens", "16", "--count", "50")
            #expect(result.exitCode == 2 && result.errors.contains("different puzzles found of 50"))
            #expect(!result.replies.isEmpty && result.replies.count < 50)
        }

        /// Arguments, a part of the message.
        @Test(arguments: [
            (["--task", "arc"], "no generator for \"arc\""), (["--task", "lightup", "--givens", "3"], "--givens"),
            (["--task", "sudoku", "--givens", "3"], "expected 21 to 81"), (["--task", "tapa", "--size", "10"], ""),
            (["--task", "tapa", "--size", "x"], "10x10"), (["--task", "tapa", "--size", "1x1"], "sides of 3 to 40"),
            (["--task", "tapa", "--count", "0"], "--count"), (["--task", "maze", "--hard"], "--hard"),
            (["--task", "lightup", "--sparse"], "--sparse"), (["--task", "nurikabe", "--minimal"], "--minimal"),
            (["--task", "maze", "--exclude", "/nonexistent"], "/nonexistent"),
            (["--task", "tapa", "--style", "perfect"], "--style"),
            (["--task", "maze", "--style", "people"], "hard, perfect"),
            (["--task", "tapa", "--style", "people", "--minimal"], "--style"),
        ])
        func optionsThatMakeNoSense(_ arguments: [String], _ message: String) async throws {
            let result = try await Daemon.run(["generate"] + arguments)
            #expect(result.exitCode == (message == "" ? 0 : 2))
            #expect(result.errors.contains(message) && (message == "" || result.output == ""))
        }

        @Test func mazesOfBothStyles() async throws {
            let hard = try await Self.generate("--task", "maze", "--count", "3")
            for maze in hard.replies {
                let way = maze?["solution"]?.stringValue?.filter { $0 == "o" }.count ?? 0
                #expect(way >= 110 && maze?["puzzle"]?.stringValue?.split(separator: "\n").count == 30)
            }
            let perfect = try await Self.generate("--task", "maze", "--style", "perfect", "--size", "15x15")
            // A tree of 49 rooms has 48 passages.
            #expect(perfect.replies.first??["puzzle"]?.stringValue?.filter { $0 != "#" && $0 != "\n" }.count == 97)
        }

        @Test func drawingsAsSVG() async throws {
            let puzzle = try await Self.generate("--task", "shakashaka", "--size", "5x5")
            let result = try await Daemon.run(["draw", "-", "--svg"], input: puzzle.output)
            #expect(result.exitCode == 0 && result.output.hasPrefix("<svg ") && result.output.hasSuffix("</svg>\n"))
            #expect(result.output.contains("<polygon"))
            let two = try await Daemon.run(["draw", "-", "--svg"], input: puzzle.output + puzzle.output)
            #expect(two.exitCode == 2 && two.output == "")
        }
    }
}
