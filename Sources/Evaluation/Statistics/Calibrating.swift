import Platform
package import Profiles

/// A Q logit and whether the answer it judged was right.
package struct Judgement: Sendable, Hashable {
    package var q: Double
    package var isRight: Bool

    package init(q: Double, isRight: Bool) {
        self.q = q
        self.isRight = isRight
    }
}

/// The confidence an answer was given, and whether it was right.
package struct Confidence: Sendable, Hashable {
    package var value: Double
    package var isRight: Bool

    /// Expected calibration error: over equally wide bins of confidence, the mean of |share right - mean confidence|
    /// weighted by the answers in each. 0 of nothing.
    package static func calibrationError(_ answers: [Confidence], bins: Int = 10) -> Double {
        var table = [(right: Int, confidence: Double)](repeating: (0, 0), count: bins)
        for answer in answers {
            let bin = min(bins - 1, Int(answer.value * Double(bins)))
            table[bin].right += answer.isRight ? 1 : 0
            table[bin].confidence += answer.value
        }
        return table.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) } / Double(max(1, answers.count))
    }

    /// Mean squared distance of confidence and truth (Brier score); lower is better.
    package static func brierScore(_ answers: [Confidence]) -> Double {
        answers.reduce(0) {
            let distance = $1.value - ($1.isRight ? 1 : 0)
            return $0 + distance * distance
        } / Double(max(1, answers.count))
    }
}

extension [Judgement] {
    /// Expected calibration error of the confidences that a calibration gives; nil: sigmoid(q).
    package func calibrationError(_ calibration: Calibration?, bins: Int = 10) -> Double {
        Confidence.calibrationError(map { $0.judged(by: calibration) }, bins: bins)
    }

    /// Brier score of the same.
    package func brierScore(_ calibration: Calibration?) -> Double {
        Confidence.brierScore(map { $0.judged(by: calibration) })
    }

    /// Platt scaling: the logistic regression of the truth on q, with Platt's targets, which keep finite the scale of
    /// judgements that a threshold separates without a mistake. The scale is at least 0.
    package func plattCalibration() -> Calibration {
        let right = Double(lazy.filter(\.isRight).count)
        let wrong = Double(count) - right
        let targets = (right: (right + 1) / (right + 2), wrong: 1 / (wrong + 2))
        var (scale, offset) = (0.0, Mathematics.logarithm((right + 1) / (wrong + 1)))
        func loss(_ scale: Double, _ offset: Double) -> Double {
            reduce(0) {
                let x = scale * $1.q + offset
                let target = $1.isRight ? targets.right : targets.wrong
                // log(1 + exp(x)) - target * x without overflow.
                let tail = Mathematics.logarithm(onePlus: Mathematics.exponential(-abs(x)))
                return $0 + Swift.max(x, 0) + tail - target * x
            }
        }
        var current = loss(scale, offset)
        for _ in 0..<100 {
            var (gradientA, gradientB, aa, ab, bb) = (0.0, 0.0, 1e-9, 0.0, 1e-9)
            for judgement in self {
                let p = Calibration.sigmoid(scale * judgement.q + offset)
                let difference = p - (judgement.isRight ? targets.right : targets.wrong)
                let weight = p * (1 - p)
                gradientA += difference * judgement.q
                gradientB += difference
                aa += weight * judgement.q * judgement.q
                ab += weight * judgement.q
                bb += weight
            }
            let determinant = aa * bb - ab * ab
            guard determinant > 0 else { break }
            let stepA = (bb * gradientA - ab * gradientB) / determinant
            let stepB = (aa * gradientB - ab * gradientA) / determinant
            var length = 1.0
            var next = loss(scale - stepA, offset - stepB)
            while next > current, length > 1e-9 {
                length /= 2
                next = loss(scale - length * stepA, offset - length * stepB)
            }
            guard next < current else { break }
            scale -= length * stepA
            offset -= length * stepB
            let isDone = current - next < 1e-12 * (1 + abs(current))
            current = next
            if isDone { break }
        }
        // A head that is wrong way round says nothing: then the share of right answers is all that is known.
        guard scale > 0 else { return .platt(scale: 0, offset: Mathematics.logarithm((right + 1) / (wrong + 1))) }
        return .platt(scale: Swift.min(scale, 1000), offset: Swift.max(-1000, Swift.min(1000, offset)))
    }

    /// Isotonic regression by pooling adjacent violators: the rising curve with the least squared error, as two points
    /// for each pool (its ends). Equal logits are pooled first.
    package func isotonicCalibration() -> Calibration {
        typealias Pool = (low: Double, high: Double, right: Double, count: Double)
        var levels: [Pool] = []
        for judgement in sorted(by: { $0.q < $1.q }) {
            if levels.last?.high != judgement.q { levels.append((judgement.q, judgement.q, 0, 0)) }
            levels[levels.count - 1].right += judgement.isRight ? 1 : 0
            levels[levels.count - 1].count += 1
        }
        var pools: [Pool] = []
        for level in levels {
            pools.append(level)
            while pools.count > 1 {
                let (left, last) = (pools[pools.count - 2], pools[pools.count - 1])
                // Equal shares are one pool as well: it keeps the curve short.
                guard left.right * last.count >= last.right * left.count else { break }
                pools.removeLast(2)
                pools.append((left.low, last.high, left.right + last.right, left.count + last.count))
            }
        }
        var points: [Calibration.Point] = []
        for pool in pools {
            let share = pool.right / pool.count
            points.append(.init(q: pool.low, probability: share))
            if pool.high > pool.low { points.append(.init(q: pool.high, probability: share)) }
        }
        // A curve has two points at least.
        if points.count == 1 { points.append(.init(q: points[0].q + 1, probability: points[0].probability)) }
        return .isotonic(points)
    }
}

extension Judgement {
    /// The confidence that an answer with this logit is given; nil: sigmoid(q).
    package func judged(by calibration: Calibration?) -> Confidence {
        Confidence(value: calibration?.confidence(q: Float(q)) ?? Calibration.sigmoid(q), isRight: isRight)
    }
}
