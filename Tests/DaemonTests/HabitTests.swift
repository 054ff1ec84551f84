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

extension DaemonTests {
    /// What people type every time, forget, or mistype.
    @Suite struct HabitTests {
        private static let ping = Sample.ping("1") + "\n"

        /// A daemon on the usual socket and clients that look for it there, by either variable.
        @Test(arguments: [("PTRM_SOCKET", "/own.sock", "/own.sock"), ("XDG_RUNTIME_DIR", "", "/ptrmd.sock")])
        func usualSocket(variable: String, suffix: String, socket: String) async throws {
            let folder = try TemporaryFolder()
            let environment = ["PTRM_SOCKET": "", "XDG_RUNTIME_DIR": ""]
                .merging([variable: folder.path + suffix]) { _, new in new }
            let daemon = try DaemonProcess(["--listen"], environment: environment)
            try await eventually { access(folder.path + socket, F_OK) == 0 }
            let sent = try await Daemon.run(["send"], input: Self.ping, environment: environment)
            #expect(sent.exitCode == 0 && sent.replies.first??["method"] == "ping", "\(sent.errors)")
            #expect(try await Daemon.run(["stats", "--json"], environment: environment).exitCode == 0)
            daemon.signal(SIGTERM)
            #expect(daemon.wait() == .exited(0))
        }

        @Test func noUsualSocket() async throws {
            let environment = ["PTRM_SOCKET": "", "XDG_RUNTIME_DIR": ""]
            for arguments in [["send"], ["stats"], ["--listen"]] {
                let result = try await Daemon.run(arguments, environment: environment)
                #expect(result.exitCode == 2 && result.errors.contains("XDG_RUNTIME_DIR"), "\(result.errors)")
            }
        }

