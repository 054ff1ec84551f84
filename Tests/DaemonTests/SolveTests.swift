import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// The main path: a real puzzle in, a right answer out.
    @Suite struct SolveTests {
        @Test func theExamplePuzzlesAreSolvedAndNoneWronglySo() async throws {
            let input = try RepositoryFiles.read("\(RepositoryFiles.root)/examples/puzzles/sudoku.ndjson")
            let result = try await Daemon.run(["--ordered"], input: input)
            let puzzles = input.split(separator: 0x0A).map { try? JSON(parsing: Array($0)) }
            #expect(result.exitCode == 0)
            #expect(result.replies.count == 100 && puzzles.count == 100)
            var solved = 0
            for (puzzle, reply) in zip(puzzles, result.replies) where reply?["status"] == "solved" {
                #expect(reply?["id"] == puzzle?["id"] && reply?["verified"] == true)
                let givens = Array((puzzle?["puzzle"]?.stringValue ?? "").utf8)
                let answer = Array((reply?["answer"]?.stringValue ?? "").utf8)
                try #require(givens.count == 81 && answer.count == 81)
                #expect(zip(givens, answer).allSatisfy { $0 == UInt8(ascii: ".") || $0 == $1 })
                let digits = Set(UInt8(ascii: "1")...UInt8(ascii: "9"))
                for unit in 0..<9 {
                    #expect(Set((0..<9).map { answer[unit * 9 + $0] }) == digits)
                    #expect(Set((0..<9).map { answer[$0 * 9 + unit] }) == digits)
                    let corner = unit / 3 * 27 + unit % 3 * 3
                    #expect(Set((0..<9).map { answer[corner + $0 / 3 * 9 + $0 % 3] }) == digits)
                }
                solved += 1
            }
            #expect(solved >= 95)
        }

        /// No rule is broken by the givens, but the last cell of row 1 has no digit left.
        @Test func aPuzzleWithoutASolutionComesBackUnsolved() async throws {
            let puzzle = "12345678." + "........9" + String(repeating: ".", count: 63)
            let limits = #""overrides":{"engines":["ptrm"]},"limits":{"max_steps":60}"#
            let line = #"{"id":1,"task":"sudoku","puzzle":"\#(puzzle)",\#(limits)}"# + "\n"
            let result = try await Daemon.run(input: line)
            let reply = try #require(result.replies.first ?? nil)
            #expect(reply["status"] == "unsolved" && reply["stop_reason"] == "step_limit")
            #expect(reply["steps"] == 60 && reply["confidence"]?.doubleValue == 0 && reply["verified"] == false)
            #expect(result.exitCode == 0)
        }

        @Test func contradictoryGivensNameTheirCells() async throws {
            let line = #"{"id":1,"task":"sudoku","puzzle":"5.5"# + String(repeating: ".", count: 78) + "\"}\n"
            let result = try await Daemon.run(input: line)
            let reply = try #require(result.replies.first ?? nil)
            #expect(reply["type"] == "error" && reply["error"]?["code"] == -32602)
            #expect(reply["error"]?["data"]?["cells"] == [[0, 0], [0, 2]])
            #expect(result.exitCode == 1)
        }

        /// `exit code, arguments`.
        @Test(arguments: [
            (2, ["--no-such-option"]), (2, ["--profiles", "/nonexistent.yaml"]), (0, ["--version"]), (0, ["--help"]),
            (3, ["models", "inspect", "/nonexistent.safetensors"]), (0, ["profiles", "show"]), (0, ["models"]),
        ])
        func exitCodes(code: Int, arguments: [String]) async throws {
            #expect(try await Daemon.run(arguments).exitCode == code)
        }

        /// Threads and company do not show in an answer.
        @Test func theSameRequestGivesTheSameBytes() async throws {
            let input = try RepositoryFiles.read("\(RepositoryFiles.root)/examples/puzzles/sudoku.ndjson")
            let first = Array(input.split(separator: 0x0A, maxSplits: 20)[..<20].joined(separator: [0x0A])) + [0x0A]
            let one = try await Daemon.run(["--ordered", "--threads", "1"], input: first)
            let two = try await Daemon.run(["--ordered", "--threads", "2"], input: first)
            #expect(one.output == two.output)
            #expect(one.replies.count == 20)
        }

        /// Nor where rollouts start or go on from each other.
        @Test(arguments: [
            #""K":20,"proposals":{"after":2,"retire":3,"alive":6}"#,
            #""K":6,"ramp":"none","resampling":{"every":1,"min_ess":1}"#,
            #""K":20,"resampling":{"every":2,"min_ess":0.9},"proposals":{"after":4,"mix":["guess","repair"]}"#,
        ])
        func theSameBytesWithWhatRolloutsShare(_ overrides: String) async throws {
            let puzzles = try RepositoryFiles.read("\(RepositoryFiles.root)/examples/puzzles/heyawake.ndjson")
            let tail =
                #","overrides":{"engines":["ptrm"],"q_threshold":null,"check_every":null,"# + overrides
                + #"},"limits":{"max_steps":40},"include":["candidates","trace","violations"]}"#
            let lines = puzzles.split(separator: 0x0A).prefix(2).map {
                Array($0.dropLast()) + Array(tail.utf8) + [0x0A]
            }
            let one = try await Daemon.run(["--ordered", "--threads", "1"], input: lines.flatMap { $0 })
            let three = try await Daemon.run(["--ordered", "--threads", "3"], input: lines.flatMap { $0 })
            #expect(one.output == three.output && one.exitCode == 0)
            #expect(one.replies.allSatisfy { $0?["type"] == "answer" && $0?["steps"] == 40 })
        }
    }
}
