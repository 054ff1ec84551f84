package import Rollouts
package import TRM

/// What K rollouts of D steps did on one puzzle, step by step: enough to tell afterwards what a search with any fewer
/// rollouts, steps, thresholds, ramps and budgets would have done.
package struct PuzzleRecord: Sendable, Hashable {
    /// One of the different answers that the rollouts gave.
    package struct Answer: Sendable, Hashable {
        /// Keeps every rule, or so the verifier says that judges in their place; nil where nothing checks.
        package var isValid: Bool?
        /// Equals the known solution; nil where none is known.
        package var isExact: Bool?
        /// Share of the cells to solve that are as in the solution, 1 for another one that keeps the rules; nil where no
        /// solution is known.
        package var cells: Double?
        /// What a verifier that scores answers gives it.
        package var score: Double?
        /// Whether it is right, where a verifier judges but the task's rules or the solution know better.
        package var truth: Bool?

        package init(
            isValid: Bool?, isExact: Bool?, cells: Double? = nil, score: Double? = nil, truth: Bool? = nil
        ) {
            self.score = score
            self.truth = truth
            self.isValid = isValid
            self.isExact = isExact
            self.cells = cells
        }

        /// By the rules where there are some, else by the solution, else by a verifier.
        package var isRight: Bool { truth ?? isValid ?? isExact ?? false }
    }

    /// One rollout; all lists have an entry for each step with finite values.
    package struct Rollout: Sendable, Hashable {
        package var q: [Float] = []
        /// Index of the answer after each step.
        package var answers: [Int] = []
        /// Mean over the positions of the highest token probability.
        package var top1: [Float] = []

        package init(q: [Float] = [], answers: [Int] = [], top1: [Float] = []) {
            self.q = q
            self.answers = answers
            self.top1 = top1
        }
    }

    /// The puzzle's place in the list, from 0.
    package var puzzle: Int
    /// Steps that each rollout was given (the D of the recording).
    package var depth: Int
    package var answers: [Answer] = []
    package var rollouts: [Rollout] = []
    /// What the answers after the last step say together; nil for a record made before they were looked at.
    package var cloud: CloudDiagnostics?
    /// Time on one thread for all of it.
    package var nanoseconds: UInt64 = 0

    package init(puzzle: Int, depth: Int) {
        self.puzzle = puzzle
        self.depth = depth
    }

    package var steps: Int { rollouts.reduce(0) { $0 + $1.q.count } }
}

/// What a record's steps depend on: the noise and the views. Records of one condition serve every search that shares it.
package struct Condition: Sendable, Hashable {
    package var sigma: Float
    package var noise: NoiseTarget
    package var views: SearchSettings.Views
    package var firstRollout: SearchSettings.FirstRollout
    package var seed: UInt64

    package init(_ settings: SearchSettings) {
        sigma = settings.sigma
        noise = settings.noise
        views = settings.views
        firstRollout = settings.firstRollout
        seed = settings.seed
    }

    package func applied(to settings: SearchSettings) -> SearchSettings {
        var settings = settings
        settings.sigma = sigma
        settings.noise = noise
        settings.views = views
        settings.firstRollout = firstRollout
        settings.seed = seed
        return settings
    }

    /// `sigma 0.3 on z_H, views none`.
    package var text: String { "sigma \(sigma) on \(noise.rawValue), views \(views.rawValue)" }
}
