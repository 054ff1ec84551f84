import Threading

/// A line on stderr that says how far a command is; only on a terminal, at most ten times a second.
///
///     let progress = ProgressDisplay()
///     progress.show { seconds in "\(done) of \(total)" }
///     progress.clear()
final class ProgressDisplay: Sendable {
    private let isShown = Terminal.isTerminal(2)
    private let start = MonotonicClock.now
    private let shown = Monitor<UInt64>(0)

    /// Shows a text in place of the one before, unless that one is too new; from any thread.
    /// - Parameter text: gets the seconds since the beginning.
    func show(_ text: (Double) -> String) {
        guard isShown else { return }
        shown.withLock { shown in
            let now = MonotonicClock.now
            guard now - shown > 100_000_000 else { return }
            shown = now
            Terminal.write("\r\u{1B}[K" + text(max(1e-3, Double(now - start) / 1e9)), to: 2)
        }
    }

    /// Takes the line away.
    func clear() {
        if isShown { Terminal.write("\r\u{1B}[K", to: 2) }
    }
}
