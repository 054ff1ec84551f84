import Puzzles
import Randomness

/// What one puzzle in people's style is to look like. Its figures are drawn as they are spread over published puzzles of up to
/// 10x10; then a generator tries to keep them.
///
/// A puzzle drawn at random and taken or thrown away would look like those that are easy to make, whatever is drawn.
protocol PublishedPlan {
    init(size: GridSize, using random: inout SplitMix)

    /// Takes back a little of what turned out hard to keep.
    mutating func relax()

    /// Tries before a plan is relaxed.
    static var tries: Int { get }

    /// After so many rounds of tries another plan is drawn.
    static var relaxations: Int { get }
}

extension PublishedPlan {
    mutating func relax() {}
    static var relaxations: Int { 1 }
}
