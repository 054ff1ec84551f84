// Evaluation measures: it records what rollouts do step by step, works out from the records what any search would have
// done (a search's rounds are replayed by `Rollouts` itself), and turns that into metrics, plots and tuned profiles.

package import JSON

/// A share of a sample, with its uncertainty.
///
///     Proportion(883, of: 1000).text  // "88.3 % (86.2-90.1)"
package struct Proportion: Sendable, Hashable {
    package var count: Int
    package var total: Int
    /// How many independent outcomes these are worth; nil: each is one. Several rollouts of one puzzle are fewer.
    package var independent: Double?

    package init(_ count: Int, of total: Int) {
        self.count = count
        self.total = total
    }

    /// So many outcomes of each puzzle, as (count, total): the puzzles are independent, the outcomes of one are not. They
    /// are worth as many independent ones as would vary as the mean over the puzzles does (Kish's effective sample size).
    package init(clusters: [(count: Int, total: Int)]) {
        self.init(clusters.reduce(0) { $0 + $1.count }, of: clusters.reduce(0) { $0 + $1.total })
        let known = clusters.filter { $0.total > 0 }
        guard known.count > 1, total > known.count else { return }
        let (puzzles, size) = (Double(known.count), Double(total) / Double(known.count))
        let squares = known.reduce(0.0) { sum, cluster in
            let difference = Double(cluster.count) - value * Double(cluster.total)
            return sum + difference * difference
        }
        let variance = squares / (size * size) / (puzzles * (puzzles - 1))
        // All right or all wrong says nothing of how the outcomes of a puzzle hang together.
        let worth = value * (1 - value) == 0 ? puzzles : value * (1 - value) / variance
        independent = min(max(worth, puzzles), Double(total))
    }

    package init(_ outcomes: some Sequence<Bool>) {
        self.init(0, of: 0)
        for outcome in outcomes {
            total += 1
            count += outcome ? 1 : 0
        }
    }

    /// NaN for none of none.
    package var value: Double { Double(count) / Double(total) }

    /// The Wilson score interval that covers the true share in 95 % of samples; 0...1 for none of none.
    package var interval: ClosedRange<Double> {
        guard total > 0 else { return 0...1 }
        let z = 1.959_963_984_540_054
        let n = independent ?? Double(total)
        let scale = 1 / (1 + z * z / n)
        let centre = scale * (value + z * z / (2 * n))
        let reach = scale * z * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot()
        // At 0 and at 1 the ends are exact; rounding must not move them.
        return (count == 0 ? 0 : max(0, centre - reach))...(count == total ? 1 : min(1, centre + reach))
    }

    package var json: JSON {
        let interval = interval
        return [
            "count": .integer(Int64(count)), "total": .integer(Int64(total)),
            "value": total == 0 ? .null : .number(value.rounded(digits: 5)),
            "interval": [
                .number(interval.lowerBound.rounded(digits: 5)), .number(interval.upperBound.rounded(digits: 5)),
            ],
        ]
    }

    /// `95.0 % (88.8-97.8)`.
    package var text: String {
        guard total > 0 else { return "-" }
        let interval = interval
        return
            "\((100 * value).text(1)) % (\((100 * interval.lowerBound).text(1))-\((100 * interval.upperBound).text(1)))"
    }
}
