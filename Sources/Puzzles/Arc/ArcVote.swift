#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The vote over a test input's answers: each augmentation gives one (its best rollout by Q), mapped back; equal grids
/// are one candidate, ranked by how often it was given, then by the mean of sigmoid(q).
package struct ArcVote: Sendable {
    private struct Tally {
        var count = 0
        var sum = 0.0
        var q = -Float.infinity
        var mean: Double { sum / Double(count) }
    }

    private var tallies: [ArcGrid: Tally] = [:]
    /// Candidates in the order of their first votes, so that ties fall the same way every time.
    private var order: [ArcGrid] = []

    package init() {}

    /// - Parameters:
    ///   - grid: an answer in the task's own colours and orientation.
    ///   - q: the Q logit of the rollout that gave it.
    package mutating func add(_ grid: ArcGrid, q: Float) {
        if tallies[grid] == nil { order.append(grid) }
        tallies[grid, default: Tally()].count += 1
        tallies[grid, default: Tally()].sum += 1 / (1 + exp(-Double(q)))
        tallies[grid, default: Tally()].q = max(tallies[grid, default: Tally()].q, q)
    }

    /// The candidates, best first; `q` is the highest that voted for it.
    package func ranking() -> [(grid: ArcGrid, count: Int, meanConfidence: Double, q: Float)] {
        order.compactMap { grid in tallies[grid].map { (grid, $0.count, $0.mean, $0.q) } }
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
