import JSON
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Python with the package of `examples/`, which has not been installed.
private let packagedPython = #"PYTHONPATH="$E/python/src" python3 -B"#

extension DaemonTests {
    /// The clients, pipelines and units of `examples/`, each where its tool is on the machine.
    @Suite struct SocketsExampleTests {
        private static let examples = RepositoryFiles.root + "/examples"

        /// Runs a client's command line (`$S` the socket, `$F` the file) on good and bad lines.
        private static func exercise(_ command: String, _ place: SourceLocation = #_sourceLocation) async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            let lines = try Sample.exampleLines()[..<10].map { String($0.dropLast()) + #","limits":{"max_steps":2}}"# }
            let good = try daemon.folder.write(lines.joined(separator: "\n") + "\n", as: "good")
            let bad = try daemon.folder.write(lines[0] + "\n" + #"{"task":"sudoku","puzzle":"12"}"# + "\n", as: "bad")
            let result = try await Daemon.shell(command, environment: ["S": daemon.path, "F": good, "E": examples])
            #expect(result.exitCode == 0, "\(result.errors)", sourceLocation: place)
            let ids = result.output.split(separator: "\n").compactMap {
                try? JSON(parsing: String($0))["id"]?.stringValue
            }
            #expect(Set(ids) == Set((1...10).map { "minimal-\($0)" }) && ids.count == 10, sourceLocation: place)
            let failed = try await Daemon.shell(command, environment: ["S": daemon.path, "F": bad, "E": examples])
            #expect(failed.exitCode == 1, "\(failed.errors)", sourceLocation: place)
            #expect(failed.output.split(separator: "\n").count == 2, sourceLocation: place)
        }

        @Test(.enabled(if: Tools.has("python3"), "there is no python3 here: not run")) func python() async throws {
            try await Self.exercise(#"\#(packagedPython) -m ptrm "$S" "$F""#)
        }

        @Test(.enabled(if: Tools.has("python3"), "there is no python3 here: not run")) func pythonsOwnTests()
            async throws
        {
            let result = try await Daemon.shell(
                #"\#(packagedPython) -m unittest discover -s "$E/python/tests" -p "test_[ap]*.py" 2>&1"#,
                environment: ["E": Self.examples]
            )
            #expect(result.exitCode == 0, "\(result.output)")
            #expect(result.output.contains("Ran 24 tests"), "\(result.output)")
        }

        @Test(.enabled(if: Tools.has("node"), "there is no node here: not run")) func node() async throws {
            try await Self.exercise(#"node "$E/clients/client.mjs" "$S" "$F""#)
        }

        /// A line that is no request costs itself alone; what is not there is told in one line.
        @Test(
            .enabled(if: Tools.has("python3") && Tools.has("node"), "python3 or node is not here: not run"),
            arguments: [#"\#(packagedPython) -m ptrm"#, #"node "$E/clients/client.mjs""#])
        func mistakesOfTheCaller(client: String) async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            let deep = String(repeating: "[", count: 200_000)
            let lines = [Sample.ping("1"), "nonsense", "[1]", deep, Sample.ping("2")].joined(separator: "\n") + "\n"
            let file = try daemon.folder.write(lines, as: "lines")
            let environment = ["E": Self.examples, "S": daemon.path, "F": file]
            let result = try await Daemon.shell("\(client) \"$S\" \"$F\"", environment: environment)
            #expect(result.output.split(separator: "\n").count == 2 && result.exitCode == 1)
            #expect(result.errors.contains("line 2: ") && result.errors.contains("line 3: "), "\(result.errors)")
            for command in [#""$S" "$F".none"#, #""$S".none "$F""#] {
                let result = try await Daemon.shell("\(client) \(command)", environment: environment)
                #expect(result.output == "" && result.exitCode == 2)
                #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
                #expect(result.errors.contains(".none"), "\(result.errors)")
            }
        }

        /// A queue that is full is waited for, what the daemon ignored is told, and a daemon without room for another client
        /// is no success.
        @Test(
            .enabled(if: Tools.has("python3") && Tools.has("node"), "python3 or node is not here: not run"),
            arguments: [#"\#(packagedPython) -m ptrm"#, #"node "$E/clients/client.mjs""#])
        func manners(client: String) async throws {
            try await Self.manners(of: "\(client) \"$S\" \"$F\"")
        }

        private static func manners(of client: String) async throws {
            let daemon = try SocketDaemon("--max-queue", "2", "--max-clients", "2")
            let first = try daemon.connect()
            _ = try first.ask(Sample.ping("1"))
            let line = Sample.solve("1", Sample.easy, #""limit":{"max_steps":1}"#).replacing("\"id\":1,", with: "")
            let many = try daemon.folder.write(String(repeating: line + "\n", count: 40), as: "many")
            let environment = ["E": examples, "S": daemon.path, "F": many]
            let result = try await Daemon.shell(client, environment: environment)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.output.split(separator: "\n").filter { $0.contains(#""status":"solved""#) }.count == 40)
            #expect(result.errors.contains("limit"), "\(result.errors)")
            let second = try daemon.connect()
            _ = try second.ask(Sample.ping("1"))
            let refused = try await Daemon.shell(client, environment: environment)
            #expect(refused.exitCode == 1 && refused.output == "", "\(refused.output)")
            #expect(refused.errors.contains("no more are taken"), "\(refused.errors)")
        }

        @Test(.enabled(if: Tools.has("swiftc"), "there is no swiftc here: not run")) func swift() async throws {
            let folder = try TemporaryFolder()
            let build = try await Daemon.shell(
                #"swiftc -swift-version 6 -Onone "$E/clients/Client.swift" -o "$O""#,
                environment: ["E": Self.examples, "O": folder.file("client")])
            #expect(build.exitCode == 0, "\(build.errors)")
            let client = "\(folder.file("client")) \"$S\" \"$F\""
            try await Self.exercise(client)
            try await Self.manners(of: client)
            // More lines than the daemon takes at once from one client.
            let daemon = try SocketDaemon("--max-in-flight", "64")
            _ = try daemon.connect().ask(Sample.ping("1"))
            let line = Sample.solve("1", Sample.unsolvable, #""limits":{"max_steps":1}"#).replacing(
                "\"id\":1,", with: "")
            let many = try daemon.folder.write(String(repeating: line + "\n\n", count: 300), as: "many")
            let result = try await Daemon.shell(client, environment: ["S": daemon.path, "F": many])
            #expect(result.output.split(separator: "\n").count == 300 && result.exitCode == 0, "\(result.errors)")
            // A daemon that dies leaves requests without an answer.
            let endless = try daemon.folder.write(Sample.endlessSolve("1"), as: "endless")
            let end = daemon.folder.file("end")
            _ = try await Daemon.shell(
                "{ \(client) 2>&1; echo \"exit $?\"; } >\"$O\" &",
                environment: ["S": daemon.path, "F": endless, "O": end])
            try daemon.stats { $0["rollouts_alive"] != 0 }
            daemon.process.signal(SIGKILL)
            let message = "client: the daemon closed the connection, 1 requests are not answered\nexit 1\n"
            try await eventually { String(decoding: try RepositoryFiles.read(end), as: UTF8.self) == message }
        }

        @Test(.enabled(if: Tools.has("socat") || Tools.has("nc"), "there is neither socat nor nc here: not run"))
        func shell() async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            let result = try await Daemon.shell(
                #"sh "$E/clients/line.sh" "$S" "$L""#,
                environment: ["E": Self.examples, "S": daemon.path, "L": Sample.solve("1")])
            #expect(try JSON(parsing: String(result.output.dropLast()))["status"] == "solved", "\(result.errors)")
        }

        @Test(.enabled(if: Tools.has("python3"), "there is no python3 here: not run")) func agentLoop() async throws {
            let result = try await Daemon.shell(
                #"\#(packagedPython) "$E/pipelines/agent_loop.py" "$PTRMD""#, environment: ["E": Self.examples])
            #expect(result.exitCode == 0 && result.output.contains("race: solved"), "\(result.output)\(result.errors)")
        }

        @Test(.enabled(if: Tools.has("parallel"), "there is no GNU parallel here: not run"))
        func manyMachines() async throws {
            let folder = try TemporaryFolder()
            // A bad line is no machine's fault: its block is not tried again.
            let lines = try Sample.exampleLines() + ["nonsense"]
            let file = try folder.write(lines.joined(separator: "\n") + "\n", as: "lines")
            let command = #"sh "$E/pipelines/parallel.sh" "$F""#
            let result = try await Daemon.shell(command, environment: ["E": Self.examples, "F": file])
            #expect(result.exitCode == 0 && result.output.split(separator: "\n").count == 101, "\(result.errors)")
            #expect(result.output.split(separator: "\n").filter { $0.contains(#""type":"error""#) }.count == 1)
            // One that answers nothing is, and says so in the end.
            let failed = try await Daemon.shell("PTRMD=true \(command)", environment: ["E": Self.examples, "F": file])
            #expect(failed.exitCode != 0 && failed.output.isEmpty, "\(failed.output)")
        }

        @Test(.enabled(if: Tools.has("systemd-analyze"), "there is no systemd-analyze here: not run"))
        func units() async throws {
            let result = try await Daemon.shell(
                #"systemd-analyze verify "$E/systemd/ptrmd.socket" "$E/systemd/ptrmd.service" 2>&1"#,
                environment: ["E": Self.examples])
            #expect(!result.output.contains("Unknown"), "\(result.output)")
        }

        /// What the unit starts is a command line that the program takes.
        @Test func theUnitsCommandLineIsValid() async throws {
            let unit = String(
                decoding: try RepositoryFiles.read(Self.examples + "/systemd/ptrmd.service"), as: UTF8.self)
            let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
            var words = line.split(separator: " ").dropFirst().map(String.init)
            let index = try #require(words.firstIndex(of: "--metrics-socket"))
            let folder = try TemporaryFolder()
            words[index + 1] = folder.file("m")
            let result = try await Daemon.run(words, input: Sample.ping("1"))
            #expect(result.exitCode == 0 && result.replies.count == 1, "\(result.errors)")
        }
    }
}
