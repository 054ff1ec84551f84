package import Puzzles
package import TRM

/// Everything that steers one search: the search keys of a profile, which a request may override one by one.
///
/// The initial values are those of an absent key. Values outside the ranges of `SearchSettings.Ranges` are refused where
/// settings are read; the search itself never traps on them.
package struct SearchSettings: Sendable, Hashable {
    /// Rollouts at most (the paper's K).
    package var K = 100
    /// Supervision steps of each rollout at most (the paper's D).
    package var D = 16
    /// Standard deviation of the noise added before each step.
    package var sigma: Float = 0.2
    /// The latent that the noise is added to.
    package var noise = NoiseTarget.zL
    /// Key of the noise and of the random views.
    package var seed: UInt64 = 0
    /// Whether rollout 0 runs without noise, as plain TRM does.
    package var firstRollout = FirstRollout.deterministic
    /// Halt logit at which a rollout offers its candidate; nil: none ever does.
    package var qThreshold: Float? = 0
    /// Steps a rollout has done at least when it makes an offer.
    package var minSteps = 1
    /// Consecutive rounds at or above the threshold that make an offer.
    package var patience = 1
    /// Equal accepted answers that end a search with `stop: first`.
    package var quorum = 1
    /// Whether the first accepted candidate (or quorum) ends the search.
    package var stop = StopRule.first
    /// What the task's exact checker decides; nil: `require` where the task has a checker, else `off`.
    package var verify: Verification?
    /// Every so many rounds all alive rollouts are decoded and checked whatever their q; nil: never.
    package var checkEvery: Int?
    /// How rollouts are started over the rounds; nil (`none`): all K at once.
    package var ramp: Ramp?
    /// How rollouts that start from partly solved boards follow the first ones; nil (`none`): all start from the puzzle.
    package var proposals: Proposals?
    /// How the Q head lets some rollouts go on in the place of others; nil (`none`): each runs by itself.
    package var resampling: Resampling?
    /// Which rollouts solve a random symmetric view of the puzzle.
    package var views = Views.none
    /// ARC: rows of the model's puzzle embedding, each a way of showing the task, under which a request searches at most;
    /// nil: all that the task has. Each row has a search of its own with these settings.
    package var augmentations: Int?
    /// How one candidate is chosen when several stand.
    package var selection = Selection.bestQ
    /// The engines that try the puzzle, in order, until one settles it; at least one.
    package var engines = [Engine.ptrm]
    /// How the engine `ldt` deduces and branches.
    package var deduction = Deduction()
    /// Supervision steps after which rollouts leave the puzzle to an engine that stands behind them; nil: when their budget
    /// is used up.
    package var handoverSteps: Int?
    /// Tapa: what a clue of a single `?` asks for.
    package var loneQuestion = TapaPuzzle.LoneQuestion.any
    /// The budgets.
    package var limits = Limits()

    package init() {}

    /// Whether rollout k solves a random symmetric view of the puzzle instead of the puzzle as asked.
    package func solvesView(rollout: Int) -> Bool {
        switch views {
        case .none: false
        case .some: !rollout.isMultiple(of: 2)
        case .all: rollout > 0
        }
    }
}

extension SearchSettings {
    /// What may solve a puzzle.
    package enum Engine: String, Sendable, Hashable, CaseIterable {
        /// Noisy rollouts of the profile's model (PTRM).
        case ptrm
        /// Exact search by the task's rules: proves its answer, or that there is none.
        case exact
        /// A model that takes away what is impossible, and branches where it knows no more (LDT).
        case ldt
    }

    /// `deduction`: how a model that deduces is used.
    package struct Deduction: Sendable, Hashable {
        /// Logit of "impossible" above which a candidate goes.
        package var threshold: Float = 6
        /// Passes in a row without a change after which a branch is split in two.
        package var still = 1
        /// Branches that do a pass side by side.
        package var width = 1
        package var order = Order.depthFirst
        /// 0: a branch is split at the candidate that the model is surest of; above: at one drawn by the model's
        /// probabilities, the more at random the higher.
        package var temperature: Float = 0
        /// How often the search may begin anew, each time in another symmetric view of the puzzle.
        package var restarts = 0
        /// Passes without an answer after which it does; nil: when no branch is left.
        package var restartAfter: Int?

        package init() {}

        /// Which branches go on first.
        package enum Order: String, Sendable, Hashable, CaseIterable {
            /// The deepest, so that few are kept.
            case depthFirst = "depth_first"
            /// Those whose halt logit says most that they have a solution.
            case bestFirst = "best_first"
        }
    }

    /// `first_rollout`: plain TRM first, or noise in every rollout as in Algorithm 1.
    package enum FirstRollout: String, Sendable, Hashable, CaseIterable {
        case deterministic
        case noisy
    }

    /// `stop`: at the first accepted candidate, or when every rollout has stopped by itself.
    package enum StopRule: String, Sendable, Hashable, CaseIterable {
        case first
        case all
    }

