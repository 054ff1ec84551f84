import Testing
import Threading

@Suite("Monitor", .timeLimit(.minutes(10)))
struct MonitorTests {
    /// Two threads that take turns: one lost wake-up and they sleep for good.
    @Test("Nobody who watches or sleeps misses a change", arguments: [0, 1, 20_000, 10_000_000] as [UInt64])
    func turns(alertness: UInt64) throws {
        let turn = Monitor(0)
        let rounds = 5_000
        let other = try #require(
            DedicatedThread(name: "other") {
                for round in 0..<rounds {
                    turn.wait(alertness: alertness) { $0 == 2 * round + 1 ? .done($0 += 1) : .sleep() }
                    turn.wakeAll()
                }
            })
        for round in 0..<rounds {
            turn.wait(alertness: alertness) { $0 == 2 * round ? .done($0 += 1) : .sleep() }
            turn.wakeAll()
        }
        turn.wait(alertness: alertness) { $0 == 2 * rounds ? .done(()) : .sleep() }
        other.join()
        #expect(turn.withLock { $0 } == 2 * rounds)
    }

    @Test("A deadline is kept, awake or asleep", arguments: [0, 1_000_000, 1_000_000_000] as [UInt64])
    func deadline(alertness: UInt64) {
        let never = Monitor(false)
        let due = MonotonicClock.now + 5_000_000
        var looks = 0
        never.wait(alertness: alertness) { _ in
            looks += 1
            return MonotonicClock.now >= due ? .done(()) : .sleep(until: due)
        }
        #expect(MonotonicClock.now >= due)
        #expect(looks < 20, "\(looks) looks at a state that nobody changed")
    }
}
