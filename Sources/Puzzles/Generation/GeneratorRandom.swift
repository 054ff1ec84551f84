/// The generators' random numbers: SplitMix64, spelled out here so that a seed gives the same puzzles with every compiler
/// and standard library.
package struct GeneratorRandom: Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// The stream of one puzzle: the same for puzzle `index` of a seed, whatever else is generated.
    package init(seed: UInt64, task: String, width: Int, height: Int, index: Int) {
        var state = Self.mix(seed ^ 0x7074_726d_6765_6e31)
        for byte in task.utf8 { state = Self.mix(state ^ UInt64(byte)) }
        for value in [width, height, index] { state = Self.mix(state ^ UInt64(bitPattern: Int64(value))) }
        self.state = state
    }

    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    package mutating func next() -> UInt64 {
        defer { state &+= 0x9e37_79b9_7f4a_7c15 }
        return Self.mix(state)
    }

    /// A number in 0 ..< bound; 0 for a bound below 1.
    package mutating func below(_ bound: Int) -> Int {
        guard bound > 1 else { return 0 }
        // The bias of multiply-and-shift is below bound / 2^64.
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number in `range`.
    package mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }

    /// A number in [0, 1).
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    package mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        guard elements.count > 1 else { return }
        for last in (1..<elements.count).reversed() { elements.swapAt(last, below(last + 1)) }
    }

    package mutating func shuffled<Element>(_ elements: some Sequence<Element>) -> [Element] {
        var elements = Array(elements)
        shuffle(&elements)
        return elements
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }
}
