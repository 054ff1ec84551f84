import Puzzles
import Randomness

/// The sizes of boards that people publish, up to 10x10, as often as they do.
struct PublishedSizes {
    private let shares: [(size: GridSize, count: Int)]

    /// - Parameter counts: width, height, and how many puzzles have that size.
    init(_ counts: (width: Int, height: Int, count: Int)...) {
        shares = counts.map { (GridSize(width: $0.width, height: $0.height), $0.count) }
    }

    func draw(using random: inout SplitMix) -> GridSize? {
        var left = random.below(shares.reduce(0) { $0 + $1.count })
        for (size, count) in shares {
            left -= count
            if left < 0 { return size }
        }
        return nil
    }
}
