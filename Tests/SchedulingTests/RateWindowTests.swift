import Scheduling
import Testing

@Suite struct RateWindowTests {
    private static let second: RateWindow.Nanoseconds = 1_000_000_000

    @Test func theFirstSecondHasNoRate() {
        var window = RateWindow(start: 5)
        window.add(steps: 3, busy: 100, now: 10)
        let (before, after) = (window.rates(now: Self.second), window.rates(now: 5 + Self.second))
        #expect(before == nil)
        #expect(after?.steps == 3)
    }

    /// 4 steps and half a busy second in every second, then nothing: the rate is that of the full seconds, ten at most.
    @Test(arguments: [(now: 3, steps: 4.0), (10, 4), (12, 4), (15, 2), (19, 0.4), (20, 0), (1000, 0)])
    func theLastTenFullSecondsCount(now: UInt64, steps: Double) throws {
        var window = RateWindow(start: 0)
        for second in 0..<10 as Range<UInt64> where second < now {
            window.add(steps: 1, busy: Self.second / 4, now: second * Self.second)
            window.add(steps: 3, busy: Self.second / 4, now: second * Self.second + Self.second / 2)
        }
        if now == 12 {
            for second in 10..<12 as Range<UInt64> {
                window.add(steps: 4, busy: Self.second / 2, now: second * Self.second)
            }
        }
        let measured = window.rates(now: now * Self.second)
        let rates = try #require(measured)
        #expect(abs(rates.steps - steps) < 1e-9)
        #expect(abs(rates.busyThreads - steps / 8) < 1e-9)
    }

    @Test func aClockThatGoesBackIsNow() {
        var window = RateWindow(start: 0)
        window.add(steps: 1, busy: 0, now: 4 * Self.second)
        window.add(steps: 1, busy: 0, now: Self.second)
        let rates = window.rates(now: 5 * Self.second)
        #expect(rates?.steps == 0.4)
    }
}
