import Platform

/// How a Q logit becomes a probability when the model's own head is not calibrated.
package enum Calibration: Sendable, Hashable {
    /// `sigmoid(scale * q + offset)` (Platt scaling); scale >= 0.
    case platt(scale: Double, offset: Double)
    /// Straight lines between points of rising `q`, with the first and last probability beyond them (isotonic
    /// regression); the probabilities never fall.
    case isotonic([Point])

    package struct Point: Sendable, Hashable {
        package var q: Double
        package var probability: Double

        package init(q: Double, probability: Double) {
            self.q = q
            self.probability = probability
        }
    }

    /// In 0...1, and never falling as q rises; a q that is not a number has the confidence 0.
    package func confidence(q: Float) -> Double {
        let q = Double(q)
        guard !q.isNaN else { return 0 }
        switch self {
        case .platt(let scale, let offset):
            // 0 x infinity is no number; a scale of 0 ignores q.
            return Self.sigmoid(scale == 0 ? offset : scale * q + offset)
        case .isotonic(let points): return Self.interpolate(points, at: q)
        }
    }

    /// 1 / (1 + exp(-x)), which is 0 and 1 at the infinities; 0 for what is not a number.
    package static func sigmoid(_ x: Double) -> Double {
        x.isNaN ? 0 : Mathematics.sigmoid(x)
    }

    private static func interpolate(_ points: [Point], at q: Double) -> Double {
        guard let upper = points.firstIndex(where: { $0.q >= q }) else { return points.last?.probability ?? 0 }
        guard upper > 0 else { return points[0].probability }
        let (left, right) = (points[upper - 1], points[upper])
        let share = (q - left.q) / (right.q - left.q)
        // Rounding must not carry a value past the points it lies between.
        return min(left.probability + share * (right.probability - left.probability), right.probability)
    }
}