        @Test func profilesAndThreads() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Sample.profiles(named: "mine"), as: "profiles.yaml")
            let request = #"{"id":1,"method":"profiles"}"# + "\n"
            let mine = try await Daemon.run(input: request, environment: ["PTRM_PROFILES": path, "PTRM_THREADS": "1"])
            #expect(mine.replies.first??["profiles"]?.arrayValue?.first?["name"] == "mine")
            // An option stands before its variable.
            let other = try folder.write(Sample.profiles(named: "other"), as: "other.yaml")
            let given = try await Daemon.run(
                ["--profiles", other, "--threads", "1"], input: request,
                environment: ["PTRM_PROFILES": path, "PTRM_THREADS": "many"])
            #expect(given.replies.first??["profiles"]?.arrayValue?.first?["name"] == "other")
            for text in ["many", "0", "-1", "1.5"] {
                let wrong = try await Daemon.run(input: request, environment: ["PTRM_THREADS": text])
                #expect(
                    wrong.exitCode == 2 && wrong.errors.contains("PTRM_THREADS must be from 1 to 1024, not \(text)"))
            }
        }

        @Test(arguments: [
            (["slove", "x"], #"ptrmd has no command "slove"; did you mean solve? (serve, send, "#),
            (["Generate"], "did you mean generate?"), (["profiles", "chekc", "x"], "did you mean check?"),
            (["models", "lits"], "did you mean list?"), (["xyzzy"], #"ptrmd has no command "xyzzy" (serve"#),
        ])
        func misspeltCommands(arguments: [String], message: String) async throws {
            let result = try await Daemon.run(arguments)
            #expect(result.exitCode == 2 && result.errors.contains(message), "\(result.errors)")
            #expect(result.output == "")
        }

        @Test(arguments: [["help", "solve"], ["--help"], ["profiles", "--help"], ["--version"], ["solve", "--help"]])
        func commandsAreFound(arguments: [String]) async throws {
            #expect(try await Daemon.run(arguments).exitCode == 0)
        }

        /// A puzzle where a request should be.
        @Test(arguments: [
            Sample.easy, Sample.contradictory, Sample.easy.replacing(".", with: "0"),
            "https://puzz.link/p?nurikabe/6/6/n3o4r4h3g", "1234341221434321",
        ])
        func typedPuzzle(line: String) async throws {
            let result = try await Daemon.run(input: line + "\n" + Self.ping)
            #expect(result.exitCode == 1)
            let message = result.replies.first??["error"]?["message"]?.stringValue ?? ""
            #expect(message.contains("`ptrmd solve` takes it"), "\(message)")
            #expect(result.replies.last??["method"] == "ping")
        }

        @Test(arguments: ["hello there, how do you do", #"{"id":1,"puzzle":53..7}"#, "53..7", "[1,2,3,4,5,6,7,8,9]"])
        func noTypedPuzzle(line: String) async throws {
            let result = try await Daemon.run(input: line + "\n")
            #expect(result.replies.first??["error"]?["message"]?.stringValue?.contains("ptrmd solve") == false)
        }

        /// A terminal without input looks as if the command hung.
        @Test(arguments: [
            [], ["solve", "-"], ["check", "-"], ["mcp"], ["send", "--socket", "/dev/null/none"],
        ])
        func terminalsAreTold(arguments: [String]) async throws {
            let terminal = try PseudoTerminal()
            async let result = Daemon.shell(
                #""$PTRMD" \#(arguments.joined(separator: " ")) < \#(terminal.path) 2> \#(terminal.path)"#)
            var shown = ""
            try await eventually {
                shown += terminal.shown()
                return shown.contains("from the terminal")
            }
            #expect(shown.contains("ptrmd: reading ") && shown.contains("Ctrl-D ends"))
            try terminal.type("\u{4}")
            #expect(try await result.output == "")
        }

        /// A profiles file's tasks are the tools' tasks, named or not.
        @Test(arguments: [
            ("solve_puzzle", true), ("check_answer", true), ("check_answer", false), ("draw_puzzle", false),
        ])
        func agentsKnowDeclaredTasks(tool: String, isNamed: Bool) async throws {
            let rows = ["123456", "234561", "345612", "456123", "561234", "612345"]
            var arguments: JSONObject = ["puzzle": .string((["......"] + rows.dropFirst()).joined(separator: "\n"))]
            if isNamed { arguments["task"] = "latin6" }
            if tool != "solve_puzzle" { arguments["answer"] = .string(rows.joined(separator: "\n")) }
            let message: JSON = [
                "jsonrpc": "2.0", "id": 1, "method": "tools/call",
                "params": [
                    "name": .string(tool), "arguments": .object(arguments),
                    "_meta": [
                        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                        "io.modelcontextprotocol/clientCapabilities": [:],
                    ],
                ],
            ]
            let profiles = RepositoryFiles.root + "/examples/tasks/profiles.yaml"
            let result = try await Daemon.run(["mcp", "--profiles", profiles], input: message.text + "\n")
            let reply = try JSON(parsing: result.output)["result"]?["structuredContent"]
            #expect(reply?["task"] == "latin6", "\(result.output)")
            if tool == "solve_puzzle" { #expect(reply?["answer"] == .string(rows.joined(separator: "\n"))) }
            if tool == "check_answer" { #expect(reply?["valid"] == true) }
        }

        /// Where stdin or stderr is no terminal nothing is said.
        @Test func pipesAreNotTold() async throws {
            #expect(try await Daemon.run(input: Self.ping).errors == "")
        }

        @Test func exitCodes() async throws {
            let bad = "nonsense\n"
            let unsolved = Sample.solve("1", Sample.unsolvable) + "\n"
            for (arguments, input, code) in [
                ([], bad, 1), (["--fail-on", "none"], bad, 0), (["--fail-on", "unsolved"], bad, 1), ([], unsolved, 0),
                (["--fail-on", "unsolved"], unsolved, 1), (["--fail-on", "none"], unsolved, 0),
                (["solve", "--fail-on", "none", "-"], bad, 0), (["solve", "-"], bad, 1),
                (["solve", "--fail-on", "unsolved", "-"], unsolved, 1),
                (["solve", "--fail-unsolved", "-"], unsolved, 1),
                (["solve", "-"], unsolved, 0),
            ] {
                let result = try await Daemon.run(arguments, input: input)
                #expect(result.exitCode == code, "\(arguments): \(result.output) \(result.errors)")
            }
            let daemon = try SocketDaemon()
            try daemon.stats()
            for (failOn, code) in [("none", 0), ("error", 1), ("unsolved", 1)] {
                let result = try await Daemon.run(
                    ["send", "--socket", daemon.path, "--fail-on", failOn], input: failOn == "unsolved" ? unsolved : bad
                )
                #expect(result.exitCode == code)
            }
        }

        @Test func jsonLogs() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Sample.profiles(named: "first"), as: "profiles.yaml")
            let arguments = ["--profiles", path, "--log-format", "json", "--log-level", "info"]
            let result = try await Daemon.converse(arguments) { daemon in
                _ = try await daemon.ask(Sample.ping("1"))
                try folder.write(Sample.profiles(named: "third", "K: none"), as: "profiles.yaml")
                daemon.signal(SIGHUP)
                try await eventually { try daemon.errors.contains("not reloaded") }
            }
            let lines = try result.errors.split(separator: "\n").map { try JSON(parsing: String($0)) }
            let line = try #require(lines.first { $0["level"] == "error" })
            #expect(line["message"]?.stringValue?.hasPrefix("profiles not reloaded") == true)
            #expect(line["metadata"]?["problems"] != nil && line["time"]?.stringValue?.hasSuffix("Z") == true)
            let failed = try await Daemon.run(["--log-format", "json", "--profiles", "/nothing/here.yaml"])
            #expect(failed.exitCode == 2)
            #expect(try JSON(parsing: failed.errors)["level"] == "critical")
        }

        /// A task that is known and has no model says how one comes by one.
        @Test func wayToModel() async throws {
            let request = #"{"id":1,"task":"arc","puzzle":{"name":"x","train":[],"test":[]}}"# + "\n"
            let error = try await Daemon.run(input: request).replies.first??["error"]
            #expect(error?["message"]?.stringValue?.contains("`ptrmd import` makes one") == true)
            let misspelt = #"{"id":1,"task":"suduko","puzzle":"1"}"# + "\n"
            let other = try await Daemon.run(input: misspelt).replies.first??["error"]
            #expect(other?["message"]?.stringValue?.contains("import") == false)
        }
    }
}
