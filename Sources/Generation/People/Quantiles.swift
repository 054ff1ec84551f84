import Randomness

/// A quantity known by five of its quantiles, as a table of figures gives it; between them, and as far again beyond the outer
/// ones, it is drawn evenly.
///
///     let density = Quantiles(0.12, 0.14, 0.16, 0.19, 0.21)
///     density.draw(using: &random)  // at most 0.16 in every second draw
struct Quantiles {
    /// The chances below which the values lie.
    static let chances = [0.1, 0.25, 0.5, 0.75, 0.9]
    private let values: [Double]

    /// The values at 10, 25, 50, 75 and 90 %, in ascending order.
    init(_ tenth: Double, _ quarter: Double, _ half: Double, _ threeQuarters: Double, _ nineTenths: Double) {
        values = [tenth, quarter, half, threeQuarters, nineTenths]
    }

    func draw(using random: inout SplitMix) -> Double { value(at: random.unit()) }

    /// The value that the share `chance` of all lies below.
    func value(at chance: Double) -> Double {
        let next = Self.chances.firstIndex { chance < $0 } ?? Self.chances.count
        // The outer parts go on as the ones beside them.
        let upper = min(max(next, 1), Self.chances.count - 1)
        let slope = (values[upper] - values[upper - 1]) / (Self.chances[upper] - Self.chances[upper - 1])
        return values[upper - 1] + slope * (chance - Self.chances[upper - 1])
    }
}
