import SystemPackage
import Testing
import Transports

/// What a service manager says in the environment.
@Suite struct ServiceManagerTests {
    @Test(arguments: [
        ([:], []), (["LISTEN_PID": "7", "LISTEN_FDS": "2"], ["3 unknown", "4 unknown"]),
        (["LISTEN_PID": "8", "LISTEN_FDS": "2"], []), (["LISTEN_FDS": "2"], []),
        (
            ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "ptrmd.socket:metrics"],
            ["3 ptrmd.socket", "4 metrics"]
        ),
        (["LISTEN_PID": "7", "LISTEN_FDS": "0"], []), (["LISTEN_PID": "x", "LISTEN_FDS": "1"], []),
    ])
    func handedOverSockets(environment: [String: String], expected: [String]) throws {
        let activation = try SocketActivation(environment: { environment[$0] }, process: 7)
        #expect(activation.entries.map { "\($0.descriptor.rawValue) \($0.name)" } == expected)
    }

    @Test(arguments: [
        ["LISTEN_PID": "7", "LISTEN_FDS": "-1"], ["LISTEN_PID": "7", "LISTEN_FDS": "many"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "2000"], ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "one"],
    ])
    func nonsenseIsRefused(environment: [String: String]) {
        #expect(throws: SocketError.self) {
            try SocketActivation(environment: { environment[$0] }, process: 7)
        }
    }

    @Test(
        arguments: [
            (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "3000000"], 1_500_000_000),
            (["NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], 1_500_000_000),
            (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil),
            (["WATCHDOG_USEC": "3000000"], nil), (["NOTIFY_SOCKET": "/run/n"], nil),
            (["NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "0"], nil),
            (["NOTIFY_SOCKET": "vsock:2:1", "WATCHDOG_USEC": "3000000"], nil),
        ] as [([String: String], UInt64?)])
    func watchdog(environment: [String: String], interval: UInt64?) {
        let notifier = ServiceNotifier(environment: { environment[$0] }, process: 7)
        #expect(notifier.watchdogInterval == interval)
    }

    @Test func messages() {
        #expect(ServiceNotifier.State.ready().message(now: 0) == "READY=1\nSTATUS=Answering requests")
        #expect(ServiceNotifier.State.reloaded(problem: nil).message(now: 0) == "STATUS=Answering requests")
        // One line, bounded, whatever stands in the file.
        for state in [
            ServiceNotifier.State.ready(problem: "p.yaml:1:1: \u{1B}a\nb\r\n" + String(repeating: "x", count: 999))
        ] {
            let lines = state.message(now: 0).split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 2 && lines[0] == "READY=1")
            #expect(
                lines[1].hasPrefix(
                    "STATUS=Answering requests with the profiles from before; the reload failed: p.yaml:1:1:  a b xx"))
            #expect(lines[1].count < 300)
        }
        #expect(ServiceNotifier.State.reloading.message(now: 5_000_999).hasPrefix("RELOADING=1\nMONOTONIC_USEC=5000\n"))
        #expect(ServiceNotifier.State.stopping.message(now: 0).hasPrefix("STOPPING=1\n"))
        #expect(ServiceNotifier.State.watchdog.message(now: 0) == "WATCHDOG=1")
    }

    /// Looks come when somebody asks: only work that stands still between two far apart is a stall.
    @Test func aStallIsSeenByWhoeverLooks() {
        var detector = StallDetector()
        let second: UInt64 = 1_000_000_000
        let looks: [(beats: Int, isIdle: Bool, at: UInt64, expected: Bool)] = [
            (0, true, 0, true), (0, false, 100, true), (0, false, 129, true), (0, false, 130, false),
            (1, false, 131, true),
            (1, false, 160, true), (1, true, 200, true), (1, false, 300, true), (1, false, 331, false),
            (1, true, 332, true),
        ]
        for look in looks {
            let isAlive = detector.isAlive(beats: look.beats, isIdle: look.isIdle, now: look.at * second)
            #expect(isAlive == look.expected, "\(look)")
        }
    }

    /// A sign of life is due while batches go on or nothing is to be done; not while work stands still.
    @Test func theWatchdogHearsNothingOfAStall() {
        var state = WatchdogState()
        let looks = [
            (0, true, true), (0, true, true), (1, false, true), (2, false, true), (2, false, false), (2, false, false),
            (3, false, true), (3, true, true),
        ]
        for (beats, isIdle, expected) in looks { #expect(state.isAlive(beats: beats, isIdle: isIdle) == expected) }
    }
}
