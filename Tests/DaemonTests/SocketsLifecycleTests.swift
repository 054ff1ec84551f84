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
    /// Signals, files and restarts of a daemon on sockets.
    @Suite struct SocketsLifecycleTests {
        private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

        @Test func termDuringLoadRefusesWhatWaitsAndEndsWhatRuns() throws {
            let daemon = try SocketDaemon("--threads", "1", "--drain-timeout", "5")
            let client = try daemon.connect()
            for id in 0..<60 { try client.send(Sample.endlessSolve("\(id)")) }
            try daemon.stats { $0["in_flight"] == 60 && $0["steps"]?.integerValue ?? 0 > 100 }
            daemon.process.signal(SIGTERM)
            // A line that comes while it drains is refused.
            var refused = 0
            var ended = 0
            let first = try client.next()
            #expect(first.errorCode == 503)
            try client.send(Sample.solve("1000"))
            for reply in [first] + (try client.rest().map { try Replies.checked(line: $0) }) {
                if reply.errorCode == 503 { refused += 1 }
                if reply["stop_reason"] == "shutdown" {
                    ended += 1
                    #expect(reply["answer"]?.stringValue?.utf8.count == 81)
                }
            }
            #expect(refused >= 2 && ended >= 1 && refused + ended == 61)
            #expect(daemon.process.wait() == .exited(0))
            #expect(!Self.exists(daemon.path) && !Self.exists(daemon.path + ".lock"))
        }

        @Test func termWithNothingToDoEndsAtOnceAlsoWithIdleClients() throws {
            let daemon = try SocketDaemon()
            let client = try daemon.connect()
            #expect(try client.ask(Sample.ping("1"))["type"] == "result")
            daemon.process.signal(SIGTERM)
            #expect(try client.line() == nil)
            #expect(daemon.process.wait() == .exited(0))
            #expect(!Self.exists(daemon.path))
        }

        /// A search that would end by itself may, when the drain timeout allows.
        @Test func termDuringASearchLetsItEnd() throws {
            let daemon = try SocketDaemon("--drain-timeout", "60")
            let client = try daemon.connect()
            let alone = #""overrides":{"engines":["ptrm"]},"limits":{"max_steps":60}"#
            try client.send(Sample.solve("1", Sample.unsolvable, alone))
            try daemon.stats { $0["rollouts_alive"] != 0 || $0["answers"] != 0 }
            daemon.process.signal(SIGTERM)
            #expect(try client.next()["stop_reason"] == "step_limit")
            #expect(daemon.process.wait() == .exited(0))
        }

        @Test(arguments: [[SIGTERM, SIGTERM], [SIGTERM, SIGINT], [SIGINT]])
        func aSecondTermOrAnIntEndsAtOnce(signals: [Int32]) throws {
            let daemon = try SocketDaemon("--drain-timeout", "600")
            let client = try daemon.connect()
            try client.send(Sample.endlessSolve("1"))
            try daemon.stats { $0["rollouts_alive"] != 0 }
            for (index, signal) in signals.enumerated() {
                if index > 0 {
                    // The first has been acted on when the socket's file is gone.
                    for _ in 0..<24_000 where Self.exists(daemon.path) { usleep(5000) }
                    #expect(!Self.exists(daemon.path))
                    // Two of a kind within half a second count as one.
                    usleep(1_500_000)
                }
                daemon.process.signal(signal)
            }
            // As on the standard streams: something that was asked has no answer.
            #expect(daemon.process.wait(within: 60) == .exited(1))
            #expect(daemon.process.errors.contains("interrupted: 1 request was not answered"))
            #expect(!Self.exists(daemon.path))
        }

        @Test func aReaderThatNeverReadsDoesNotHoldTheEndUp() throws {
            let daemon = try SocketDaemon("--drain-timeout", "0.1")
            let client = try daemon.connect()
            #expect(try client.ask(Sample.ping("1"))["type"] == "result")
            let lines = Array(String(repeating: "{\"method\":\"stats\"}\n", count: 1000).utf8)
            while client.offer(lines) > 0 {}
            daemon.process.signal(SIGTERM)
            #expect(daemon.process.wait(within: 60) == .exited(1))
            #expect(daemon.process.errors.contains("were not answered"))
        }

        @Test func hupDuringSearchesWithAGoodAndABrokenFile() throws {
            let folder = try TemporaryFolder()
            let profiles = try folder.write(Sample.profiles(named: "first"), as: "p.yaml")
            let daemon = try SocketDaemon("--profiles", profiles, folder: folder)
            let client = try daemon.connect()
            try client.send(Sample.endlessSolve("1"))
            try daemon.stats { $0["rollouts_alive"] != 0 }
            try folder.write(Sample.profiles(named: "second"), as: "p.yaml")
            daemon.process.signal(SIGHUP)
            try daemon.stats { $0["profiles"]?["second"] != nil }
            try folder.write("version: 1\nprofiles: [", as: "p.yaml")
            daemon.process.signal(SIGHUP)
            for _ in 0..<24_000 where !daemon.process.errors.contains("not reloaded") { usleep(5000) }
            #expect(daemon.process.errors.contains("p.yaml:"))
            #expect(try daemon.stats()["profiles"]?["second"] != nil)
            let other = try daemon.connect()
            #expect(try other.ask(Sample.solve("2", Sample.easy, #""profile":"second""#))["profile"] == "second")
            try client.send(Sample.cancel("1", id: "3"))
            #expect(try client.next()["profile"] == "first")
        }

        @Test func aKilledDaemonsSocketIsTakenOver() throws {
            let daemon = try SocketDaemon()
            #expect(try daemon.connect().ask(Sample.ping("1"))["type"] == "result")
            daemon.process.signal(SIGKILL)
            #expect(daemon.process.wait() == .signalled(SIGKILL))
            #expect(Self.exists(daemon.path))
            let next = try SocketDaemon(folder: daemon.folder)
            #expect(try next.connect().ask(Sample.solve("1"))["status"] == "solved")
        }

        @Test func twoInstancesOnOnePath() throws {
            let daemon = try SocketDaemon()
            #expect(try daemon.connect().ask(Sample.ping("1"))["type"] == "result")
            let second = try SocketDaemon(folder: daemon.folder)
            #expect(second.process.wait() == .exited(2))
            #expect(second.process.errors.contains("serving this socket already"))
            #expect(try daemon.connect().ask(Sample.ping("1"))["type"] == "result")
        }

        @Test(arguments: [
            (["--socket", "/nonexistent/s"], "No such file"),
            (["--socket", "/tmp/" + String(repeating: "x", count: 120)], "at most"),
            (["--socket", "/tmp"], "is not a socket"), (["--socket", "/tmp/ptrmd-x", "--socket-mode", "9"], "octal"),
            (["--socket", "/tmp/ptrmd-x", "--socket", "/tmp/ptrmd-x"], "twice"),
            (["--metrics-file", "/nonexistent/m"], "/nonexistent/m"),
            (["--max-line-bytes", "9223372036854775807"], "--max-line-bytes must be from 1024 to"),
        ])
        func usageErrors(arguments: [String], message: String) async throws {
            let result = try await Daemon.run(arguments)
            #expect(result.exitCode == 2 && result.output.isEmpty)
            #expect(result.errors.contains(message), "\(result.errors)")
        }

        @Test func theSocketsFileHasItsMode() throws {
            var status = stat()
            let daemon = try SocketDaemon()
            _ = try daemon.connect().ask(Sample.ping("1"))
            #expect(lstat(daemon.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let other = try SocketDaemon("--socket-mode", "0660")
            _ = try other.connect().ask(Sample.ping("1"))
            #expect(lstat(other.path, &status) == 0 && status.st_mode & 0o777 == 0o660)
        }

        @Test func usersAreChecked() throws {
            let daemon = try SocketDaemon("--allow-uid", "\(getuid() + 12345)")
            let client = try daemon.connect()
            #expect(try client.line() == nil)
            let both = try SocketDaemon("--allow-uid", "\(getuid() + 12345)", "--allow-uid", "\(getuid())")
            #expect(try both.connect().ask(Sample.ping("1"))["type"] == "result")
        }

        /// With `--stdio` the end of stdin is the daemon's end; clients of the socket get their answers first.
        @Test func theStandardStreamsBesideASocket() async throws {
            let folder = try TemporaryFolder()
            let path = folder.file("s")
            let result = try await Daemon.converse(["--socket", path, "--stdio"]) { conversation in
                let client = try SocketConversation(path)
                #expect(try client.ask(Sample.ping("1"))["type"] == "result")
                #expect(try await conversation.ask(Sample.solve("1"))["status"] == "solved")
            }
            #expect(result.exitCode == 0 && result.output.isEmpty)
            #expect(!Self.exists(path))
        }
    }
}
