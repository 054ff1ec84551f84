import Platform
import Threading

/// Tells a service manager the daemon's state (sd_notify(3)). Without `NOTIFY_SOCKET` it does nothing.
package struct ServiceNotifier: Sendable {
    package enum State: Sendable, Hashable {
        case ready
        /// A reload changed nothing, for this reason.
        case notReloaded(String)
        case reloading
        case stopping
        case watchdog

        /// The message; `now` is the monotonic time in nanoseconds.
        package func message(now: UInt64) -> String {
            switch self {
            case .ready: "READY=1\nSTATUS=Answering requests"
            case .notReloaded(let problem):
                "READY=1\nSTATUS=Answering requests with the profiles from before: "
                    + problem.printable(keepsLines: false, limit: 300)
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(now / 1000)\nSTATUS=Reading profiles and models"
            case .stopping: "STOPPING=1\nSTATUS=Finishing what was asked"
            case .watchdog: "WATCHDOG=1"
            }
        }
    }

    private let address: UnixAddress?
    /// How often `watchdog` is due, in nanoseconds: half of what the manager allows. Nil: it does not watch.
    package let watchdogInterval: UInt64?

    package init(environment: (String) -> String?, process: Int32) {
        address = environment("NOTIFY_SOCKET").flatMap(UnixAddress.init(notifySocket:))
        let isForUs = environment("WATCHDOG_PID").map { Int32($0) == process } ?? true
        let limit = environment("WATCHDOG_USEC").flatMap { UInt64($0) } ?? 0
        // Microseconds; a bound on nonsense keeps the product in range.
        let isWatched = address != nil && isForUs && limit > 0 && limit < UInt64.max / 1000
        watchdogInterval = isWatched ? max(1, limit / 2) * 1000 : nil
    }

    package init() {
        self.init(environment: Process.variable, process: Process.id)
    }

    package func send(_ state: State) {
        guard let address else { return }
        // A manager that is not there is nothing to fail for.
        UnixSocket.notify(address, Array(state.message(now: MonotonicClock.now).utf8))
    }
}

/// Decides when a sign of life may be sent: only while the scheduler advances or has nothing to do.
package struct WatchdogState: Sendable {
    private var lastBeats: Int?

    package init() {}

    /// Whether a sign of life is due at this look.
    package mutating func isAlive(beats: Int, isIdle: Bool) -> Bool {
        defer { lastBeats = beats }
        return isIdle || lastBeats != beats
    }
}
