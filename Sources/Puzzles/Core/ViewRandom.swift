/// The random numbers that choose rollout k's view: a pure function of the search's seed and k (SplitMix64), apart
/// from the noise.
package struct ViewRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64, rollout: UInt32) {
        state = seed
        // One full mixing round between seed and rollout keeps neighbouring rollouts of neighbouring seeds apart.
        state = next() ^ (UInt64(rollout) &* 0xD1B5_4A32_D192_ED03)
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension RandomNumberGenerator {
    /// A number in 0..<bound. Written out because the library's own drawing may change between releases, and the
    /// same request must give the same view; the bias is below 2^-50 for the bounds used here.
    mutating func below(_ bound: Int) -> Int {
        Int(UInt64(bound).multipliedFullWidth(by: next()).high)
    }

    /// A uniformly random order of 0..<count (Fisher-Yates).
    mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, below(last + 1)) }
        return order
    }
}
