import Evaluation
import Profiles
import Testing

@Suite struct CalibratingTests {
    /// Judgements whose truth follows `sigmoid(scale * q + offset)` exactly, in shares of many per logit.
    static func drawn(scale: Double, offset: Double, each: Int = 1000) -> [Judgement] {
        stride(from: -6.0, through: 6.0, by: 0.5).flatMap { q in
            let right = Int((Calibration.sigmoid(scale * q + offset) * Double(each)).rounded())
            return (0..<each).map { Judgement(q: q, isRight: $0 < right) }
        }
    }

    @Test func calibratedJudgementsHaveNoError() {
        let judgements = Self.drawn(scale: 1, offset: 0)
        #expect(judgements.calibrationError(nil) < 0.001)
        // The same from hand: all sure (0.95257) and one in two right.
        let sure = (0..<10).map { Judgement(q: 3, isRight: $0 < 5) }
        #expect(abs(sure.calibrationError(nil) - 0.45257) < 1e-5)
        #expect([Judgement]().calibrationError(nil) == 0)
    }

    @Test(arguments: [(0.5, -1.0), (2.0, 0.5), (1.0, 0.0)])
    func plattFindsTheCurveThatTheTruthFollows(_ scale: Double, _ offset: Double) throws {
        let judgements = Self.drawn(scale: scale, offset: offset)
        guard case .platt(let a, let b) = judgements.plattCalibration() else { throw Failed() }
        #expect(abs(a - scale) < 0.02 && abs(b - offset) < 0.02)
        #expect(judgements.calibrationError(.platt(scale: a, offset: b)) < 0.002)
    }

    @Test func plattStaysFiniteAndNeverFalls() throws {
        let separable = [-2.0, -1, 1, 2].map { Judgement(q: $0, isRight: $0 > 0) }
        guard case .platt(let scale, let offset) = separable.plattCalibration() else { throw Failed() }
        #expect(scale > 0 && scale < 10 && abs(offset) < 1e-6)
        let reversed = [-2.0, -1, 1, 2].map { Judgement(q: $0, isRight: $0 < 0) }
        #expect(reversed.plattCalibration() == .platt(scale: 0, offset: 0))
    }

    @Test func isotonicPoolsWhatFalls() {
        let judgements = [(1.0, false), (2.0, true), (3.0, false), (4.0, true), (5.0, true)].map {
            Judgement(q: $0.0, isRight: $0.1)
        }
        #expect(
            judgements.isotonicCalibration()
                == .isotonic([
                    .init(q: 1, probability: 0), .init(q: 2, probability: 0.5), .init(q: 3, probability: 0.5),
                    .init(q: 4, probability: 1), .init(q: 5, probability: 1),
                ]))
    }

    @Test func isotonicOfOneLogitIsACurve() {
        let same = (0..<4).map { Judgement(q: 2, isRight: $0 == 0) }
        #expect(
            same.isotonicCalibration() == .isotonic([.init(q: 2, probability: 0.25), .init(q: 3, probability: 0.25)]))
    }

    /// Against any other rising curve on the same logits: the pooled one has the least squared error.
    @Test(arguments: 0..<20) func isotonicIsTheBestRisingCurve(_ seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        let judgements = (0..<40).map { index in
            Judgement(q: Double(index / 2), isRight: random() < Double(index) / 40)
        }
        let best = judgements.isotonicCalibration()
        guard case .isotonic(let points) = best else { throw Failed() }
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.probability <= $1.probability && $0.q < $1.q })
        for _ in 0..<50 {
            let levels = (0..<20).map { _ in random() }.sorted()
            let other = Calibration.isotonic(levels.enumerated().map { .init(q: Double($0), probability: $1) })
            #expect(judgements.brierScore(best) <= judgements.brierScore(other) + 1e-12)
        }
    }

    struct Failed: Error {}
}
