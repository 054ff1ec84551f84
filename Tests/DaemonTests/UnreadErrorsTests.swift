import JSON
import SystemPackage
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
    /// A stderr that nobody reads.
    @Suite struct UnreadErrorsTests {
        /// Serving, a reload and the end go on; what could not be logged is counted once there is a reader again.
        @Test func aStderrThatNobodyReadsHoldsNothingUp() throws {
            let errors = try Pipe()
            // The daemon's end waits, as that of most pipes does.
            _ = fcntl(errors.writeEnd.rawValue, F_SETFL, fcntl(errors.writeEnd.rawValue, F_GETFL) & ~O_NONBLOCK)
            let daemon = try SocketDaemon("--threads", "1", "--max-clients", "1", errors: errors.writeEnd)
            try errors.writeEnd.close()
            let client = try daemon.connect()
            _ = try client.ask(#"{"method":"ping"}"#)
            // Each is refused, with a line in the log: more than the pipe and the queue hold.
            for _ in 0..<3500 { #expect(try daemon.connect().next()["error"]?["code"] == 429) }
            daemon.process.signal(SIGHUP)
            #expect(try client.ask(#"{"method":"reload"}"#)["reloaded"] == true)
            var text = ""
            let end = ContinuousClock.now + .seconds(60)
            while !text.contains(" log lines were dropped: stderr was not read\n"), ContinuousClock.now < end {
                text += String(decoding: try #require(try errors.take()), as: UTF8.self)
            }
            #expect(text.contains(" log lines were dropped: stderr was not read\n"))
            #expect(text.contains("a client too many"))
            // Full again, and the end comes all the same.
            for _ in 0..<3500 { _ = try daemon.connect().next() }
            daemon.process.signal(SIGTERM)
            #expect(daemon.process.wait(within: 60) == .exited(0))
            try errors.readEnd.close()
        }
    }
}
