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
        #expect(ServiceNotifier.State.ready.message(now: 0).hasPrefix("READY=1\n"))
        let failed = ServiceNotifier.State.notReloaded("p.yaml:3:1: K\nX=1").message(now: 0)
        #expect(failed.hasPrefix("READY=1\nSTATUS=") && failed.hasSuffix(#"p.yaml:3:1: K\u{A}X=1"#))
        #expect(ServiceNotifier.State.reloading.message(now: 5_000_999).hasPrefix("RELOADING=1\nMONOTONIC_USEC=5000\n"))
        #expect(ServiceNotifier.State.stopping.message(now: 0).hasPrefix("STOPPING=1\n"))
        #expect(ServiceNotifier.State.watchdog.message(now: 0) == "WATCHDOG=1")
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
