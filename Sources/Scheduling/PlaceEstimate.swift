/// When a place in a full queue is free, for those who are refused.
///
/// Places become free as jobs end. Those who are refused between two ends are told different times: the first the next
/// end, the second the one after, so that they do not all come back for the same place.
package struct PlaceEstimate: Sendable {
    package typealias Nanoseconds = SchedulerCore.Nanoseconds

    /// The answers' bounds: 10 ms to a minute.
    package static let bounds: ClosedRange<Nanoseconds> = 10_000_000...60_000_000_000

    /// Mean time between two ends while there was work; nil before the first end.
    private var interval: Nanoseconds?
    private var lastEnd: Nanoseconds = 0
    /// Those who were told to come back and whose time has not come.
    private var refused = 0

    package init() {}

    /// The first job after a time without any.
    package mutating func workBegan(now: Nanoseconds) {
        lastEnd = now
        refused = 0
    }

    package mutating func jobEnded(now: Nanoseconds) {
        let gap = now - min(now, lastEnd)
        interval = interval.map { $0 - $0 / 8 + gap / 8 } ?? gap
        lastEnd = now
        refused = max(0, refused - 1)
    }

    /// Tells one who is refused when to come back, from now.
    package mutating func refuse(now: Nanoseconds) -> Nanoseconds {
        refused = min(refused + 1, 100_000)
        // A gap that lasts longer than usual says more than the mean.
        let gap = max(interval ?? 0, now - min(now, lastEnd))
        let (time, overflow) = gap.multipliedReportingOverflow(by: UInt64(refused))
        return overflow ? Self.bounds.upperBound : min(max(time, Self.bounds.lowerBound), Self.bounds.upperBound)
    }
}
