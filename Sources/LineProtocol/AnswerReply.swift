package import JSON
package import Rollouts

/// The result of a solve request.
package struct AnswerReply: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable { case solved, unsolved }

    package var status: Status
    package var stopReason: StopReason
    /// What `stopReason` is of.
    package var engine = SearchSettings.Engine.ptrm
    /// In the task's notation; nil when nothing ran.
    package var answer: JSON?
    /// The best two answers of a task that is judged by either (ARC's pass@2), `answer` first; nil for other tasks.
    package var answers: [JSON]?
    /// The probability that the answer is right, as the verifier sees it; nil when nothing ran.
    package var confidence: Double?
    /// The Q logit of the answer's rollout; nil when nothing ran.
    package var q: Double?
    /// What the task's exact checker says; nil when there is none or it was not asked.
    package var verified: Bool?
    /// What a verifier that scores answers gives it; written when set.
    package var score: Double?
    /// The rule that the answer breaks; written when `verified` is false.
    package var verdict: Verdict?
    /// Every violation of the answer, the first one first; null when nothing was checked. Written when set.
    package var violations: Violations?
    /// Whether the answer is the only solution; written when set.
    package var unique: Uniqueness?
    package var profile: String
    /// Nil for a profile without one.
    package var model: String?
    package var seed: UInt64
    /// Rollouts that did at least one supervision step.
    package var rollouts: Int
    /// Supervision steps over all rollouts.
    package var steps: Int
    /// Branches of a deduction; written when there are any.
    package var branches = 0
    /// Conflicts of exact search; written when there are any.
    package var conflicts = 0
    /// Distinct answers that passed the threshold and broke a rule; written when there are any.
    package var falseAlarms = 0
    /// Rollouts given up because their numbers were no longer finite; written when there are any.
    package var dropped = 0
    /// The result of every rollout that did a step; written when set.
    package var candidates: [Candidate]?
    /// Every rollout's Q logits; written when set.
    package var trace: [Trace]?
    /// Written when set.
    package var timings: Timings?

    package init(
        status: Status, stopReason: StopReason, profile: String, model: String?, seed: UInt64, rollouts: Int,
        steps: Int
    ) {
        self.status = status
        self.stopReason = stopReason
        self.profile = profile
        self.model = model
        self.seed = seed
        self.rollouts = rollouts
        self.steps = steps
    }

    /// Whether a puzzle has one solution.
    package enum Uniqueness: Sendable, Hashable {
        case yes
        /// With another solution than the answer.
        case no(other: JSON)
        /// Nobody looked, or the search gave up.
        case unknown
    }

    /// What `include: ["violations"]` asked for.
    package enum Violations: Sendable, Hashable {
        case unchecked
        case found([Verdict])
    }

    /// A broken rule and the cells that break it, as [row, column] from 0.
    package struct Verdict: Sendable, Hashable {
        package var rule: String
        package var cells: [[Int]]

        package init(rule: String, cells: [[Int]]) {
            self.rule = rule
            self.cells = cells
        }
    }

    /// The result of one rollout.
    package struct Candidate: Sendable, Hashable {
        package var rollout: Int
        /// Nil when the rollout was given up.
        package var q: Double?
        /// The rollout's own supervision steps.
        package var steps: Int
        /// Nil when the rollout was given up.
        package var answer: JSON?
        package var verified: Bool?
        /// Written when set.
        package var score: Double?
        /// What the rollout started from, and the cells that were revealed, as [row, column] from 0; written when set.
        package var start: String?
        package var revealed: [[Int]]?

        package init(
            rollout: Int, q: Double?, steps: Int, answer: JSON?, verified: Bool?, score: Double? = nil
        ) {
            self.score = score
            self.rollout = rollout
            self.q = q
            self.steps = steps
            self.answer = answer
            self.verified = verified
        }
    }

    /// One rollout's Q logit after each of its finite steps.
    package struct Trace: Sendable, Hashable {
        package var rollout: Int
        package var q: [Double]

        package init(rollout: Int, q: [Double]) {
            self.rollout = rollout
            self.q = q
        }
    }

    /// Milliseconds. The only part of an answer, with `line`, that differs from run to run.
    package struct Timings: Sendable, Hashable {
        /// From the line's arrival to the search's first step.
        package var queueMs: Double
        /// From the search's first step to its end.
        package var computeMs: Double

        package init(queueMs: Double, computeMs: Double) {
            self.queueMs = queueMs
            self.computeMs = computeMs
        }
    }
}
