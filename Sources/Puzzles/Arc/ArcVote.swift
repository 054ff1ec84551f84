import OrderedCollections
import Platform

/// The vote over a test input's answers: each augmentation gives one (its best rollout by Q), mapped back; equal grids
/// are one candidate, ranked by how often it was given, then by the mean of sigmoid(q).
package struct ArcVote: Sendable {
    private struct Tally {
        var count = 0
        var sum = 0.0
        var q = -Float.infinity
        var score: Double?
        var mean: Double { sum / Double(count) }
    }

    /// Candidates in the order of their first votes, so that ties fall the same way every time.
    private var tallies: OrderedDictionary<ArcGrid, Tally> = [:]

    package init() {}

    /// - Parameters:
    ///   - grid: an answer in the task's own colours and orientation.
    ///   - q: the Q logit of the rollout that gave it.
    ///   - score: what a verifier gives it.
    package mutating func add(_ grid: ArcGrid, q: Float, score: Double? = nil) {
        var tally = tallies[grid, default: Tally()]
        tally.count += 1
        tally.sum += Mathematics.sigmoid(Double(q))
        tally.q = max(tally.q, q)
        tally.score = [tally.score, score].compactMap { $0 }.max()
        tallies[grid] = tally
    }

    /// The candidates, best first; `q` is the highest that voted for it.
    /// - Parameter byScore: the highest score comes before the most votes.
    package func ranking(
        byScore: Bool = false
    ) -> [(grid: ArcGrid, count: Int, meanConfidence: Double, q: Float, score: Double?)] {
        tallies.map {
            (grid: $0.key, count: $0.value.count, meanConfidence: $0.value.mean, q: $0.value.q, score: $0.value.score)
        }
        .enumerated()
        .sorted { first, second in
            let (a, b) = (first.element, second.element)
            if byScore, a.score != b.score { return a.score ?? -.infinity > b.score ?? -.infinity }
            if a.count != b.count { return a.count > b.count }
            if a.meanConfidence != b.meanConfidence { return a.meanConfidence > b.meanConfidence }
            return first.offset < second.offset
        }
        .map(\.element)
    }
}
