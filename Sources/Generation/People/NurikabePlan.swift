import Puzzles
import Randomness

/// What one Nurikabe puzzle is to look like, drawn from how published ones look.
struct NurikabePlan: PublishedPlan {
    static let tries = 40
    static let relaxations = 6

    let islandCount: Int
    private(set) var largestIsland: Int
    /// Islands of one cell that there may be.
    private(set) var mostOnes: Int

    init(size: GridSize, using random: inout SplitMix) {
        let chance = random.unit()
        let density = Quantiles(0.1, 0.11, 0.125, 0.14, 0.16).value(at: chance)
        islandCount = max(2, Int((density * Double(size.count)).rounded()))
        // Few islands are large ones.
        let other = random.chance(0.6) ? 1 - chance : random.unit()
        largestIsland = max(3, Int(Quantiles(4, 5, 7, 9, 10).value(at: other).rounded()))
        let ones = max(0, Quantiles(0, 0, 0.08, 0.18, 0.25).draw(using: &random))
        mostOnes = Int((ones * Double(islandCount)).rounded())
    }

    mutating func relax() {
        largestIsland = max(3, largestIsland - 1)
        if largestIsland < 6 { mostOnes += 1 }
    }

    /// Whether islands of these sizes are near to what was planned.
    func fits(_ sizes: [Int]) -> Bool {
        abs(sizes.count - islandCount) <= 1 && (sizes.max() ?? 0) >= largestIsland - 1
            && sizes.count { $0 == 1 } <= mostOnes
    }
}
