/// Decides from looks at any times whether work stands still: `WatchdogState` for somebody who does not look regularly.
package struct StallDetector: Sendable {
    /// The last count, and since when it has stood while there was work; nil when there was none.
    private var last: (beats: Int, since: UInt64)?

    /// How long nothing may advance, in nanoseconds: longer than any step or slice.
    package static let patience: UInt64 = 30_000_000_000

    package init() {}

    /// - Parameters:
    ///   - beats: a count that grows while work is done.
    ///   - isIdle: there is nothing to do.
    ///   - now: nanoseconds.
    package mutating func isAlive(beats: Int, isIdle: Bool, now: UInt64) -> Bool {
        if isIdle {
            last = nil
        } else if last?.beats != beats {
            last = (beats, now)
        }
        return last.map { now < $0.since + Self.patience } ?? true
    }
}
