import Checkpoints
import Platform

/// Cosines and sines of rotary position encoding: [position][half], one angle for each pair of channels.
///
/// Frequencies and angles are rounded to float32 as in the reference, which computes them there. With positions in 2d
/// (nano-trm) the first half of a cell's pairs turn by its row and the others by its column, both with the frequencies of
/// the first half; the slots before the board turn by their position.
struct RotaryTables: Sendable {
    var cosines: [Float]
    var sines: [Float]

    /// - Parameter half: half a head after padding; the padding's entries are zero.
    init(_ config: ModelConfig, half: Int) {
        cosines = [Float](repeating: 0, count: config.positions * half)
        sines = cosines
        let size = config.headSize
        let frequencies = (0..<size / 2).map { pair in
            1 / Float(Mathematics.power(config.ropeTheta, Double(Float(2 * pair) / Float(size))))
        }
        let quarter = size / 4
        for pair in frequencies.indices {
            for position in 0..<config.positions {
                let angle: Double
                if config.posEncodings == .rope2D, position >= config.puzzleSlots {
                    let (row, column) = (position - config.puzzleSlots).quotientAndRemainder(
                        dividingBy: config.boardSide)
                    angle = Double(Float(pair < quarter ? row : column) * frequencies[pair % quarter])
                } else {
                    angle = Double(Float(position) * frequencies[pair])
                }
                cosines[position * half + pair] = Float(Mathematics.cosine(angle))
                sines[position * half + pair] = Float(Mathematics.sine(angle))
            }
        }
    }
}
