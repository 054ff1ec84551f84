// Evaluation measures: it records what rollouts do step by step, works out from the records what any search would have
// done (a search's rounds are replayed by `Rollouts` itself), and turns that into metrics, plots and tuned profiles.

package import JSON

/// So many of so many, with its uncertainty.
package struct Proportion: Sendable, Hashable {
    package var count: Int
    package var total: Int

    package init(_ count: Int, of total: Int) {
        self.count = count
        self.total = total
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
        let n = Double(total)
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
