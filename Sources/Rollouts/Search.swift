package import Puzzles

// Rollouts is one request's PTRM search as a pure state machine: given the Q logits of the steps it asked for, it says
// which rollouts step next, whose candidate is needed and when and how the search ends. It starts no threads, reads no
// clock and does no I/O, so every rule of the search is tested without a model.

/// One request's search: K noisy rollouts of a recursive model, of which the Q head picks one (PTRM, Algorithm 1), with
/// early stopping, a ramp, exact checking and budgets.
///
/// A driver repeats: `next()`; run what it demands; `record` each result, in any order. A search advances in rounds, in
/// which each alive rollout does one step, and decides when a round is complete, in order of k. So how the driver splits,
/// batches or reorders the work of a round never shows in the outcome.
package struct Search: Sendable {
    enum Phase: Sendable {
        case betweenRounds
        case stepping
        /// The round's reports are in; candidates are awaited.
        case deciding
        /// Nothing steps any more; the candidates that selection needs are awaited. `winner`: settled while running.
        /// `reason` nil: no rollout is left to run.
        case ending(reason: StopReason?, winner: Int?)
        case finished(SearchOutcome)
    }

    /// The accepted candidates with one answer.
    struct Ballot: Sendable {
        var votes: Int
        var best: (rollout: Int, q: Float)
    }

    package let settings: SearchSettings
    /// What a checker's verdict does in this search: `off` where there is no checker.
    package let verification: SearchSettings.Verification
    let records: SearchRecords
    /// `proposals` of the settings, where the puzzle has partly solved boards.
    let proposals: SearchSettings.Proposals?
    let board: PartialBoard?
    /// Rollouts alive at once at most.
    let width: Int

    var phase = Phase.betweenRounds
    /// Started rollouts; the index is k.
    var rollouts: [Rollout] = []
    /// Rollouts that have steps left to do, in order of k.
    var alive: [Int] = []
    /// The rollouts that step in the open round, in order of k.
    var round: [Int] = []
    /// Rollouts whose report or candidate is awaited.
    var outstanding = 0
    /// The rollouts of the open `.decode`, in order of k.
    var decoding: [Int] = []
    var completedRounds = 0
    var roundsSinceGroup = 0
    var steps = 0
    var dropped = 0
    var pendingEnd: EndReason?
    var ballots: [[Int32]: Ballot] = [:]
    var falseAlarms: Set<AnswerFingerprint> = []
    var released: [Int] = []
    var copies: [Copy] = []
    /// The first rollout of `proposals`; nil before they begin.
    var firstProposal: Int?
    /// (k, q) of every finite step, in order of rounds, then of k.
    var trace: [(rollout: Int32, q: Float)] = []

    /// - Parameters:
    ///   - hasChecker: whether the task has an exact checker.
    ///   - records: what the outcome carries beyond the answer.
    ///   - maxAlive: bounds the carries in memory where that cannot show in the outcome (`rolloutsAreIndependent`); it is
    ///     ignored elsewhere.
    ///   - board: how the puzzle looks partly solved; nil: not at all, and `proposals` are left out.
    package init(
        settings: SearchSettings, hasChecker: Bool, records: SearchRecords = [], maxAlive: Int = .max,
        board: PartialBoard? = nil
    ) {
        self.board = board
        proposals = board.flatMap { $0.open.isEmpty ? nil : settings.proposals }
        self.settings = settings
        self.records = records
        verification = hasChecker ? settings.verify ?? .require : .off
        if let proposals {
            width = max(proposals.alive, settings.ramp?.total(within: proposals.after, K: settings.K) ?? settings.K)
        } else {
            width = Search.rolloutsAreIndependent(settings, verification: verification) ? max(1, maxAlive) : .max
        }
    }

    /// Whether a candidate's margins are looked at.
    package var needsMargins: Bool { proposals != nil }

    /// Whether a candidate's verdict is looked at; if not, a driver need not check.
    package var needsVerdicts: Bool { verification != .off }
    /// Whether a candidate's score is looked at, which a verifier gives with its verdict.
    package var needsScores: Bool { settings.selection == .score }

    /// An upper bound of the carries that the search needs at the same time.
    package var peakAlive: Int {
        let started = settings.ramp?.peakAlive(K: settings.K, D: settings.D) ?? settings.K
        if proposals != nil { return max(0, min(settings.K, width, settings.limits.maxSteps ?? .max)) }
        return max(0, min(started, width, settings.limits.maxSteps ?? .max))
    }

    /// The work that the search waits for. Called again before everything is recorded, it repeats what is missing.
    package mutating func next() -> Demand {
        while true {
            switch phase {
            case .betweenRounds:
                beginRound()
            case .stepping:
                if outstanding > 0 && pendingEnd == nil { return .step(orders()) }
                closeRound()
            case .deciding:
                if outstanding > 0 { return .decode(missingCandidates()) }
                decideRound()
            case .ending(let reason, let winner):
                if outstanding > 0 { return .decode(missingCandidates()) }
                phase = .finished(outcome(reason: reason, winner: winner))
            case .finished(let outcome):
                return .finished(outcome)
            }
        }
    }

    /// Takes the result of an ordered step. One that is not awaited (any more) is ignored.
    package mutating func record(_ report: StepReport, of rollout: Int) {
        guard rollouts.indices.contains(rollout), rollouts[rollout].awaited == .report else { return }
        rollouts[rollout].awaited = .nothing
        rollouts[rollout].report = report
        outstanding -= 1
    }

    /// Takes a candidate that was asked for. One that is not awaited is ignored.
    package mutating func record(_ candidate: Candidate, of rollout: Int) {
        guard rollouts.indices.contains(rollout), rollouts[rollout].awaited == .candidate else { return }
        rollouts[rollout].awaited = .nothing
        rollouts[rollout].candidate = candidate
        rollouts[rollout].decodedAt = rollouts[rollout].steps
        if verification == .off {
            rollouts[rollout].candidate?.verdict = .unchecked
        } else if proposals == nil, !records.contains(.violations) {
            rollouts[rollout].candidate?.verdict = candidate.verdict.first
        }
        outstanding -= 1
    }

    /// Ends the search from outside; the first reason given counts.
    ///
    /// A round whose steps are all recorded is still decided. In an open round the recorded steps count, without offers,
    /// and the rest is abandoned: the next `next()` asks for the candidates of every rollout that has run. A driver must
    /// see to it that by then no step is still changing a carry without having been recorded.
    package mutating func end(_ reason: EndReason) {
        if pendingEnd == nil { pendingEnd = reason }
    }

    /// The rollouts whose carries are not needed any more, since the last call.
    package mutating func takeReleased() -> [Int] {
        defer { released = [] }
        return released
    }

    /// The recorded steps, and the best rollout as of the last complete round, for progress lines. Looks at every
    /// started rollout.
    package var progress: SearchProgress {
        var recorded = 0
        if case .stepping = phase { recorded = round.count - outstanding }
        var best: (rollout: Int, q: Float)?
        var started = 0
        for (k, rollout) in rollouts.enumerated() where rollout.steps > 0 {
            started += 1
            guard rollout.stands else { continue }
            if best.map({ Rollout.precedes((k, rollout.q), $0) }) ?? true { best = (k, rollout.q) }
        }
        return SearchProgress(
            steps: steps + recorded, rollouts: started,
            best: best.map {
                let rollout = rollouts[$0.rollout]
                return .init(
                    rollout: $0.rollout, q: $0.q, candidate: rollout.isDecoded ? rollout.candidate : nil)
            })
    }
}
