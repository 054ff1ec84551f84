import TRM

/// Starting rollouts, ordering a round's steps, and closing it.
extension Search {
    /// Whether no rollout can end or start another one: then only each rollout's own steps matter, and the rollouts may
    /// run one after the other with the same outcome.
    static func rolloutsAreIndependent(
        _ settings: SearchSettings, verification: SearchSettings.Verification
    ) -> Bool {
        let canAccept = settings.qThreshold != nil || (settings.checkEvery != nil && verification != .off)
        return settings.resampling == nil && settings.ramp == nil && settings.limits.maxSteps == nil
            && (settings.stop == .all || !canAccept)
    }

    /// Steps that the budget still allows.
    private var remainingSteps: Int { settings.limits.maxSteps.map { max(0, $0 - steps) } ?? .max }

    /// Opens the next round, or the search's end when there is none.
    mutating func beginRound() {
        // The ends that are the same on every run come before those that depend on the clock.
        if alive.isEmpty && rollouts.count >= settings.K { return finish(nil) }
        if remainingSteps == 0 { return finish(.stepLimit) }
        if let pendingEnd { return finish(pendingEnd.stopReason) }
        if isProposing {
            retireFirstRollouts()
            startProposals(room: min(remainingSteps, width))
        } else {
            startRollouts()
        }
        // A budget that does not reach for all steps the lowest k; it is spent after this round.
        round = Array(alive.prefix(remainingSteps))
        for k in round { rollouts[k].awaited = .report }
        outstanding = round.count
        phase = .stepping
    }

    /// Starts the rollouts that are due, each of which steps in the round about to begin.
    private mutating func startRollouts() {
        let started = rollouts.count
        var total = settings.K
        if let ramp = settings.ramp, started < total {
            guard started == 0 || alive.isEmpty || roundsSinceGroup >= ramp.every else { return }
            total = ramp.total(after: started, K: total)
        }
        let room = min(remainingSteps, width) - alive.count
        let count = min(total - started, room)
        guard count > 0 else { return }
        for k in started..<started + count {
            rollouts.append(Rollout(depth: settings.D))
            if settings.solvesView(rollout: k) { rollouts[k].start = .view }
        }
        alive.append(contentsOf: started..<started + count)
        roundsSinceGroup = 0
    }

    /// The steps of the open round that are not recorded yet.
    func orders() -> [StepOrder] {
        var orders: [StepOrder] = []
        orders.reserveCapacity(outstanding)
        for k in round where rollouts[k].awaited == .report {
            let step = rollouts[k].steps
            orders.append(
                StepOrder(
                    rollout: k, step: step, noise: noise(rollout: k, step: step),
                    start: rollouts[k].start))
        }
        return orders
    }

    private func noise(rollout: Int, step: Int) -> StepNoise? {
        guard settings.sigma != 0, rollout > 0 || settings.firstRollout == .noisy else { return nil }
        return StepNoise(
            seed: settings.seed, rollout: UInt32(truncatingIfNeeded: rollout), step: UInt32(truncatingIfNeeded: step),
            sigma: settings.sigma, target: settings.noise)
    }

    /// Takes over the round's reports, in order of k, and asks for the candidates that its decision needs.
    mutating func closeRound() {
        let isComplete = outstanding == 0
        for k in round { takeReport(of: k) }
        outstanding = 0
        if !isComplete, let pendingEnd { return finish(pendingEnd.stopReason) }
        completedRounds += 1
        roundsSinceGroup += 1
        decoding = []
        for k in round where rollouts[k].state == .alive {
            rollouts[k].offers = reachesOffer(rollouts[k])
            // At depth the answer is decoded at once, so that the carry can go. Proposals are made from all that is seen.
            let isDue = rollouts[k].offers || isChecked(rollouts[k]) || rollouts[k].steps >= rollouts[k].depth
            if isDue || proposals != nil { decoding.append(k) }
        }
        awaitCandidates()
        phase = .deciding
    }

    /// Counts one recorded step. A rollout with a value that is not finite is given up.
    private mutating func takeReport(of k: Int) {
        rollouts[k].awaited = .nothing
        guard let report = rollouts[k].report else { return }
        rollouts[k].report = nil
        rollouts[k].steps += 1
        steps += 1
        guard report.isFinite && report.q.isFinite else {
            rollouts[k].state = .dropped
            rollouts[k].candidate = nil
            dropped += 1
            released.append(k)
            return
        }
        rollouts[k].q = report.q
        if let threshold = settings.qThreshold, report.q >= threshold {
            rollouts[k].streak += 1
        } else {
            rollouts[k].streak = 0
        }
        if records.contains(.trace) { trace.append((Int32(truncatingIfNeeded: k), report.q)) }
    }

    private func reachesOffer(_ rollout: Rollout) -> Bool {
        rollout.streak >= max(1, settings.patience) && rollout.steps >= settings.minSteps
    }

    /// Whether this round is one in which `check_every` looks at the rollout.
    func isChecked(_ rollout: Rollout) -> Bool {
        guard let every = settings.checkEvery, verification != .off else { return false }
        // Without a ramp all rollouts share the count of rounds, also when `width` makes some start later.
        let rounds = settings.ramp == nil ? rollout.steps : completedRounds
        return rounds.isMultiple(of: max(1, every))
    }

    /// Waits for the candidates of `decoding` that do not belong to a rollout's last step.
    mutating func awaitCandidates() {
        for k in decoding where !rollouts[k].isDecoded {
            rollouts[k].awaited = .candidate
            outstanding += 1
        }
    }

    func missingCandidates() -> [Int] {
        decoding.filter { rollouts[$0].awaited == .candidate }
    }
}
