package import LineProtocol

/// Durations in buckets of a fixed number, each at most a 32nd wider than its lower bound: quantiles without keeping
/// what they are of.
package struct LatencyHistogram: Sendable, Hashable {
    /// Buckets in each doubling.
    private static let divisions = 32
    /// The longest duration told apart, in microseconds: 50 days.
    private static let longest: UInt64 = 1 << 42

    private var counts: [Int] = []
    package private(set) var count = 0
    private var sum: UInt64 = 0
    private var maximum: UInt64 = 0

    package init() {}

    package mutating func add(nanoseconds: UInt64) {
        let value = nanoseconds / 1000
        if counts.isEmpty { counts = [Int](repeating: 0, count: Self.bucket(Self.longest) + 1) }
        counts[Self.bucket(min(value, Self.longest))] += 1
        count += 1
        sum &+= value
        maximum = max(maximum, value)
    }

    /// The least bucket bound, in microseconds, that so large a share of the durations does not exceed.
    package func quantile(_ share: Double) -> UInt64 {
        let rank = max(1, Int((share * Double(count)).rounded(.up)))
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return min(Self.upperBound(of: bucket), maximum) }
        }
        return maximum
    }

    package var summary: StatsInfo.Latency {
        var latency = StatsInfo.Latency()
        latency.count = count
        latency.sumMs = Double(sum) / 1000
        latency.p50Ms = Double(quantile(0.5)) / 1000
        latency.p90Ms = Double(quantile(0.9)) / 1000
        latency.p99Ms = Double(quantile(0.99)) / 1000
        latency.maxMs = Double(maximum) / 1000
        return latency
    }

    /// Up to twice the divisions each value has a bucket; from there on a doubling has as many buckets as divisions.
    private static func bucket(_ value: UInt64) -> Int {
        guard value >= 2 * UInt64(divisions) else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - divisions.trailingZeroBitCount
        return shift * divisions + Int(value >> UInt64(shift))
    }

    /// The largest value of a bucket.
    private static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >= 2 * divisions else { return UInt64(bucket) }
        let shift = bucket / divisions - 1
        return (UInt64(bucket - shift * divisions + 1) << UInt64(shift)) - 1
    }
}
