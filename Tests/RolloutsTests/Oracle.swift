import Puzzles
import Rollouts

/// The search as `Search` documents it, written down a second time, as one loop over rounds that sees the whole world at
/// once: the oracle of the machine. Made for being read, not for speed.
struct Oracle {
    let settings: SearchSettings
    let world: World
    let hasChecker: Bool

    private var verify: SearchSettings.Verification { hasChecker ? settings.verify ?? .require : .off }

    func run() -> SearchOutcome {
        var started = 0
        var stepsOf: [Int: Int] = [:]
        var streak: [Int: Int] = [:]
        var accepted: [Int: StopReason] = [:]
        var dropped: Set<Int> = []
        var alarms: Set<[Int32]> = []
        var round = 0
        var lastStart = 0
        var reason: StopReason?
        var winner: Int?

        while reason == nil {
            var alive = (0..<started).filter {
                accepted[$0] == nil && !dropped.contains($0) && (stepsOf[$0] ?? 0) < settings.D
            }
            let total = stepsOf.values.reduce(0, +)
            if alive.isEmpty && started == settings.K { break }
            if let most = settings.limits.maxSteps, total >= most {
                reason = .stepLimit
                break
            }
            if started < settings.K {
                var goal = started
                if let ramp = settings.ramp {
                    if started == 0 {
                        goal = ramp.start
                    } else if alive.isEmpty || round - lastStart >= ramp.every {
                        goal = max(started + 1, Int(Double(started) * ramp.factor))
                    }
                } else {
                    goal = settings.K
                }
                while started < min(goal, settings.K) && total + alive.count < settings.limits.maxSteps ?? .max {
                    alive.append(started)
                    started += 1
                    lastStart = round
                }
            }
            if let most = settings.limits.maxSteps { alive = Array(alive.prefix(most - total)) }
            round += 1

            var newlyAccepted: [Int] = []
            for k in alive {
                let report = world.report(rollout: k, step: stepsOf[k] ?? 0)
                stepsOf[k, default: 0] += 1
                if !report.isFinite || !report.q.isFinite {
                    dropped.insert(k)
                    continue
                }
                let reaches = settings.qThreshold.map { report.q >= $0 } ?? false
                streak[k] = reaches ? (streak[k] ?? 0) + 1 : 0
                let offers = streak[k] ?? 0 >= settings.patience && stepsOf[k] ?? 0 >= settings.minSteps
                let candidate = self.candidate(k, stepsOf)
                if offers {
                    if candidate.verdict == .invalid { alarms.insert(candidate.tokens) }
                    if candidate.verdict == .invalid && verify == .require {
                        streak[k] = 0
                    } else {
                        accepted[k] = .qThreshold
                        newlyAccepted.append(k)
                    }
                } else if let every = settings.checkEvery, verify != .off, round % every == 0,
                    candidate.verdict == .valid
                {
                    accepted[k] = .verified
                    newlyAccepted.append(k)
                }
            }

            if settings.stop == .first {
                let answers = newlyAccepted.map { candidate($0, stepsOf).tokens }
                let voters = accepted.keys.filter { k in
                    let answer = candidate(k, stepsOf).tokens
                    return answers.contains(answer)
                        && accepted.keys.filter { candidate($0, stepsOf).tokens == answer }.count >= settings.quorum
                }
                winner = byQ(Array(voters), stepsOf).first
                if let winner { reason = settings.quorum > 1 ? .quorum : accepted[winner] }
            }
        }

        let ran = (0..<started).filter { stepsOf[$0] != nil && !dropped.contains($0) }
        let chosen = winner ?? select(ran, stepsOf)
        let natural =
            ran.contains { accepted[$0] == nil && stepsOf[$0] == settings.D }
            ? StopReason.depth : chosen.flatMap { accepted[$0] } ?? .depth
        let q = chosen.map { self.q($0, stepsOf) }
        let verified: Bool? = chosen.flatMap {
            [.valid: true, .invalid: false][candidate($0, stepsOf).verdict]
        }
        return SearchOutcome(
            stopReason: reason ?? natural,
            selected: chosen.map {
                .init(
                    rollout: $0, steps: stepsOf[$0] ?? 0, q: self.q($0, stepsOf), candidate: candidate($0, stepsOf),
                    accepted: accepted[$0] != nil)
            },
            solved: verified ?? (q.map { $0 >= settings.qThreshold ?? 0 } ?? false),
            verified: verified, steps: stepsOf.values.reduce(0, +), rollouts: stepsOf.count,
            falseAlarms: alarms.count, dropped: dropped.count)
    }

    private func q(_ k: Int, _ stepsOf: [Int: Int]) -> Float { world.q[k][(stepsOf[k] ?? 1) - 1] }

    private func candidate(_ k: Int, _ stepsOf: [Int: Int]) -> Candidate {
        var candidate = world.candidate(rollout: k, steps: stepsOf[k] ?? 1)
        if verify == .off { candidate.verdict = .unchecked }
        return candidate
    }

    /// Highest q first, ties to the lowest k.
    private func byQ(_ ks: [Int], _ stepsOf: [Int: Int]) -> [Int] {
        ks.sorted().sorted { q($0, stepsOf) > q($1, stepsOf) }
    }

    private func select(_ ran: [Int], _ stepsOf: [Int: Int]) -> Int? {
        let ranks: [Verdict] = [.valid, .unchecked, .invalid]
        guard let rank = ranks.first(where: { r in ran.contains { candidate($0, stepsOf).verdict == r } }) else {
            return nil
        }
        let pool = ran.filter { candidate($0, stepsOf).verdict == rank }
        switch settings.selection {
        case .bestQ: return byQ(pool, stepsOf).first
        case .top1:
            let best = pool.map { candidate($0, stepsOf).meanTop1 }.max()
            return pool.first { candidate($0, stepsOf).meanTop1 == best }
        case .score:
            let best = pool.compactMap { candidate($0, stepsOf).score }.max()
            return byQ(pool.filter { candidate($0, stepsOf).score == best }, stepsOf).first
        case .mode:
            let frequency = { k in
                pool.filter { self.candidate($0, stepsOf).tokens == self.candidate(k, stepsOf).tokens }.count
            }
            let most = pool.map(frequency).max()
            return byQ(pool.filter { frequency($0) == most }, stepsOf).first
        }
    }
}
