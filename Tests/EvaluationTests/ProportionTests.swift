import Evaluation
import JSON
import Testing

@Suite struct ProportionTests {
    /// Intervals from Wilson's formula, worked out in Python.
    @Test(arguments: [
        (8, 10, 0.49016, 0.94332), (99, 100, 0.94551, 0.99823), (0, 20, 0.0, 0.16113), (20, 20, 0.83887, 1.0),
        (500, 1000, 0.46907, 0.53093),
    ])
    func interval(_ count: Int, _ total: Int, _ low: Double, _ high: Double) {
        let interval = Proportion(count, of: total).interval
        #expect(abs(interval.lowerBound - low) < 1e-5 && abs(interval.upperBound - high) < 1e-5)
    }

    /// Ten outcomes of each of ten puzzles: all alike they are worth ten, each on its own a hundred.
    @Test(
        arguments: [
            ([10, 10, 10, 10, 10, 0, 0, 0, 0, 0], 10), ([5, 5, 5, 5, 5, 5, 5, 5, 5, 5], 100),
            // The shares' variance is 11 / 90, so that of their mean 11 / 900; 0.25 over that is 20.45.
            ([10, 9, 8, 7, 6, 4, 3, 2, 1, 0], 20.4545), ([10, 10, 10, 10, 10, 10, 10, 10, 10, 10], 10),
        ] as [([Int], Double)])
    func outcomesOfOnePuzzleHangTogether(_ counts: [Int], _ worth: Double) {
        let clustered = Proportion(clusters: counts.map { ($0, 10) })
        #expect(clustered.total == 100 && clustered.count == counts.reduce(0, +))
        #expect(abs((clustered.independent ?? 100) - worth) < 0.001, "\(clustered.independent ?? .nan)")
        let count = Int((clustered.value * worth).rounded())
        let width = { (range: ClosedRange<Double>) in range.upperBound - range.lowerBound }
        #expect(abs(width(clustered.interval) - width(Proportion(count, of: Int(worth.rounded())).interval)) < 0.02)
        #expect(Proportion(clusters: counts.map { ($0 / 10, 1) }).independent == nil)
    }

    @Test func nothing() {
        #expect(Proportion(0, of: 0).interval == 0...1)
        #expect(Proportion(0, of: 0).text == "-")
        #expect(Proportion(0, of: 0).json["value"]?.isNull == true)
    }

    @Test(arguments: [(0.0, 2, "0.00"), (-1.005, 1, "-1.0"), (12.345, 0, "12"), (0.999, 2, "1.00"), (.nan, 1, "-")])
    func text(_ value: Double, _ digits: Int, _ expected: String) {
        #expect(value.text(digits) == expected)
    }
}
