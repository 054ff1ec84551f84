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
    /// SIGTERM drains, SIGINT ends at once, SIGHUP reads the profiles again.
    @Suite struct SignalTests {
        @Test func sigtermWhileNothingRunsEndsTheRun() async throws {
            let result = try await Daemon.converse { daemon in
                _ = try await daemon.ask(Sample.ping("1"))
                daemon.signal(SIGTERM)
                // The output ends though the input stays open.
                #expect(try await daemon.line() == nil)
            }
            #expect(result.exitCode == 0)
        }

        /// As soon as the socket is there, before the daemon has begun to serve: no SIGTERM is lost, none leaves a file.
        @Test func sigtermAtTheVeryStart() async throws {
            for delay in 0..<12 {
                let folder = try TemporaryFolder()
                let script = """
                    "$PTRMD" --socket \(folder.file("s")) < /dev/null & pid=$!
                    while [ ! -e \(folder.file("s")) ]; do :; done
                    sleep 0.00\(delay % 6)
                    kill -TERM $pid; wait $pid; echo $?
                    """
                let result = try await Daemon.shell(script)
                #expect(result.output == "0\n", "\(result.errors)")
                #expect(try RepositoryFiles.names(in: folder.path, endingIn: "s").isEmpty)
            }
        }

        #if os(Linux)
            /// Waits until the process catches SIGINT and SIGTERM.
            private static let untilTrapped = """
                trapped() { read -r _ mask < <(grep SigCgt /proc/$pid/status); [ $((0x$mask & 0x4002)) -eq $((0x4002)) ]; }
                until trapped; do :; done
                """

            /// While profiles and models are read, as soon as the process catches signals at all (bits of 2 and 15).
            @Test(arguments: ["--socket s", ""], ["TERM", "INT"])
            func aSignalWhileModelsLoadEndsTheRun(options: String, signal: String) async throws {
                let folder = try TemporaryFolder()
                let script = """
                    cd \(folder.path); exec 2>errors
                    "$PTRMD" \(options) < /dev/null > out & pid=$!
                    \(Self.untilTrapped)
                    kill -\(signal) $pid; wait $pid; echo $?; cat errors; ls s s.lock 2>/dev/null
                    """
                #expect(try await Daemon.shell("bash -c '\(script)'").output == "0\n")
            }

            /// Its line was not even read: that is no success.
            @Test func linesThatWaitMeanwhileAreTold() async throws {
                let folder = try TemporaryFolder()
                // The profiles come through a pipe that says nothing: the daemon is still reading them.
                let script = """
                    cd \(folder.path); mkfifo in profiles; exec 3<>in 4<>profiles
                    echo "{}" >&3
                    "$PTRMD" --profiles profiles < in 3>&- 4>&- & pid=$!
                    \(Self.untilTrapped)
                    kill -TERM $pid; wait $pid; echo $?
                    """
                let result = try await Daemon.shell("bash -c '\(script)'")
                #expect(
                    result.output == "1\n" && result.errors.contains("interrupted before it had started"), "\(result)")
            }
        #endif

        /// Its search is given the drain timeout, then answers with what it has.
        @Test func sigtermEndsARunningSearchAfterTheTimeout() async throws {
            let result = try await Daemon.converse(["--drain-timeout", "0.2"]) { daemon in
                try await daemon.send(Sample.endlessSolve("1"))
                _ = try await daemon.ask(Sample.ping("2"))
                daemon.signal(SIGTERM)
                let answer = try await daemon.next()
                #expect(answer["id"] == 1 && answer["type"] == "answer" && answer["stop_reason"] == "shutdown")
                #expect(try await daemon.line() == nil)
            }
            #expect(result.exitCode == 0)
        }

        @Test func sigtermLetsARunningSearchFinish() async throws {
            let result = try await Daemon.converse { daemon in
                let limits = #""overrides":{"engines":["ptrm"]},"limits":{"max_steps":300},"progress_every_ms":10"#
                try await daemon.send(Sample.solve("1", Sample.unsolvable, limits))
                // It runs when its first progress line is there.
                #expect(try await daemon.next()["type"] == "progress")
                daemon.signal(SIGTERM)
                let answer = try await daemon.nextAfterProgress()
                #expect(answer["stop_reason"] == "step_limit" && answer["steps"] == 300)
                #expect(try await daemon.line() == nil)
            }
            #expect(result.exitCode == 0)
        }

        /// GNU `timeout` signals its child and the child's whole group: two SIGTERMs in one moment are one.
        @Test func twoSigtermsAtOnceAreOne() async throws {
            let result = try await Daemon.converse(["--drain-timeout", "0.5"]) { daemon in
                try await daemon.send(Sample.endlessSolve("1"))
                _ = try await daemon.ask(Sample.ping("2"))
                daemon.signal(SIGTERM)
                // Not merged into the first by the kernel. No await: the pool may come back after the half second in
                // which two are one.
                usleep(5000)
                daemon.signal(SIGTERM)
                #expect(try await daemon.next()["stop_reason"] == "shutdown")
                #expect(try await daemon.line() == nil)
            }
            #expect(result.exitCode == 0)
        }

        /// No drain: nothing more is written, and an hour is not waited for. Not everything was answered.
        @Test func sigintEndsTheRunAtOnce() async throws {
            let result = try await Daemon.converse(["--drain-timeout", "3600"]) { daemon in
                try await daemon.send(Sample.endlessSolve("1"))
                _ = try await daemon.ask(Sample.ping("2"))
                daemon.signal(SIGINT)
                #expect(try await daemon.line() == nil)
            }
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("interrupted: 1 request was not answered"), "\(result.errors)")
        }

        @Test func sighupReadsTheProfilesAgain() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Sample.profiles(named: "first"), as: "profiles.yaml")
            try await Daemon.converse(["--profiles", path]) { daemon in
                #expect(try await Self.names(daemon) == ["first"])
                try folder.write(Sample.profiles(named: "second"), as: "profiles.yaml")
                daemon.signal(SIGHUP)
                try await eventually { try await Self.names(daemon) == ["second"] }
                // A set with a mistake changes nothing and is told on stderr.
                try folder.write(Sample.profiles(named: "third", "K: none"), as: "profiles.yaml")
                daemon.signal(SIGHUP)
                try await eventually { try daemon.errors.contains("profiles.yaml:8:8: K") }
                #expect(try await Self.names(daemon) == ["second"])
                let answer = try await daemon.ask(Sample.solve("1"))
                #expect(answer["profile"] == "second" && answer["status"] == "solved")
            }
        }

        /// A file that is never read to its end (here a pipe) keeps neither SIGTERM nor the answers waiting.
        @Test func sighupThatHangsKeepsNothingUp() async throws {
            let folder = try TemporaryFolder()
            let path = try folder.write(Sample.profiles(named: "first"), as: "profiles.yaml")
            let result = try await Daemon.converse(["--profiles", path, "--drain-timeout", "0.2"]) { daemon in
                #expect(try await Self.names(daemon) == ["first"])
                try #require(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
                daemon.signal(SIGHUP)
                var writer: Int32 = -1
                // There is nobody to write to until the daemon reads.
                for _ in 0..<3000 where writer < 0 {
                    writer = open(path, O_WRONLY | O_NONBLOCK)
                    usleep(10_000)
                }
                defer { close(writer) }
                try #require(writer >= 0)
                #expect(try await daemon.ask(Sample.solve("1"))["status"] == "solved")
                daemon.signal(SIGTERM)
                #expect(try await daemon.line() == nil)
            }
            #expect(result.exitCode == 0)
        }

        private static func names(_ daemon: Conversation) async throws -> [JSON?] {
            let reply = try await daemon.ask(#"{"id":"p","method":"profiles"}"#)
            return reply["profiles"]?.arrayValue?.map { $0["name"] } ?? []
        }
    }
}
