import Checkpoints
import Platform

/// Cosines and sines of rotary position encoding: [position][half], one angle for each pair of channels.
///
/// Frequencies and angles are rounded to float32 as in the reference, which computes them there.
struct RotaryTables: Sendable {
    var cosines: [Float]
    var sines: [Float]

    /// - Parameter half: half a head after padding; the padding's entries are zero.
    init(_ config: ModelConfig, half: Int) {
        cosines = [Float](repeating: 0, count: config.positions * half)
        sines = cosines
        let size = config.headSize
        for pair in 0..<size / 2 {
            let exponent = Float(2 * pair) / Float(size)
            let frequency = 1 / Float(Mathematics.power(config.ropeTheta, Double(exponent)))
            for position in 0..<config.positions {
                let angle = Double(Float(position) * frequency)
                cosines[position * half + pair] = Float(Mathematics.cosine(angle))
                sines[position * half + pair] = Float(Mathematics.sine(angle))
            }
        }
    }
}
