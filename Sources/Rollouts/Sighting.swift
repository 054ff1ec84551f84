import Puzzles

/// The best candidate of one rollout so far, for repairs.
struct Sighting: Sendable {
    var tokens: [Int32]
    /// Positions that its violations name; nil: one of them names none, so any may be to blame.
    var blamed: [Int]?
    var violations: Int
    var q: Float

    init(_ candidate: Candidate, q: Float, side: Int) {
        tokens = candidate.tokens
        let broken = candidate.verdict.violations
        violations = broken.count
        blamed =
            broken.contains { $0.cells.isEmpty }
            ? nil : broken.flatMap { $0.cells.map { $0.row * side + $0.column } }
        self.q = q
    }

    /// Fewer violations first, then the higher halt logit.
    func precedes(_ other: Sighting) -> Bool {
        violations == other.violations ? q > other.q : violations < other.violations
    }
}
