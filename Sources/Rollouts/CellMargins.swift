import Platform
import Puzzles

/// How sure a candidate is of its cells.
package struct CellMargins: Sendable, Hashable {
    /// By position: the second most probable token.
    package var runnersUp: [Int32]
    /// By position: how far the logit of the first is above that of the second; never negative.
    package var margins: [Float]

    package init(runnersUp: [Int32], margins: [Float]) {
        self.runnersUp = runnersUp
        self.margins = margins
    }
}

/// What the rollouts together believe of the open cells: for each value, the sigmoid of its mean margin over the rollouts.
///
/// A value's margin in one rollout is its logit less the best other one's, and lies within `bound`: that of the most probable
/// token is the margin that `CellMargins` has, that of the second its opposite, and others are as improbable as can be.
struct CellBeliefs {
    static let bound: Float = 8

    /// By open cell, then by value; each cell's add up to 1.
    private(set) var probabilities: [[Double]] = []

    /// - Parameter views: each rollout's tokens and margins; empty: nothing is believed.
    init(_ views: [(tokens: [Int32], margins: CellMargins)], on board: PartialBoard) {
        guard !views.isEmpty else { return }
        let bound = Double(Self.bound)
        probabilities = board.open.map { position in
            var sums = [Double](repeating: -bound * Double(views.count), count: board.values.count)
            for (tokens, cells) in views {
                let margin = Double(min(max(cells.margins[position], 0), Self.bound))
                for (index, value) in board.values.enumerated() {
                    if value == tokens[position] { sums[index] += bound + margin }
                    if value == cells.runnersUp[position] { sums[index] += bound - margin }
                }
            }
            let beliefs = sums.map { Mathematics.sigmoid($0 / Double(views.count)) }
            let whole = beliefs.reduce(0, +)
            return beliefs.map { $0 / whole }
        }
    }
}
