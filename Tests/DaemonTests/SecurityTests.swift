import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// The sentences of SECURITY.md. What other suites hold to is named at the end.
    @Suite struct SecurityTests {
        /// A request names no file and starts no program.
        @Test(arguments: [
            "model", "ldt_model", "task", "tasks", "precision", "preload", "calibration", "description", "verifier",
            "command",
        ])
        func overridesAreSearchSettingsAlone(key: String) async throws {
            let request = Sample.solve("1", Sample.easy, #""overrides":{"\#(key)":"/etc/passwd"}"#)
            let result = try await Daemon.run([], input: request + "\n")
            let reply = try #require(result.replies.first ?? nil)
            #expect(reply.errorCode == -32602 && reply.errorField == "overrides.\(key)", "\(result.output)")
        }

        @Test(arguments: ["/etc/passwd", "../x.yaml", "sudoku\\u0000"])
        func aProfileIsAName(name: String) async throws {
            let request = #"{"id":1,"profile":"\#(name)","puzzle":"\#(Sample.easy)"}"#
            let result = try await Daemon.run([], input: request + "\n")
            #expect((result.replies.first ?? nil)?.errorField == "profile", "\(result.output)")
        }

        /// A line costs one error, whatever is wrong with it, and nothing else is lost.
        @Test(
            arguments: [
                (String(repeating: " ", count: 1 << 20) + "{}", 413),
                (#"{"id":0,"puzzle":"# + String(repeating: "[", count: 100_000), -32700),
                (Sample.solve("0", Sample.easy, #""overrides":{"K":1000000000}"#), -32602),
                (Sample.solve("0", Sample.easy, #""limits":{"max_steps":-1}"#), -32602),
                (Sample.solve("0", String(repeating: "1", count: 200_000)), -32602),
                (#"{"id":0,"task":"lightup","puzzle":[\#(String(repeating: "[0],", count: 200))[0]]}"#, -32602),
                (
                    #"{"id":0,"task":"arc","puzzle":{"name":"a","test":["#
                        + String(repeating: #"{"input":[[1]]},"#, count: 100) + #"{"input":[[1]]}]}}"#, -32602
                ),
            ] as [(String, Int64)])
        func aLineCostsOneError(line: String, code: Int64) async throws {
            let result = try await Daemon.run([], input: line + "\n" + Sample.ping("9") + "\n")
            let replies = try Replies.checked(result.output)
            #expect(replies.count == 2 && replies[0].errorCode == code && replies[1]["id"] == 9, "\(result.output)")
            #expect(result.output.utf8.count < 4096)
        }

        /// A megabyte of spaces is read, and not more than read.
        @Test func spacesCostNoMoreThanTheirBytes() async throws {
            let spaces = String(repeating: " ", count: 500_000)
            let result = try await Daemon.run([], input: Sample.solve("1", spaces + Sample.easy + spaces) + "\n")
            #expect((result.replies.first ?? nil)?["answer"] == .string(Sample.easyAnswer), "\(result.errors)")
        }

        /// It is told in few words, and the old profiles stay (`SignalTests.sighupReadsTheProfilesAgain`).
        @Test(arguments: [
            String(repeating: "a: {", count: 1000), String(repeating: "- [", count: 40), "a: &x 1\nb: *x\n",
            "version: 1\nprofiles:\n" + String(repeating: "  x: [1]\n", count: 40_000),
            String(repeating: "#", count: 2 << 20),
        ])
        func aProfilesFileIsBounded(text: String) async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(text, as: "p.yaml")
            let result = try await Daemon.run(["--profiles", path])
            #expect(result.exitCode == 2 && result.errors.contains("p.yaml"), "\(result.errors.prefix(500))")
            #expect(result.errors.utf8.count < 64 << 10)
        }

        // A client that does not read: SocketsLoadTests, SchedulingTests/MemoryTests.aHeldClientsJobsWait. One that
        // goes away: OrphanTests, SocketsBasicTests. Who may not connect: SocketsCommandTests.usersAreChecked. Many
        // requests: SchedulingTests/FairnessTests. Memory: MemoryLimitTests, SchedulingTests/MemoryTests. Files of
        // puzzles and what is shown: FileInputTests. Models: CheckpointsTests/FuzzTests, PickleTests, TorchFileTests.
        // Logs: UnreadErrorsTests. Tables, arrays, ARC's files: DatasetsTests, JSONMembersTests. Verifiers: VerifierTests.
        // Scrapes: MetricsServingTests. Pages: EvaluationCommandTests.aPageHoldsWhatLinesSay, EscapedTextTests. Little memory:
        // MemoryLimitTests.noLimitIsTooNarrowToTell. Clauses: ExactSearchTests. Puzzles in hand:
        // SchedulingTests/MemoryTests.puzzlesThatWaitHaveAPart.
    }
}
