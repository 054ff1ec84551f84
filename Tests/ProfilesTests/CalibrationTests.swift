import Profiles
import Randomness
import TestSupport
import Testing

@Suite struct CalibrationTests {
    @Test(
        arguments: [
            (0, 0.5), (6.61, 0.9986549), (-5, 0.0066929), (.infinity, 1), (-.infinity, 0), (.nan, 0), (1000, 1),
            (-1000, 0),
        ] as [(Double, Double)])
    func sigmoid(_ q: Double, _ expected: Double) {
        #expect(abs(Calibration.sigmoid(q) - expected) < 1e-7)
    }

    @Test(
        arguments: [
            (2, -1, 0.5, 0.5), (2, -1, 1, 0.7310586), (0, 0, 5, 0.5), (0, 2, .infinity, 0.8807971),
            (1, 0, -.infinity, 0),
            (1, 0, .nan, 0),
        ] as [(Double, Double, Float, Double)])
    func platt(_ scale: Double, _ offset: Double, _ q: Float, _ expected: Double) {
        #expect(abs(Calibration.platt(scale: scale, offset: offset).confidence(q: q) - expected) < 1e-7)
    }

    @Test(
        arguments: [
            (-10, 0.1), (-1, 0.1), (0, 0.3), (1, 0.5), (2, 0.5), (3, 0.5), (4, 0.75), (5, 1), (50, 1), (.infinity, 1),
            (-.infinity, 0.1), (.nan, 0),
        ] as [(Float, Double)])
    func isotonic(_ q: Float, _ expected: Double) {
        let calibration = Calibration.isotonic(
            [(-1, 0.1), (1, 0.5), (3, 0.5), (5, 1)].map { .init(q: $0.0, probability: $0.1) })
        #expect(abs(calibration.confidence(q: q) - expected) < 1e-12)
    }

    @Test(arguments: 0..<20)
    func neverFalls(_ seed: UInt64) {
        var random = SplitMix(seed: seed)
        func sorted(_ range: ClosedRange<Double>) -> [Double] {
            (0..<12).map { _ in Double.random(in: range, using: &random) }.sorted()
        }
        let points = zip(sorted(-9...9), sorted(0...1)).map { Calibration.Point(q: $0, probability: $1) }
        let calibrations: [Calibration] = [
            .isotonic(points),
            .platt(scale: .random(in: 0...3, using: &random), offset: .random(in: -3...3, using: &random)),
        ]
        for calibration in calibrations {
            var previous = 0.0
            for step in -1000...1000 {
                let confidence = calibration.confidence(q: Float(step) / 100)
                #expect(confidence >= previous && confidence <= 1)
                previous = confidence
            }
        }
    }
}
