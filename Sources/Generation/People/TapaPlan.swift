import Puzzles
import Randomness

/// What one Tapa puzzle is to look like, drawn from how published ones look.
struct TapaPlan: PublishedPlan {
    static let tries = 120
    static let relaxations = 6

    let symmetry: ClueSymmetry
    private(set) var clueCount: Int
    let shadedCount: Int
    /// The share of the clues that hold a `?`.
    private(set) var vagueShare: Double
    /// How often a cell beside two walls waits while the wall grows: thin walls leave few single white cells.
    let thinness: Double

    init(size: GridSize, using random: inout SplitMix) {
        symmetry = .draw(halfTurn: 0.35, quarterTurn: 0.07, mirror: 0.01, using: &random)
        let cells = Double(size.count)
        clueCount = max(1, Int((cells * Quantiles(0.12, 0.14, 0.16, 0.19, 0.21).draw(using: &random)).rounded()))
        shadedCount = max(1, Int((cells * Quantiles(0.44, 0.46, 0.5, 0.54, 0.59).draw(using: &random)).rounded()))
        thinness = 0.6 + 0.35 * random.unit()
        vagueShare = random.chance(0.35) ? Quantiles(0.12, 0.25, 0.4, 0.52, 0.75).draw(using: &random) : 0
    }

    /// Takes back a little of what was hard to keep: few clues, and little in them.
    mutating func relax() {
        clueCount += max(1, clueCount / 12)
        vagueShare *= 0.85
    }

    /// How gladly people give a clue, beside how often it comes up: few long runs, which say everything at once.
    static let liking: [Double] = TapaClue.runs.map { runs in
        switch runs {
        case [2]: 2.1
        case [4], [2, 2], [2, 3]: 1.7
        case [3], [3, 3]: 1.4
        case [1, 3], [1, 4]: 0.7
        case [6], [1, 1]: 0.5
        case [0], [5], [1, 5], [2, 4]: 0.3
        case [7], [8]: 0.05
        default: 1
        }
    }

    /// A clue that hides some of the runs of another.
    static func vague(_ code: UInt8, using random: inout SplitMix) -> UInt8 {
        var runs = TapaClue.runs[Int(code)]
        if random.chance(0.35) {
            runs[random.below(runs.count)] = TapaClue.unknown
        } else {
            runs = runs.map { _ in TapaClue.unknown }
        }
        return TapaClue.code(of: runs) ?? code
    }
}
