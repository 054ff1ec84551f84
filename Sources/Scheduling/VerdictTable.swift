import Puzzles
import Rollouts

/// The verdicts of one search: what a verifier has said of an answer holds for every rollout that gives it, so that it is
/// asked once, and equal answers never get unequal verdicts.
struct VerdictTable {
    /// A candidate that waits for its verdict.
    struct Waiting {
        var rollout: Int
        var candidate: Candidate
    }

    private enum Entry {
        case asked([Waiting])
        case known(Judgement)
    }

    enum Next {
        case known(Judgement)
        /// Somebody is asked about this answer already, or now.
        case wait(asks: Bool)
    }

    /// Beyond so many answers the table starts anew, so that a search without an end takes no memory without an end.
    private static let most = 100_000

    private var entries: [AnswerFingerprint: Entry] = [:]
    private var known = 0

    /// What there is to say of a candidate now; one that has to wait is kept.
    mutating func look(_ candidate: Candidate, rollout: Int) -> Next {
        let key = AnswerFingerprint(candidate.tokens)
        let waiting = Waiting(rollout: rollout, candidate: candidate)
        switch entries[key] {
        case .known(let judgement): return .known(judgement)
        case .asked(let others):
            entries[key] = .asked(others + [waiting])
            return .wait(asks: false)
        case nil:
            entries[key] = .asked([waiting])
            return .wait(asks: true)
        }
    }

    /// Takes a verdict, and gives the candidates that waited for it.
    mutating func settle(_ tokens: [Int32], _ judgement: Judgement) -> [Waiting] {
        let key = AnswerFingerprint(tokens)
        guard case .asked(let waiting) = entries[key] else { return [] }
        if known >= Self.most {
            entries = entries.filter { if case .asked = $0.value { true } else { false } }
            known = 0
        }
        entries[key] = .known(judgement)
        known += 1
        return waiting
    }

    var isWaiting: Bool { entries.contains { if case .asked = $0.value { true } else { false } } }

    /// Gives up waiting: the candidates that did, in order.
    mutating func giveUp() -> [Waiting] {
        var waiting: [Waiting] = []
        for (key, entry) in entries {
            guard case .asked(let candidates) = entry else { continue }
            waiting += candidates
            entries[key] = .known(.none)
        }
        return waiting.sorted { $0.rollout < $1.rollout }
    }
}
