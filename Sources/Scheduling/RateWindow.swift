/// Sums of the last ten full seconds, for rates.
package struct RateWindow: Sendable {
    package typealias Nanoseconds = SchedulerCore.Nanoseconds

    struct Sums: Sendable, Hashable {
        var steps = 0
        /// Time that compute threads were at work.
        var busy: Nanoseconds = 0
    }

    static let second: Nanoseconds = 1_000_000_000
    private static let length: Nanoseconds = 10

    private let start: Nanoseconds
    /// By second modulo the length, with the present one.
    private var sums = [Sums](repeating: Sums(), count: Int(length) + 1)
    private var present: Nanoseconds = 0

    package init(start: Nanoseconds) { self.start = start }

    package mutating func add(steps: Int, busy: Nanoseconds, now: Nanoseconds) {
        move(to: now)
        sums[slot(present)].steps += steps
        sums[slot(present)].busy += busy
    }

    /// Per second: steps, and threads that were at work. Nil in the first second.
    package mutating func rates(now: Nanoseconds) -> (steps: Double, busyThreads: Double)? {
        move(to: now)
        let seconds = min(Self.length, present)
        guard seconds > 0 else { return nil }
        var total = Sums()
        for second in (present - seconds)..<present {
            total.steps += sums[slot(second)].steps
            total.busy += sums[slot(second)].busy
        }
        return (Double(total.steps) / Double(seconds), Double(total.busy) / Double(seconds * Self.second))
    }

    private func slot(_ second: Nanoseconds) -> Int { Int(second % (Self.length + 1)) }

    private mutating func move(to now: Nanoseconds) {
        let second = (max(now, start) - start) / Self.second
        guard second > present else { return }
        for passed in 1...min(second - present, Self.length + 1) {
            sums[slot(present + passed)] = Sums()
        }
        // A long pause leaves nothing to keep; the slots were all cleared.
        present = second
    }
}
