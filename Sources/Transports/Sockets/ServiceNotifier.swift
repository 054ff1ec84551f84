import Platform
import Threading

/// Tells a service manager the daemon's state (sd_notify(3)). Without `NOTIFY_SOCKET` it does nothing.
package struct ServiceNotifier: Sendable {
    package enum State: Sendable, Hashable {
        /// It answers; `problem` is why the profiles' file was not taken when it was last read again.
        case ready(problem: String? = nil)
        case reloading
        case stopping
        case watchdog
        /// Ready as before, and this became of a reload that a client asked for.
        case reloaded(problem: String?)

        /// The message; `now` is the monotonic time in nanoseconds.
        package func message(now: UInt64) -> String {
            switch self {
            case .ready(let problem): "READY=1\n\(Self.status(problem))"
            case .reloaded(let problem): Self.status(problem)
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(now / 1000)\nSTATUS=Reading profiles and models"
            case .stopping: "STOPPING=1\nSTATUS=Finishing what was asked"
            case .watchdog: "WATCHDOG=1"
            }
        }

        private static func status(_ problem: String?) -> String {
            guard let problem else { return "STATUS=Answering requests" }
            let line = problem.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } ? " " : $0 }
            let shown = String(line.prefix(ServiceNotifier.maxProblem))
            return "STATUS=Answering requests with the profiles from before; the reload failed: \(shown)"
        }
    }

    private let address: UnixAddress?
    /// The most characters of a problem in the status, which is one line in the manager's displays.
    fileprivate static let maxProblem = 200

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
