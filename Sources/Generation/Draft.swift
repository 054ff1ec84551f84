import Puzzles
import Randomness

/// A board with its only solution, before it is written out.
struct Draft<Board: Sendable>: Sendable {
    var board: Board
    /// One value per cell, as the board's type tells.
    var solution: [UInt8]
    /// The search effort of a proof that there is no other solution.
    var difficulty: Int
}

/// How many clues a puzzle gets beyond the needed ones.
struct ClueGenerosity {
    /// The share of the puzzles that get some back.
    var share = 0.5
    /// The largest share of the unneeded clues that comes back.
    var most = 0.5

    /// Needed clues only.
    static let none = ClueGenerosity(share: 0)

    /// The clues to keep of `count`, given the needed ones.
    func widen(_ needed: [Int], of count: Int, using random: inout SplitMix) -> [Int] {
        guard random.chance(share) else { return needed }
        let kept = Set(needed)
        let rate = random.unit() * most
        return needed + (0..<count).filter { !kept.contains($0) && random.chance(rate) }
    }
}
