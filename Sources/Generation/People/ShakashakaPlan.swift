import Puzzles
import Randomness

/// What one Shakashaka puzzle is to look like.
struct ShakashakaPlan: PublishedPlan {
    static let tries = 120

    var symmetry = ClueSymmetry.none
    /// Black cells that the first division may have; more follow until there is one solution.
    var mostAtFirst: Int
    /// People's: what the finished board is to have.
    var wanted: Wanted?

    struct Wanted {
        var blackCount: Int
        /// The share of the black cells that have a number.
        var numberShare: Double
    }

    /// A division with more black cells is given up.
    func mostBlacks(_ size: GridSize) -> Int {
        wanted.map { $0.blackCount + max(1, size.count / 50) } ?? size.count / 4
    }

    /// A random one.
    init(random size: GridSize, using random: inout SplitMix) {
        mostAtFirst = max(1, Int(Double(size.count) * (0.09 + 0.09 * random.unit())))
    }

    /// As published ones look.
    init(size: GridSize, using random: inout SplitMix) {
        symmetry = .draw(halfTurn: 0.05, quarterTurn: 0.03, mirror: 0, using: &random)
        let share = Quantiles(0.09, 0.11, 0.14, 0.16, 0.18).draw(using: &random)
        let unnumbered = Quantiles(0, 0.11, 0.3, 0.43, 0.59).draw(using: &random)
        let count = max(1, Int((share * Double(size.count)).rounded()))
        wanted = Wanted(blackCount: count, numberShare: min(1, max(0.1, 1 - unnumbered)))
        mostAtFirst = max(1, count * 2 / 5)
    }
}
