import OrderedCollections
import Platform

/// The vote over a test input's answers: each augmentation gives one (its best rollout by Q), mapped back; equal grids
/// are one candidate, ranked by how often it was given, then by the mean of sigmoid(q).
package struct ArcVote: Sendable {
    private struct Tally {
        var count = 0
        var sum = 0.0
        var q = -Float.infinity
        var mean: Double { sum / Double(count) }
    }

    /// Candidates in the order of their first votes, so that ties fall the same way every time.
    private var tallies: OrderedDictionary<ArcGrid, Tally> = [:]

    package init() {}

    /// - Parameters:
    ///   - grid: an answer in the task's own colours and orientation.
    ///   - q: the Q logit of the rollout that gave it.
    package mutating func add(_ grid: ArcGrid, q: Float) {
        var tally = tallies[grid, default: Tally()]
        tally.count += 1
        tally.sum += Mathematics.sigmoid(Double(q))
        tally.q = max(tally.q, q)
        tallies[grid] = tally
    }

    /// The candidates, best first; `q` is the highest that voted for it.
    package func ranking() -> [(grid: ArcGrid, count: Int, meanConfidence: Double, q: Float)] {
        tallies.map { (grid: $0.key, count: $0.value.count, meanConfidence: $0.value.mean, q: $0.value.q) }
            .enumerated()
            .sorted { first, second in
                let (a, b) = (first.element, second.element)
                if a.count != b.count { return a.count > b.count }
                if a.meanConfidence != b.meanConfidence { return a.meanConfidence > b.meanConfidence }
                return first.offset < second.offset
            }
            .map(\.element)
    }
}
