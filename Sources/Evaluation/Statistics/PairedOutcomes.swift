package import JSON
import Platform

/// Two procedures on the same puzzles: which of them was right where.
package struct PairedOutcomes: Sendable, Hashable {
    package var both = 0
    package var onlyFirst = 0
    package var onlySecond = 0
    package var neither = 0

    /// - Parameter pairs: for each puzzle whether the first and whether the second was right.
    package init(_ pairs: some Sequence<(Bool, Bool)>) {
        for pair in pairs {
            switch pair {
            case (true, true): both += 1
            case (true, false): onlyFirst += 1
            case (false, true): onlySecond += 1
            case (false, false): neither += 1
            }
        }
    }

    /// The exact McNemar test, two-sided: were both equally good, how likely is it that the puzzles which only one of them
    /// has right are shared out at least as unevenly? By the binomial distribution, with no approximation.
    package var p: Double {
        let (count, least) = (onlyFirst + onlySecond, min(onlyFirst, onlySecond))
        guard count > 0 else { return 1 }
        // Each term from the one before it, as logarithms: 2^-n is 0 from n = 1075 on.
        var logarithm = -Double(count) * Mathematics.logarithm(2)
        var sum = Mathematics.exponential(logarithm)
        for k in stride(from: 1, through: least, by: 1) {
            logarithm += Mathematics.logarithm(Double(count - k + 1) / Double(k))
            sum += Mathematics.exponential(logarithm)
        }
        return min(1, 2 * sum)
    }

    package var json: JSON {
        [
            "both": .integer(Int64(both)), "only_first": .integer(Int64(onlyFirst)),
            "only_second": .integer(Int64(onlySecond)), "neither": .integer(Int64(neither)),
            "p": .number(p.rounded(digits: 6)),
        ]
    }
}
