package import Randomness

extension SplitMix {
    /// The stream of one puzzle: the same for puzzle `index` of a seed, whatever else is generated.
    package init(seed: UInt64, task: String, width: Int, height: Int, index: Int) {
        var state = Self.mix(seed ^ 0x7074_726d_6765_6e31)
        for byte in task.utf8 { state = Self.mix(state ^ UInt64(byte)) }
        for value in [width, height, index] { state = Self.mix(state ^ UInt64(bitPattern: Int64(value))) }
        self.init(seed: state)
    }
}
