import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// What commands write, and where: nothing that cannot be written is passed over.
    @Suite struct OutputTests {
        /// A full disk and a closed stdout.
        @Test(arguments: [
            "echo '{\"method\":\"ping\"}' | \"$PTRMD\"", "\"$PTRMD\" solve \(Sample.easy)",
            "\"$PTRMD\" draw \(Sample.easy)", "\"$PTRMD\" check \(Sample.easy) \(Sample.easyAnswer)",
            "\"$PTRMD\" models list", "\"$PTRMD\" models inspect sudoku-9x9", "\"$PTRMD\" profiles show",
            "\"$PTRMD\" profiles schema", "\"$PTRMD\" generate --task sudoku",
            "\"$PTRMD\" trace \(Sample.easy) --K 1 --D 2",
        ])
        func stdoutThatCannotBeWrittenIsTold(_ command: String) async throws {
            for target in [">/dev/full", ">&-"] {
                let result = try await Daemon.shell("\(command) \(target)")
                #expect(result.exitCode == 1, "\(target): \(result.errors)")
                #expect(result.errors.contains("stdout cannot be written: "), "\(target): \(result.errors)")
            }
        }

        @Test func aReaderThatHasEnoughIsNoError() async throws {
            let result = try await Daemon.shell(
                "(\"$PTRMD\" < \(RepositoryFiles.root)/examples/puzzles/sudoku.ndjson; echo $? >&2) | head -1")
            #expect(result.errors == "0\n" && result.replies.count == 1)
        }

        /// An output file is looked at before the work, not after it.
        @Test(arguments: ["eval - --plot", "trace - --svg", "tune --data - --out"])
        func aPlaceThatCannotBeWrittenIsToldAtOnce(_ command: String) async throws {
            let arguments = command.split(separator: " ").map(String.init) + ["/nonexistent/a"]
            let result = try await Daemon.run(arguments, input: Sample.easy)
            #expect(result.exitCode == 2 && result.output.isEmpty)
            #expect(result.errors == "ptrmd: /nonexistent/a: No such file or directory\n")
        }

        @Test func tuneRefusesANameThatNoProfileCanHave() async throws {
            let result = try await Daemon.run(["tune", "--data", "-", "--name", "bad/name"])
            #expect(result.exitCode == 2 && result.errors.contains("letters, digits, dots"), "\(result.errors)")
        }

        @Test func aModelThatCannotBeLoadedHasItsOwnExitCode() async throws {
            let folder = try TemporaryFolder()
            let profiles = try folder.write(
                "version: 1\nprofiles:\n  p: {task: sudoku, model: ./none.safetensors}\n", as: "p.yaml")
            let result = try await Daemon.run(["solve", "--profiles", profiles, Sample.easy])
            #expect(result.exitCode == 3 && result.errors.contains("none.safetensors"), "\(result.errors)")
        }

        /// A model whose file names its task serves no other.
        @Test func aProfileForAnotherTaskThanItsModels() async throws {
            let folder = try TemporaryFolder()
            let profiles = try folder.write(
                "version: 1\nprofiles:\n  p: {task: lightup, model: tapa-10x10}\n", as: "p.yaml")
            let result = try await Daemon.run(["--profiles", profiles], input: "")
            #expect(result.exitCode == 3, "\(result.errors)")
            #expect(result.errors.contains("was trained for tapa, and the profile p is for lightup"))
        }

        @Test func unknownOverridesSayWhatIsKnown() async throws {
            let request = #"{"task":"sudoku","puzzle":"\#(Sample.easy)","overrides":"#
            let lines = [#"{"sigmo":1}}"#, #"{"limits":{"max_step":1}}}"#].map { request + $0 }
            let result = try await Daemon.run(["--ordered"], input: lines.joined(separator: "\n"))
            let data = result.replies.map { $0?["error"]?["data"] }
            try #require(data.count == 2)
            #expect(data[0]?["field"] == "overrides.sigmo" && data[0]?["nearest"] == "sigma")
            #expect(data[1]?["field"] == "overrides.limits.max_step" && data[1]?["nearest"] == "max_steps")
            #expect(data.allSatisfy { ($0?["known"]?.arrayValue?.count ?? 0) > 1 })
        }
    }

    /// Puzzles of several lines, and of none that anybody meant.
    @Suite struct PuzzleInputTests {
        private static let rows = stride(from: 0, to: 81, by: 9).map { start in
            String(Sample.easy.dropFirst(start).prefix(9))
        }
        private static let maze = "#  S #\n# ## #\n#    #\n###  #\n#G   #\n######"

        @Test(arguments: [[], ["--task", "sudoku"]])
        func aBoardInSeveralLines(_ options: [String]) async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write("# mine\n" + Self.rows.joined(separator: "\n") + "\n", as: "board.txt")
            let wanted = try await Daemon.run(["solve", Sample.easy])
            for argument in [path, Self.rows.joined(separator: "\n")] {
                let result = try await Daemon.run(["solve", argument] + options)
                #expect(result.output == wanted.output && result.exitCode == 0, "\(result.errors)")
            }
        }

        /// Its rows begin like comments.
        @Test(arguments: [[], ["--task", "maze"]])
        func aMazeInAFile(_ options: [String]) async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Self.maze, as: "maze.txt")
            let result = try await Daemon.run(["draw", path] + options)
            #expect(result.exitCode == 0, "\(result.errors)")
            // Six rows in a frame.
            #expect(result.output.split(separator: "\n").count == 8, "\(result.output)")
        }

        @Test func anArcTaskAsItsFilesHaveIt() async throws {
            let task = """
                {
                  "train": [{"input": [[1, 0]], "output": [[0, 1]]}],
                  "test": [{"input": [[2, 0]], "output": [[0, 2]]}]
                }
                """
            let folder = try TemporaryFolder()
            for argument in [task, try folder.write(task, as: "007bbfb7.json")] {
                let result = try await Daemon.run(["draw", argument, "--task", "arc"])
                #expect(result.exitCode == 0 && !result.output.isEmpty, "\(result.errors)")
            }
        }

        @Test(arguments: ["puzzle.txt", "/nonexistent/puzzle", "./puzzle", "../nonexistent/puzzle"])
        func aFileThatIsNotThere(_ path: String) async throws {
            let result = try await Daemon.run(["solve", path])
            #expect(result.exitCode == 2 && result.errors == "ptrmd: \(path): No such file or directory\n")
        }

        /// A reply repeats the seed, as the integer that JSON readers agree on.
        @Test func aSeedBeyondTheProtocols() async throws {
            let result = try await Daemon.run(["solve", Sample.easy, "--seed", "9223372036854775808"])
            #expect(result.exitCode == 2 && result.errors.contains("9223372036854775807"), "\(result.errors)")
        }

        @Test func anUnsolvedAnswerLineIsDrawnWithoutAnswer() async throws {
            let line = #"{"task":"sudoku","puzzle":"\#(Sample.easy)","answer":null,"solution":"\#(Sample.easyAnswer)"}"#
            let drawn = try await Daemon.run(["draw", "-"], input: line)
            #expect(drawn.exitCode == 0 && drawn.output.contains("5 3 4"), "\(drawn.errors)")
            let checked = try await Daemon.run(["check", "-"], input: line)
            #expect(checked.exitCode == 0, "\(checked.output)")
        }
    }
}
