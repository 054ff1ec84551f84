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
    /// Who asks for metrics and health, and what they hear.
    @Suite struct MetricsServingTests {
        private static func request(_ path: String) -> [UInt8] {
            Array("GET \(path) HTTP/1.1\r\nHost: ptrmd\r\n\r\n".utf8)
        }

        private static func get(_ path: String, at socket: String) throws -> String {
            let client = try SocketConversation(socket)
            try client.send(bytes: request(path))
            return try client.rest().joined(separator: "\n")
        }

        /// Those who say nothing are still connected when the one who asks is answered, and may ask then.
        @Test func silentClientsDelayNobody() throws {
            let folder = try TemporaryFolder()
            let daemon = try SocketDaemon("--metrics-socket", folder.file("ms"), folder: folder)
            _ = try daemon.connect().ask(Sample.ping("1"))
            let silent = try (0..<12).map { _ in try SocketConversation(folder.file("ms")) }
            try silent[0].send(bytes: Array(Self.request("/metrics").dropLast()))
            #expect(try Self.get("/metrics", at: folder.file("ms")).contains("\nptrmd_lines_total 1"))
            try silent[0].send(bytes: [0x0A])
            #expect(try silent[0].rest().first?.hasPrefix("HTTP/1.1 200") == true)
            try silent[11].send(bytes: Self.request("/healthz"))
            #expect(try silent[11].rest().last == "ok")
        }

        /// The oldest has to go when there are more than there is room for.
        @Test func aCrowdOfSilentClientsDelaysNobody() throws {
            let folder = try TemporaryFolder()
            let daemon = try SocketDaemon("--metrics-socket", folder.file("ms"), folder: folder)
            _ = try daemon.connect().ask(Sample.ping("1"))
            let silent = try (0..<100).map { _ in try SocketConversation(folder.file("ms")) }
            #expect(try Self.get("/readyz", at: folder.file("ms")).hasSuffix("ok"))
            #expect(try silent[0].rest().isEmpty)
        }

        @Test func readinessEndsWithTheDrain() throws {
            let folder = try TemporaryFolder()
            let daemon = try SocketDaemon("--metrics-socket", folder.file("ms"), folder: folder)
            let client = try daemon.connect()
            try client.send(Sample.endlessSolve("1"))
            try daemon.stats { $0["rollouts_alive"] != 0 }
            #expect(try Self.get("/readyz", at: folder.file("ms")).hasPrefix("HTTP/1.1 200"))
            daemon.process.signal(SIGTERM)
            while try Self.get("/readyz", at: folder.file("ms")).hasPrefix("HTTP/1.1 200") { usleep(10_000) }
            #expect(try Self.get("/readyz", at: folder.file("ms")).hasSuffix("shutting down"))
            #expect(try Self.get("/healthz", at: folder.file("ms")).hasSuffix("ok"))
        }

        @Test func errorsReloadsAndTheProcess() throws {
            let folder = try TemporaryFolder()
            let file = try folder.write(Sample.profiles(named: "a"), as: "p.yaml")
            let daemon = try SocketDaemon(
                "--metrics-socket", folder.file("ms"), "--profiles", file, folder: folder)
            let client = try daemon.connect()
            #expect(try client.ask("nonsense").errorCode == -32700)
            #expect(try client.ask(Sample.solve("1", "12")).errorCode == -32602)
            #expect(try client.ask(#"{"method":"reload"}"#)["reloaded"] == true)
            _ = try folder.write("version: 1\nprofiles: {a: {sigmo: 1}}\n", as: "p.yaml")
            #expect(try client.ask(#"{"method":"reload"}"#)["reloaded"] == false)
            let text = try Self.get("/metrics", at: folder.file("ms"))
            for line in [
                #"ptrmd_errors_total{code="-32700"} 1"#, #"ptrmd_errors_total{code="-32602"} 1"#,
                #"ptrmd_errors_total{code="429"} 0"#, #"ptrmd_reloads_total{result="done"} 1"#,
                #"ptrmd_reloads_total{result="failed"} 1"#, "ptrmd_last_reload_successful 0",
                "# TYPE process_cpu_seconds_total counter", "# TYPE process_start_time_seconds gauge",
                "# HELP ptrmd_build_info ",
            ] {
                #expect(text.contains("\n" + line), "\(line) in \(text)")
            }
        }

        /// The port that the system chose is in the log.
        @Test(.enabled(if: Tools.has("curl"), "there is no curl here: not run")) func metricsOverTCP() async throws {
            let daemon = try SocketDaemon("--metrics-listen", "127.0.0.1:0")
            _ = try daemon.connect().ask(Sample.ping("1"))
            try await eventually { daemon.process.errors.contains("at=127.0.0.1:") }
            let address = daemon.process.errors.split(separator: "at=").last?.prefix { !$0.isWhitespace } ?? ""
            let result = try await Daemon.shell(
                #"curl -sS --fail "http://$A/metrics" && curl -sS --fail "http://$A/readyz""#,
                environment: ["A": String(address)])
            #expect(result.exitCode == 0 && result.output.contains("\nptrmd_lines_total 1\n"), "\(result.errors)")
            #expect(result.output.hasSuffix("ok\n"))
            let taken = try await Daemon.run(["--metrics-listen", String(address)], input: "")
            #expect(taken.exitCode == 2 && taken.errors.contains(address), "\(taken.errors)")
        }

        /// The service manager shows that the profiles in force are not those of the file.
        @Test func theManagerHearsOfAFailedReload() throws {
            let folder = try TemporaryFolder()
            let manager = try ServiceManagerSocket.notifications(at: folder.file("n"))
            let file = try folder.write(Sample.profiles(named: "a"), as: "p.yaml")
            let daemon = try SocketDaemon(
                "--profiles", file, environment: ["NOTIFY_SOCKET": folder.file("n")], folder: folder)
            #expect(manager.message() == "READY=1\nSTATUS=Answering requests")
            _ = try folder.write("version: 1\nprofiles: {a: {sigmo: 1}}\n", as: "p.yaml")
            daemon.process.signal(SIGHUP)
            #expect(manager.message()?.hasPrefix("RELOADING=1") == true)
            let told = try #require(manager.message())
            #expect(
                told.hasPrefix("READY=1\nSTATUS=Answering requests with the profiles from before; the reload failed: "))
            #expect(told.contains("p.yaml:2:"), "\(told)")
            _ = try folder.write(Sample.profiles(named: "a"), as: "p.yaml")
            #expect(try daemon.connect().ask(#"{"method":"reload"}"#)["reloaded"] == true)
            #expect(manager.message() == "STATUS=Answering requests")
        }
    }
}
