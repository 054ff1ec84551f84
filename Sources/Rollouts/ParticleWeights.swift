import Platform

/// The weights of particles, and which of them go on.
struct ParticleWeights {
    /// Each positive, adding up to 1.
    let values: [Double]

    /// A softmax.
    /// - Parameter logits: finite, at least one.
    init(logits: [Float], temperature: Double) {
        let highest = Double(logits.max() ?? 0)
        // A temperature near 0 leaves the highest alone.
        let powers = logits.map { Mathematics.exponential((Double($0) - highest) / max(temperature, 1e-9)) }
        let sum = powers.reduce(0, +)
        values = powers.map { $0 / sum }
    }

    /// The effective number of particles (Kong, Liu and Wong, 1994): 1 / sum of squares, from 1 to their number.
    var effectiveNumber: Double { 1 / values.reduce(0) { $0 + $1 * $1 } }

    /// How many copies there are of each particle after systematic resampling: each has its expected number rounded up or
    /// down, and they add up to the number of particles.
    /// - Parameter offset: uniform in [0, 1).
    func offspring(offset: Double) -> [Int] {
        let count = values.count
        var offspring = [Int](repeating: 0, count: count)
        var (sum, drawn) = (0.0, 0)
        for (index, value) in values.enumerated() {
            sum += value
            // The last one takes what rounding left.
            let bound = index == count - 1 ? Double(count) + 1 : sum * Double(count)
            while drawn < count, Double(drawn) + offset < bound {
                offspring[index] += 1
                drawn += 1
            }
        }
        return offspring
    }
}
