import JSON
import SystemPackage
import TestSupport
import Testing

extension DaemonTests {
    /// Input of every kind, and readers that go away.
    @Suite struct StandardStreamTests {
        private let examples = RepositoryFiles.root + "/examples/puzzles/sudoku.ndjson"

        @Test func aPipeThatStaysOpenGetsEachAnswerAtOnce() async throws {
            let result = try await Daemon.converse { daemon in
                for id in ["1", "2", "3"] {
                    // The next line is sent only when the answer to this one is there.
                    let answer = try await daemon.ask(Sample.solve(id))
                    #expect(answer["id"]?.text == id && answer["answer"] == .string(Sample.easyAnswer))
                }
                // A line without its end is not answered before the input ends.
                try await daemon.send(bytes: Array(Sample.ping("4").utf8))
            }
            #expect(try Replies.checked(result.output).map { $0["id"] } == [4])
            #expect(result.exitCode == 0)
        }

        @Test func aTerminal() async throws {
            let terminal = try PseudoTerminal()
            let result = try await Daemon.attach(input: terminal.duplicate()) { daemon in
                try terminal.type(Sample.solve("1") + "\n")
                let answer = try await daemon.next()
                #expect(answer["answer"] == .string(Sample.easyAnswer))
                try terminal.type(Sample.ping("2") + "\n")
                let pong = try await daemon.next()
                #expect(pong["id"] == 2)
                try terminal.type("\u{4}")
            }
            #expect(result.output == "" && result.exitCode == 0)
        }

        @Test func aRegularFile() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Sample.solve("1") + "\n" + Sample.ping("2"), as: "lines.ndjson")
            let result = try await Daemon.attach(input: .open(FilePath(path), .readOnly))
            let replies = try Replies.byID(result.output)
            #expect(replies["1"]?["answer"] == .string(Sample.easyAnswer) && replies["2"]?["type"] == "result")
            #expect(result.exitCode == 0)
        }

        @Test(arguments: ["/dev/null", "empty"])
        func nothingToRead(kind: String) async throws {
            let folder = try TemporaryFolder()
            let path = kind == "empty" ? try folder.write("", as: kind) : kind
            let result = try await Daemon.attach(input: .open(FilePath(path), .readOnly))
            #expect(result.output == "" && result.errors == "" && result.exitCode == 0)
        }

        /// A closed descriptor's number must not become something of the runtime's.
        @Test(arguments: ["<&- >&-", "<&- 2>&-", ">&-", "<&- >&- 2>&-"])
        func closedStreams(redirections: String) async throws {
            let result = try await Daemon.shell(
                "echo '\(Sample.ping("1"))' | { \"$PTRMD\" \(redirections); echo \"exit $?\"; }")
            #expect(result.output == "exit 1\n", "\(result.output)")
            if !redirections.contains("2>") {
                let stream = redirections.contains("<") ? "stdin cannot be read" : "stdout cannot be written"
                #expect(result.errors == "ptrmd: \(stream): Bad file descriptor\n", "\(result.errors)")
            }
        }

        @Test(arguments: ["<&-", "< /"])
        func inputThatCannotBeRead(redirection: String) async throws {
            let result = try await Daemon.shell("\"$PTRMD\" \(redirection)")
            #expect(result.output == "" && result.exitCode != 0)
            #expect(result.errors.contains("stdin"), "\(result.errors)")
        }

        /// Much is still to be solved when the reader has seen enough; the exit is soon and quiet.
        @Test func aReaderThatGoesAwayEndsTheRun() async throws {
            let result = try await Daemon.shell(
                "{ \"$PTRMD\" < '\(examples)'; echo \"exit $?\" >&2; } | head -n 1")
            #expect(try Replies.checked(result.output).count == 1)
            #expect(result.errors == "exit 0\n")
        }

        /// The same with input that never ends: nothing but the closed output can end the run.
        @Test func aReaderThatGoesAwayWhileInputIsOpen() async throws {
            let script = """
                { while :; do echo '{"id":1,"method":"ping"}' || exit; done; } 2>/dev/null |
                { "$PTRMD"; echo "exit $?" >&2; } | head -n 3
                """
            let result = try await Daemon.shell(script)
            #expect(try Replies.checked(result.output).count == 3)
            #expect(result.errors == "exit 0\n")
        }

        @Test func itRunsFromAnyFolder() async throws {
            let result = try await Daemon.run(input: Sample.solve("1"), workingDirectory: "/")
            #expect(try Replies.checked(result.output).first?["answer"] == .string(Sample.easyAnswer))
        }
    }
}
