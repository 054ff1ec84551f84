/// What a search remembers of one started rollout.
struct Rollout: Sendable {
    enum State: Sendable, Hashable {
        case alive
        /// Its candidate was accepted at the threshold or in a regular check.
        case accepted(StopReason)
        case exhausted
        case dropped
    }

    /// The answer a search waits for.
    enum Awaited: Sendable, Hashable {
        case nothing
        case report
        case candidate
    }

    /// What it is given to solve.
    var start = RolloutStart.identity
    /// Steps at most.
    var depth: Int
    var state = State.alive
    var awaited = Awaited.nothing
    /// The report of the open round, until the round is closed.
    var report: StepReport?
    /// Finished supervision steps.
    var steps = 0
    /// The halt logit of the last finished step.
    var q: Float = 0
    /// Consecutive rounds at or above the threshold, up to now.
    var streak = 0
    /// Whether the candidate asked for in this round is an offer.
    var offers = false
    /// The last decoded answer and the number of steps it was decoded after.
    var candidate: Candidate?
    var decodedAt = 0

    /// With `proposals`: its best candidate so far, and the tokens and margins of its last one.
    var sighting: Sighting?
    var seen: (tokens: [Int32], margins: CellMargins)?

    init(depth: Int) { self.depth = depth }

    /// Whether the candidate belongs to the last step.
    var isDecoded: Bool { candidate != nil && decodedAt == steps }

    /// Whether the rollout can answer the search.
    var stands: Bool { steps > 0 && state != .dropped }

    /// Higher halt logit first, then the lower k.
    static func precedes(_ left: (rollout: Int, q: Float), _ right: (rollout: Int, q: Float)) -> Bool {
        left.q == right.q ? left.rollout < right.rollout : left.q > right.q
    }
}
