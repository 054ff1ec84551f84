import Puzzles
import Randomness

/// What one Light Up puzzle is to look like.
struct LightupPlan: PublishedPlan {
    static let tries = 40

    var symmetry: ClueSymmetry
    /// The chance of a cell to start as a black one; more follow until there is one solution.
    var density: Double
    /// People's: what the finished board is to have.
    var wanted: Wanted?

    struct Wanted {
        var blackCount: Int
        /// The share of the black cells that have a number.
        var numberShare: Double
    }

    /// Random ones: in point symmetry more often than not, as setters like them.
    init(using random: inout SplitMix) {
        symmetry = random.chance(0.6) ? .halfTurn : .none
        density = 0.14 + 0.16 * random.unit()
    }

    /// As published ones look.
    init(size: GridSize, using random: inout SplitMix) {
        symmetry = .draw(halfTurn: 0.66, quarterTurn: 0.26, mirror: 0.02, using: &random)
        let share = Quantiles(0.18, 0.2, 0.24, 0.24, 0.3).draw(using: &random)
        let unnumbered = Quantiles(0.25, 0.33, 0.42, 0.54, 0.62).draw(using: &random)
        wanted = Wanted(
            blackCount: max(1, Int((share * Double(size.count)).rounded())),
            numberShare: min(1, max(0.1, 1 - unnumbered)))
        density = 0.9 * share
    }
}
