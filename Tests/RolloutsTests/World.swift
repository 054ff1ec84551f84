import Puzzles
import Randomness
import Rollouts
import TRM

/// A made-up model and puzzle: what each step of each rollout gives and how its answer fares.
struct World: Sendable {
    /// The halt logit after rollout k's step t (from 0).
    var q: [[Float]]
    /// The answer after that step, as a single token; a missing table means answer k for rollout k.
    var answers: [[Int32]] = []
    /// The answers that break no rule; nil: the checker cannot tell.
    var valid: Set<Int32>? = []
    /// Mean top-1 probability by rollout.
    var top1: [Float] = []
    /// Steps after which the carry is not finite, by rollout.
    var brokenCarries: [Int: Int] = [:]

    func report(rollout: Int, step: Int) -> StepReport {
        StepReport(q: q[rollout][step], isFinite: brokenCarries[rollout] != step)
    }

    /// The candidate after `steps` steps.
    func candidate(rollout: Int, steps: Int) -> Candidate {
        let token = answers.isEmpty ? Int32(rollout) : answers[rollout][steps - 1]
        return Candidate(
            tokens: [token, 0, token],
            verdict: valid.map { $0.contains(token) ? .valid : .invalid } ?? .unchecked,
            meanTop1: rollout < top1.count ? top1[rollout] : 0.5)
    }

    /// Random logits on a coarse grid (many ties), few distinct answers, some of them valid, now and then a value that is
    /// not finite.
    static func random(K: Int, D: Int, using generator: inout SplitMix) -> World {
        let answerCount = Int32.random(in: 1...5, using: &generator)
        let ceiling = Int.random(in: -2...6, using: &generator)
        let rate = Bool.random(using: &generator) ? 0 : 40
        var world = World(q: [])
        for k in 0..<K {
            world.q.append(
                (0..<D).map { _ in
                    if rate > 0 && Int.random(in: 0..<rate, using: &generator) == 0 {
                        return [Float.nan, .infinity, -.infinity].randomElement(using: &generator) ?? .nan
                    }
                    return Float(Int.random(in: -8...ceiling, using: &generator)) / 2
                })
            world.answers.append((0..<D).map { _ in Int32.random(in: 0..<answerCount, using: &generator) })
            world.top1.append(Float(Int.random(in: 0...4, using: &generator)) / 4)
            if rate > 0 && Int.random(in: 0..<rate, using: &generator) == 0 {
                world.brokenCarries[k] = Int.random(in: 0..<D, using: &generator)
            }
        }
        world.valid = Set((0..<answerCount).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
        if Int.random(in: 0..<12, using: &generator) == 0 { world.valid = nil }
        return world
    }
}

extension SearchSettings {
    /// Settings for tables: no noise matters, everything else as a profile without keys.
    static func table(K: Int, D: Int, _ change: (inout SearchSettings) -> Void = { _ in }) -> SearchSettings {
        var settings = SearchSettings()
        settings.K = K
        settings.D = D
        change(&settings)
        return settings
    }

    /// The settings that make a search Algorithm 1 of the PTRM paper (arXiv 2605.19943).
    static func algorithmOne(K: Int, D: Int) -> SearchSettings {
        table(K: K, D: D) {
            $0.qThreshold = nil
            $0.ramp = nil
            $0.verify = .off
            $0.firstRollout = .noisy
            $0.stop = .all
            $0.views = .none
            $0.selection = .bestQ
            $0.noise = .zL
            $0.limits = Limits()
        }
    }

    static func random(K: Int, D: Int, using generator: inout SplitMix) -> SearchSettings {
        func pick<T>(_ values: [T], _ generator: inout SplitMix) -> T {
            values[Int.random(in: 0..<values.count, using: &generator)]
        }
        return table(K: K, D: D) {
            $0.qThreshold = pick([nil, -1, 0, 0, 1, 2], &generator)
            $0.minSteps = pick([1, 1, 2, 5], &generator)
            $0.patience = pick([1, 1, 2, 3], &generator)
            $0.quorum = pick([1, 1, 2, 3], &generator)
            $0.stop = pick([.first, .first, .all], &generator)
            $0.verify = pick([nil, .require, .report, .off], &generator)
            $0.checkEvery = pick([nil, nil, 1, 3], &generator)
            $0.ramp = pick(
                [
                    nil, Ramp(start: 1, factor: 2, every: 2), Ramp(start: 2, factor: 1.5, every: 1),
                    Ramp(start: 1, factor: 1, every: 3), Ramp(start: 1, factor: 3, every: 100),
                ], &generator)
            $0.selection = pick(Selection.allCases, &generator)
            $0.limits.maxSteps = pick([nil, nil, 0, 1, 7, 20, 45], &generator)
            $0.seed = generator.next()
            $0.views = pick(Views.allCases, &generator)
            $0.firstRollout = pick(FirstRollout.allCases, &generator)
        }
    }
}

extension Verdict {
    /// Any broken rule.
    static let invalid = Verdict.broken(rule: "some_rule", cells: [])
}
