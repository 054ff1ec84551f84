import LineProtocol
import Service
import Testing

@Suite struct LatencyHistogramTests {
    @Test func nothingAdded() {
        let histogram = LatencyHistogram()
        #expect(histogram.count == 0)
        #expect(histogram.quantile(0.5) == 0)
        #expect(histogram.summary.maxMs == 0)
    }

    @Test(arguments: [0.01, 0.5, 0.9, 0.99, 1] as [Double])
    func aQuantileIsAtMostA32ndTooLong(share: Double) {
        var generator = SystemRandomNumberGenerator()
        for spread in [50, 5_000, 20_000_000_000] as [UInt64] {
            var histogram = LatencyHistogram()
            let durations = (0..<501).map { _ in UInt64.random(in: 0...spread, using: &generator) }
            for duration in durations { histogram.add(nanoseconds: 1000 * duration + 999) }
            let rank = max(1, Int((share * 501).rounded(.up)))
            let exact = durations.sorted()[rank - 1]
            #expect(histogram.quantile(share) >= exact)
            #expect(histogram.quantile(share) <= exact + exact / 32)
        }
    }

    @Test func theSummaryIsInMilliseconds() {
        var histogram = LatencyHistogram()
        for milliseconds in 1...4 as ClosedRange<UInt64> { histogram.add(nanoseconds: 1_000_000 * milliseconds) }
        let summary = histogram.summary
        #expect(summary.count == 4)
        #expect(summary.sumMs == 10)
        #expect(summary.maxMs == 4)
        #expect(summary.p99Ms == 4)
        #expect((2...2.0625).contains(summary.p50Ms))
    }

    @Test func moreThanFiftyDaysCountAsFiftyDays() {
        var histogram = LatencyHistogram()
        histogram.add(nanoseconds: .max)
        #expect(histogram.summary.maxMs == Double(UInt64.max / 1000) / 1000)
        #expect(histogram.quantile(0.5) >= 1 << 42)
        #expect(histogram.quantile(0.5) <= UInt64.max / 1000)
    }
}