    /// `verify`: what the exact checker's verdict does.
    package enum Verification: String, Sendable, Hashable, CaseIterable {
        /// A candidate that breaks a rule is refused and its rollout goes on.
        case require
        /// An offered candidate is accepted whatever the verdict, which is reported.
        case report
        /// Nothing is checked.
        case off
    }

    /// `views`: which rollouts solve a symmetric view; rollout 0 never does.
    package enum Views: String, Sendable, Hashable, CaseIterable {
        case none
        /// Rollouts with an odd number.
        case some
        /// Every rollout but the first.
        case all
    }

    /// `selection`: the candidate that answers a search.
    package enum Selection: String, Sendable, Hashable, CaseIterable {
        /// The highest halt logit (the paper's best-Q@K).
        case bestQ = "best_q"
        /// The most frequent answer (the paper's mode@K).
        case mode
        /// The highest mean top-1 probability of the decoded tokens; does not look at Q.
        case top1
        /// The highest score of the profile's verifier; candidates without one come behind, by Q.
        case score
    }

    /// `ramp`: `start` rollouts at first; every `every` rounds the number started is multiplied by `factor`, up to K.
    ///
    /// When none is alive the next group starts at once, and the rounds to the group after it are counted from there.
    package struct Ramp: Sendable, Hashable {
        package var start: Int
        /// A product is rounded down, and each group has at least one rollout.
        package var factor: Double
        package var every: Int

        package init(start: Int = 1, factor: Double = 2, every: Int = 1) {
            self.start = start
            self.factor = factor
            self.every = every
        }

        /// How many rollouts have been started once the group after `started` has joined.
        package func total(after started: Int, K: Int) -> Int {
            guard started > 0 else { return min(K, max(1, start)) }
            let product = Double(started) * factor
            guard product < Double(K) else { return K }
            return min(K, max(started + 1, product > 0 ? Int(product) : 0))
        }

        /// How many rollouts the groups that are due within so many rounds start.
        package func total(within rounds: Int, K: Int) -> Int {
            var total = 0
            for _ in 0..<1 + (max(1, rounds) - 1) / max(1, every) where total < K {
                total = self.total(after: total, K: K)
            }
            return total
        }

        /// The most rollouts, each of at most D rounds, that are alive at once.
        package func peakAlive(K: Int, D: Int) -> Int {
            // A group joins `every` rounds after the one before, or when that is gone: so many of them overlap.
            let overlapping = 1 + (max(1, D) - 1) / max(1, every)
            var totals = [0]
            var peak = 0
            while let started = totals.last, started < K {
                let total = total(after: started, K: K)
                peak = max(peak, total - totals[max(0, totals.count - overlapping)])
                totals.append(total)
            }
            return peak
        }
    }

    /// `limits`: nil is no limit.
    package struct Limits: Sendable, Hashable {
        /// Supervision steps over all rollouts.
        package var maxSteps: Int?
        /// Milliseconds from the search's first step; the scheduler keeps this clock.
        package var timeMs: Int?
        /// Milliseconds from the request's arrival; the scheduler keeps this clock.
        package var deadlineMs: Int?
        /// Conflicts of exact search; nil: `ExactOptions` has the usual number.
        package var conflicts: Int?

        package init(
            maxSteps: Int? = nil, timeMs: Int? = nil, deadlineMs: Int? = nil, conflicts: Int? = nil
        ) {
            self.conflicts = conflicts
            self.maxSteps = maxSteps
            self.timeMs = timeMs
            self.deadlineMs = deadlineMs
        }
    }

    /// The accepted range of every numeric key, for profiles, overrides and their schemas alike.
    package enum Ranges {
        package static let K = 1...100_000
        package static let D = 1...100_000
        package static let sigma: ClosedRange<Double> = 0...100
        package static let minSteps = 1...100_000
        package static let patience = 1...100_000
        package static let quorum = 1...100_000
        package static let checkEvery = 1...100_000
        package static let augmentations = 1...100_000
        package static let deductionThreshold: ClosedRange<Double> = -100...100
        package static let deductionStill = 1...1000
        package static let deductionWidth = 1...1000
        package static let deductionTemperature: ClosedRange<Double> = 0...100
        package static let deductionRestarts = 0...1000
        package static let deductionRestartAfter = 1...1_000_000_000
        package static let rampStart = 1...100_000
        package static let rampFactor: ClosedRange<Double> = 1...100_000
        package static let rampEvery = 1...100_000
        package static let resamplingEvery = 1...100_000
        package static let resamplingTemperature: ClosedRange<Double> = 0.001...1_000_000
        package static let resamplingMinEss: ClosedRange<Double> = 0...1
        package static let proposalsAfter = 1...100_000
        package static let proposalsRetire = 1...100_000
        package static let proposalsAlive = 1...1_000
        package static let proposalsMix = 1...16
        package static let proposalsSteps = 1...100_000
        /// K x D at most.
        package static let maxSteps = 1...10_000_000_000
        package static let conflicts = 1...1_000_000_000
        /// About 31 years.
        package static let milliseconds = 1...1_000_000_000_000
    }
}
