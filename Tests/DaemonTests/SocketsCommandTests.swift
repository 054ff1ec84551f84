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
    /// `ptrmd send`, `ptrmd stats`, and metrics.
    @Suite struct SocketsCommandTests {
        @Test func sendPrintsTheAnswersOfAFile() async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            let lines = try Sample.exampleLines()[..<8].map { String($0.dropLast()) + #","limits":{"max_steps":4}}"# }
            let file = try daemon.folder.write(lines.joined(separator: "\n"), as: "puzzles")
            let sent = try await Daemon.run(["send", "--socket", daemon.path, "--window", "3", file])
            #expect(sent.exitCode == 0 && sent.errors.isEmpty)
            let here = try await Daemon.run([], input: lines.joined(separator: "\n"))
            #expect(
                sent.output.split(separator: "\n").sorted() == here.output.split(separator: "\n").sorted())
        }

        /// The daemon counts lines as the file does.
        @Test func sendKeepsBlankLines() async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            let input = Sample.ping("1") + "\n\n \n" + Sample.ping("2") + "\n"
            let sent = try await Daemon.run(["send", "--socket", daemon.path], input: input)
            #expect(sent.replies.map { $0?["line"] } == [1, 4])
        }

        @Test func sendTellsWhichEndFailed() async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            let folder = try await Daemon.run(["send", "--socket", daemon.path, "/"])
            #expect(folder.exitCode == 1 && folder.errors.contains("/ cannot be read: "), "\(folder.errors)")
            let full = try await Daemon.shell(
                "echo '\(Sample.ping("1"))' | \"$PTRMD\" send --socket \(daemon.path) >/dev/full")
            #expect(full.exitCode == 1 && full.errors.contains("stdout cannot be written: "), "\(full.errors)")
        }

        @Test func sendsExitCodes() async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            let none = try await Daemon.run(["send", "--socket", daemon.path], input: "\n\n")
            #expect(none.exitCode == 0 && none.output.isEmpty)
            let bad = try await Daemon.run(["send", "--socket", daemon.path], input: "nonsense\n" + Sample.ping("1"))
            #expect(bad.exitCode == 1 && bad.output.split(separator: "\n").count == 2)
            let nowhere = try await Daemon.run(["send", "--socket", daemon.path + "x"], input: Sample.ping("1"))
            #expect(nowhere.exitCode == 2 && nowhere.errors.contains("no connection to a daemon"))
            let noFile = try await Daemon.run(["send", "--socket", daemon.path, "/nonexistent"])
            #expect(noFile.exitCode == 2)
            // Nobody reads on: it ends, and the daemon lives.
            let cut = try await Daemon.shell(
                #"yes '{"method":"ping"}' | "$PTRMD" send --socket "$S" | head -1"#, environment: ["S": daemon.path])
            #expect(cut.output.hasPrefix(#"{"type":"result""#))
            #expect(try daemon.connect().ask(Sample.ping("1"))["type"] == "result")
        }

        @Test func sendSaysWhenTheDaemonGoesAway() async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            async let sent = Daemon.run(["send", "--socket", daemon.path], input: Sample.endlessSolve("1"))
            try await eventually { try daemon.stats()["rollouts_alive"] != 0 }
            daemon.process.signal(SIGKILL)
            #expect(try await sent.exitCode == 1)
            #expect(try await sent.errors.contains("1 lines were not answered"))
        }

        @Test func statsForPeopleAndPrograms() async throws {
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.solve("1"))
            let table = try await Daemon.run(["stats", "--socket", daemon.path])
            #expect(table.exitCode == 0)
            for text in [
                "\nanswers", "\nqueued", "\nsteps per second", "\nbatch occupancy", "\nlatency ms", "\nsudoku",
            ] {
                #expect(table.output.contains(text), "\(table.output)")
            }
            let json = try await Daemon.run(["stats", "--socket", daemon.path, "--json"])
            let stats = try JSON(parsing: String(json.output.dropLast()))
            #expect(stats["answers"] == 1 && stats[at: "profiles", "sudoku", "solved"] == 1)
            #expect(try await Daemon.run(["stats", "--socket", daemon.path + "x"]).exitCode == 2)
        }

        private static func value(_ name: String, _ exposition: String) -> String? {
            exposition.split(separator: "\n").first { $0.hasPrefix(name + " ") }?.split(separator: " ").last.map(
                String.init)
        }

        private static func scrape(_ path: String) throws -> String {
            let scraper = try SocketConversation(path)
            try scraper.send(bytes: Array("GET /metrics HTTP/1.1\r\nHost: ptrmd\r\n\r\n".utf8))
            return try scraper.rest().joined(separator: "\n")
        }

        /// A profile that goes and comes back takes its answers up again.
        @Test func metricsOfAProfileThatReturns() throws {
            let folder = try TemporaryFolder()
            let profile = { (name: String) in "  \(name): {task: sudoku, model: sudoku-9x9}\n" }
            let file = try folder.write("version: 1\nprofiles:\n" + profile("a") + profile("b"), as: "p.yaml")
            let daemon = try SocketDaemon(
                "--metrics-socket", folder.file("ms"), "--profiles", file, folder: folder)
            let client = try daemon.connect()
            let solve = #"{"id":1,"profile":"b","puzzle":"\#(Sample.easy)"}"#
            #expect(try client.ask(solve)["status"] == "solved")
            let name = #"ptrmd_answers_total{profile="b",status="solved"}"#
            #expect(Self.value(name, try Self.scrape(folder.file("ms"))) == "1")
            for profiles in [profile("a"), profile("a") + profile("b")] {
                _ = try folder.write("version: 1\nprofiles:\n" + profiles, as: "p.yaml")
                #expect(try client.ask(#"{"method":"reload"}"#)["reloaded"] == true)
                #expect(Self.value(name, try Self.scrape(folder.file("ms"))) == "1")
            }
            #expect(try client.ask(solve)["status"] == "solved")
            #expect(Self.value(name, try Self.scrape(folder.file("ms"))) == "2")
        }

        @Test func metricsInAFileAndOnASocket() throws {
            let folder = try TemporaryFolder()
            let daemon = try SocketDaemon(
                "--metrics-file", folder.file("m"), "--metrics-socket", folder.file("ms"), "--metrics-interval", "0.1",
                folder: folder)
            let client = try daemon.connect()
            for id in 1...3 { #expect(try client.ask(Sample.solve("\(id)"))["status"] == "solved") }
            #expect(try client.ask("nonsense")["type"] == "error")
            for _ in 0..<2 {  // Asking does not change the numbers.
                let text = try Self.scrape(folder.file("ms"))
                #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
                #expect(Self.value("ptrmd_lines_total", text) == "4")
                #expect(Self.value(#"ptrmd_replies_total{type="answer"}"#, text) == "3")
                #expect(Self.value(#"ptrmd_replies_total{type="error"}"#, text) == "1")
                #expect(Self.value(#"ptrmd_answers_total{profile="sudoku",status="solved"}"#, text) == "3")
                #expect(Self.value(#"ptrmd_request_duration_seconds_count{profile="sudoku"}"#, text) == "3")
                #expect(text.contains("# TYPE ptrmd_request_duration_seconds histogram"))
                #expect(text.contains("# HELP ptrmd_steps_total Supervision steps done."))
            }
            var text = ""
            for _ in 0..<3000 {
                text = String(decoding: try RepositoryFiles.read(folder.file("m")), as: UTF8.self)
                #expect(text.hasSuffix("\n"), "half a file")
                if Self.value("ptrmd_lines_total", text) == "4" { break }
                usleep(20_000)
            }
            #expect(Self.value("ptrmd_lines_total", text) == "4")
            daemon.process.signal(SIGTERM)
            #expect(daemon.process.wait() == .exited(0))
            text = String(decoding: try RepositoryFiles.read(folder.file("m")), as: UTF8.self)
            #expect(Self.value("ptrmd_draining", text) == "1")
            #expect(access(folder.file("ms"), F_OK) != 0)
        }

        /// The rename would put a pipe, or a device, out of the way.
        @Test func aMetricsFileReplacesNothingElse() async throws {
            let folder = try TemporaryFolder()
            #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
            let result = try await Daemon.run(["--metrics-file", folder.file("pipe")])
            #expect(result.exitCode == 2 && result.errors.contains("expected a regular file"), "\(result.errors)")
            var status = stat()
            #expect(stat(folder.file("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
        }

        @Test func metricsThatCannotBeWrittenAreToldOnce() throws {
            let folder = try TemporaryFolder()
            #expect(mkdir(folder.file("d"), 0o700) == 0)
            let daemon = try SocketDaemon(
                "--metrics-file", folder.file("d/m"), "--metrics-interval", "0.1", folder: folder)
            for _ in 0..<3000 where access(folder.file("d/m"), F_OK) != 0 { usleep(20_000) }
            // The writer may be at work in there.
            for _ in 0..<1000 where rmdir(folder.file("d")) != 0 {
                unlink(folder.file("d/m"))
                usleep(1000)
            }
            #expect(access(folder.file("d"), F_OK) != 0)
            for _ in 0..<3000 where !daemon.process.errors.contains("metrics not written") { usleep(20_000) }
            usleep(300_000)
            let told = daemon.process.errors.split(separator: "\n").filter { $0.contains("metrics not written") }
            #expect(told.count == 1 && told[0].contains("--metrics-file"), "\(daemon.process.errors)")
        }

        @Test(.enabled(if: Tools.has("curl"), "there is no curl here: not run"))
        func curlReadsTheMetrics() async throws {
            let folder = try TemporaryFolder()
            let daemon = try SocketDaemon("--metrics-socket", folder.file("ms"), folder: folder)
            _ = try daemon.connect().ask(Sample.ping("1"))
            let result = try await Daemon.shell(
                #"curl -sS --fail --unix-socket "$S" http://ptrmd/metrics"#, environment: ["S": folder.file("ms")])
            #expect(result.exitCode == 0 && result.output.contains("\nptrmd_lines_total 1\n"), "\(result.errors)")
        }
    }
}
