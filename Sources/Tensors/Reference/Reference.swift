import Platform

/// The kernels' arithmetic written down plainly, for tests to compare with: row-major float arrays, sums in double
/// precision, no packing and no fusion. Weights are [outputs][inputs], as PyTorch stores them.
package enum Reference {
    /// x W^T for `x` of rows of `inputs`.
    package static func product(_ x: [Float], _ weight: [Float], inputs: Int) -> [Float] {
        let rows = x.count / inputs
        let outputs = weight.count / inputs
        var result = [Float](repeating: 0, count: rows * outputs)
        for row in 0..<rows {
            for output in 0..<outputs {
                var sum = 0.0
                for i in 0..<inputs { sum += Double(x[row * inputs + i]) * Double(weight[output * inputs + i]) }
                result[row * outputs + output] = Float(sum)
            }
        }
        return result
    }

    /// silu(gate) * up, where the first half of the outputs of `gateUp` are gates.
    package static func gated(_ x: [Float], _ gateUp: [Float], inputs: Int) -> [Float] {
        let width = gateUp.count / inputs / 2
        let both = product(x, gateUp, inputs: inputs)
        return (0..<x.count / inputs * width).map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: width)
            let gate = Double(both[row * 2 * width + column])
            return Float(gate / (1 + Mathematics.exponential(-gate)) * Double(both[row * 2 * width + width + column]))
        }
    }

    /// down(silu(gate x) * up x)
    package static func swiGLU(_ x: [Float], gateUp: [Float], down: [Float], inputs: Int) -> [Float] {
        product(gated(x, gateUp, inputs: inputs), down, inputs: gateUp.count / inputs / 2)
    }

    /// Each row of `width` divided by the root of its mean square.
    package static func rmsNorm(_ x: [Float], width: Int, epsilon: Float) -> [Float] {
        var result = x
        for start in stride(from: 0, to: x.count, by: width) {
            let squares = x[start..<start + width].reduce(0.0) { $0 + Double($1) * Double($1) }
            let scale = 1 / (squares / Double(width) + Double(epsilon)).squareRoot()
            for i in start..<start + width { result[i] = Float(Double(x[i]) * scale) }
        }
        return result
    }

    /// Rows become columns.
    package static func transpose(_ x: [Float], columns: Int) -> [Float] {
        let rows = x.count / columns
        return (0..<x.count).map { x[$0 % rows * columns + $0 / rows] }
    }

    package static func sum(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map { $0 + $1 } }

    /// A block of the MLP variant's token mixing on x [positions][channels].
    package static func mixTokens(
        _ x: [Float], channels: Int, gateUp: [Float], down: [Float], epsilon: Float
    ) -> [Float] {
        let positions = x.count / channels
        let turned = transpose(x, columns: channels)
        let mixed = swiGLU(turned, gateUp: gateUp, down: down, inputs: positions)
        return transpose(rmsNorm(sum(turned, mixed), width: positions, epsilon: epsilon), columns: positions)
    }

    /// Rotary position encoding of x [positions][heads * size]: each pair of channels (c, c + size / 2) of a head is
    /// turned by the position's angle for that pair.
    package static func rotated(
        _ x: [Float], heads: Int, size: Int, angle: (_ position: Int, _ pair: Int) -> Double
    ) -> [Float] {
        var result = x
        let half = size / 2
        for position in 0..<x.count / (heads * size) {
            for head in 0..<heads {
                let start = (position * heads + head) * size
                for pair in 0..<half {
                    let (a, b) = (Double(x[start + pair]), Double(x[start + half + pair]))
                    let angle = angle(position, pair)
                    let (c, s) = (Mathematics.cosine(angle), Mathematics.sine(angle))
                    result[start + pair] = Float(a * c - b * s)
                    result[start + half + pair] = Float(b * c + a * s)
                }
            }
        }
        return result
    }

    /// softmax(q k^T / sqrt(size)) v for each head; all of [positions][heads * size].
    package static func attention(q: [Float], k: [Float], v: [Float], heads: Int, size: Int) -> [Float] {
        let width = heads * size
        let positions = q.count / width
        var result = [Float](repeating: 0, count: q.count)
        for head in 0..<heads {
            for row in 0..<positions {
                let query = q[row * width + head * size..<row * width + (head + 1) * size]
                let scores = (0..<positions).map { key -> Double in
                    let start = key * width + head * size
                    return zip(query, k[start..<start + size]).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                        / Double(size).squareRoot()
                }
                let top = scores.max() ?? 0
                let weights = scores.map { Mathematics.exponential($0 - top) }
                let total = weights.reduce(0, +)
                for channel in 0..<size {
                    var sum = 0.0
                    for key in 0..<positions { sum += weights[key] * Double(v[key * width + head * size + channel]) }
                    result[row * width + head * size + channel] = Float(sum / total)
                }
            }
        }
        return result
    }
}
