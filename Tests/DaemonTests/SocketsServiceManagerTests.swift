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
    /// What systemd would see and do.
    @Suite struct SocketsServiceManagerTests {
        private static let activate = #"LISTEN_PID=$$ exec "$@""#

        @Test func aSocketThatIsHandedOverIsServedAndNeverRemoved() throws {
            let folder = try TemporaryFolder()
            let path = folder.file("s")
            let listener = try ServiceManagerSocket.listening(at: path)
            // Twice: the socket outlives the daemon, and clients that connect between two daemons are served.
            for _ in 0..<2 {
                let client = try SocketConversation(path)
                try client.send(Sample.solve("1"))
                let daemon = try DaemonProcess(
                    ["serve"], environment: ["LISTEN_FDS": "1"], descriptor: listener.descriptor, wrapper: Self.activate
                )
                #expect(try client.next()["status"] == "solved")
                daemon.signal(SIGTERM)
                #expect(daemon.wait() == .exited(0))
                #expect(access(path, F_OK) == 0)
            }
        }

        @Test func socketsForAnotherProcessAreNotTaken() throws {
            let folder = try TemporaryFolder()
            let listener = try ServiceManagerSocket.listening(at: folder.file("s"))
            let daemon = try DaemonProcess(
                ["serve"], environment: ["LISTEN_FDS": "1", "LISTEN_PID": "1"], descriptor: listener.descriptor)
            // It serves stdin, which is empty, and ends.
            #expect(daemon.wait() == .exited(0))
        }

        @Test func aDescriptorThatIsNoListeningSocketIsRefused() throws {
            let folder = try TemporaryFolder()
            let socket = try ServiceManagerSocket.notifications(at: folder.file("n"))
            let daemon = try DaemonProcess(
                ["serve"], environment: ["LISTEN_FDS": "1"], descriptor: socket.descriptor, wrapper: Self.activate)
            #expect(daemon.wait() == .exited(2))
            #expect(daemon.errors.contains("no listening Unix stream socket"))
        }

        /// READY after the warm-up, RELOADING with its time and READY again, STOPPING; by path and by abstract name.
        @Test(arguments: [false, true]) func theManagerHearsOfEveryChange(isAbstract: Bool) throws {
            let folder = try TemporaryFolder()
            let name = isAbstract ? "@ptrmd-test-\(getpid())" : folder.file("n")
            let manager = try ServiceManagerSocket.notifications(at: name)
            let daemon = try SocketDaemon(environment: ["NOTIFY_SOCKET": name], folder: folder)
            #expect(manager.message()?.hasPrefix("READY=1") == true)
            #expect(access(daemon.path, F_OK) == 0)
            daemon.process.signal(SIGHUP)
            let reloading = try #require(manager.message())
            #expect(reloading.hasPrefix("RELOADING=1\nMONOTONIC_USEC="))
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            let said = reloading.split(separator: "\n").dropFirst().first?.split(separator: "=").last.flatMap {
                Int($0)
            }
            #expect(now.tv_sec - (said ?? 0) / 1_000_000 <= 30)
            #expect(manager.message()?.hasPrefix("READY=1") == true)
            daemon.process.signal(SIGTERM)
            #expect(manager.message()?.hasPrefix("STOPPING=1") == true)
            #expect(daemon.process.wait() == .exited(0))
        }

        /// Whoever waits for READY may signal at once. Several starts, since an untrapped signal is a matter of luck.
        @Test func aReloadMayFollowReadinessAtOnce() throws {
            for _ in 0..<10 {
                let folder = try TemporaryFolder()
                let manager = try ServiceManagerSocket.notifications(at: folder.file("n"))
                let daemon = try DaemonProcess(
                    ["--socket", folder.file("s")], environment: ["NOTIFY_SOCKET": folder.file("n")])
                #expect(manager.message()?.hasPrefix("READY=1") == true)
                daemon.signal(SIGHUP)
                #expect(manager.message()?.hasPrefix("RELOADING=1") == true)
                #expect(manager.message()?.hasPrefix("READY=1") == true)
                daemon.signal(SIGTERM)
                #expect(daemon.wait() == .exited(0))
            }
        }

        @Test func theWatchdogHearsOfAWorkingDaemon() throws {
            let folder = try TemporaryFolder()
            let manager = try ServiceManagerSocket.notifications(at: folder.file("n"))
            let daemon = try SocketDaemon(
                environment: ["NOTIFY_SOCKET": folder.file("n"), "WATCHDOG_USEC": "400000"], folder: folder)
            let client = try daemon.connect()
            try client.send(Sample.endlessSolve("1"))
            try daemon.stats { $0["rollouts_alive"] != 0 }
            for _ in 0..<5 {
                var message = manager.message()
                if message?.hasPrefix("READY=1") == true { message = manager.message() }
                #expect(message == "WATCHDOG=1")
            }
        }
    }
}
