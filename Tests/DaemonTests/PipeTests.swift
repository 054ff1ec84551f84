import TestSupport
import Testing

extension DaemonTests {
    /// Pipes that another process has put into non-blocking mode.
    @Suite struct PipeTests {
        /// Commands whose input or output is longer than a pipe holds.
        @Test(
            arguments: [
                (["solve", "-"], Sample.easy + "\n"),
                (
                    ["check", "-"],
                    String(
                        repeating:
                            #"{"task":"sudoku","puzzle":"\#(Sample.easy)","answer":"\#(Sample.easyAnswer)"}"# + "\n",
                        count: 2500)
                ),
                (["draw", "-"], String(repeating: Sample.easy + "\n", count: 400)),
                (["generate", "--task", "maze", "--size", "12x12", "--count", "200"], ""),
                (["--ordered"], String(repeating: #"{"method":"profiles"}"# + "\n", count: 40)),
            ] as [([String], String)])
        func slowWritersAndReadersAreWaitedFor(arguments: [String], input: String) async throws {
            let expected = try await Daemon.run(arguments, input: input)
            let slow = try Daemon.runOnSlowPipes(arguments, input: Array(input.utf8))
            #expect(slow.exitCode == expected.exitCode && expected.exitCode == 0, "\(slow.errors)\(expected.errors)")
            #expect(slow.output == expected.output)
        }

        /// Its times differ from run to run.
        @Test func evalWaitsForItsLines() throws {
            let line = #"{"task":"sudoku","puzzle":"\#(Sample.easy)","solution":"\#(Sample.easyAnswer)"}"# + "\n"
            let slow = try Daemon.runOnSlowPipes(
                ["eval", "-", "--K", "1", "--D", "1", "--json"], input: Array(line.utf8))
            #expect(slow.exitCode == 0 && slow.errors.isEmpty && !slow.output.isEmpty, "\(slow.errors)")
        }

        @Test func sendWaitsForThemToo() async throws {
            let daemon = try SocketDaemon("--threads", "1")
            _ = try daemon.connect().ask(#"{"method":"ping"}"#)
            let input = String(repeating: #"{"method":"profiles"}"# + "\n", count: 40)
            let arguments = ["send", "--socket", daemon.path]
            let expected = try await Daemon.run(arguments, input: input)
            let slow = try Daemon.runOnSlowPipes(arguments, input: Array(input.utf8))
            #expect(slow.exitCode == 0 && expected.exitCode == 0, "\(slow.errors)\(expected.errors)")
            #expect(slow.output == expected.output && slow.output.utf8.count > 1 << 16)
        }
    }
}
