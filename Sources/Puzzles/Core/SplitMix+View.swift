package import Randomness

extension SplitMix {
    /// The numbers that choose rollout k's view: a pure function of the search's seed and k, apart from the noise.
    package init(seed: UInt64, rollout: UInt32) {
        // One full mixing round between seed and rollout keeps neighbouring rollouts of neighbouring seeds apart.
        self.init(seed: Self.mix(seed) ^ (UInt64(rollout) &* 0xD1B5_4A32_D192_ED03))
    }

    /// A uniformly random order of 0..<count.
    mutating func permutation(_ count: Int) -> [Int] { shuffled(0..<count) }
}
