package import Rollouts

/// What a tuned profile is to be good at.
package enum TuningGoal: Sendable, Hashable {
    /// The fewest steps for each puzzle solved, among the settings that solve as many puzzles as the best, less this
    /// share of all. Without that condition the cheapest way is to give every hard puzzle up.
    case costPerSolved(within: Double)
    /// The most right answers accepted by Q alone, among the settings whose accepted answers are right in at least this
    /// share: for tasks that nothing checks.
    case precision(Double)
    /// The most puzzles solved within a number of steps each.
    case budget(steps: Int)

    /// The search within the goal's budget.
    package func limiting(_ settings: SearchSettings) -> SearchSettings {
        guard case .budget(let steps) = self else { return settings }
        var settings = settings
        settings.limits.maxSteps = steps
        return settings
    }

    package var text: String {
        switch self {
        case .costPerSolved(let within):
            "fewest steps per solved puzzle, solving at most \((100 * within).text(1)) % fewer than the best"
        case .precision(let share): "most answers accepted by Q of which \((100 * share).text(2)) % are right"
        case .budget(let steps): "most puzzles solved within \(steps) steps each"
        }
    }

    /// Whether the figures are what the goal asks for; only a precision can be missed.
    package func isReached(by figures: Tuning.Figures) -> Bool {
        guard case .precision(let share) = self else { return true }
        return Double(figures.precision.count) >= share * Double(figures.precision.total)
    }

    /// The best of the trials on these puzzles; of equals, the first. nil when none solves or, for a precision, accepts
    /// anything. When none reaches a precision, the one that comes nearest.
    package func best(of trials: [StopMetrics], on puzzles: [Int]) -> Int? {
        let scores = trials.map { Score($0, puzzles) }
        switch self {
        case .costPerSolved(let within):
            guard let most = scores.map(\.solved).max(), most > 0 else { return nil }
            let least = Double(most) - within * Double(puzzles.count)
            let eligible = scores.indices.filter { Double(scores[$0].solved) >= least }
            return eligible.min { scores[$0].stepsPerSolved < scores[$1].stepsPerSolved }
        case .precision(let share):
            let eligible = scores.indices.filter { scores[$0].accepted > 0 && scores[$0].precision >= share }
            if eligible.isEmpty {
                return scores.indices.filter { scores[$0].accepted > 0 }
                    .max { (scores[$0].precision, scores[$0].right) < (scores[$1].precision, scores[$1].right) }
            }
            return eligible.min { (-scores[$0].right, scores[$0].steps) < (-scores[$1].right, scores[$1].steps) }
        case .budget:
            return scores.indices.filter { scores[$0].solved > 0 }.min {
                (-scores[$0].solved, scores[$0].steps) < (-scores[$1].solved, scores[$1].steps)
            }
        }
    }

    private struct Score {
        var solved = 0
        var steps = 0
        var accepted = 0
        var right = 0

        init(_ trial: StopMetrics, _ puzzles: [Int]) {
            for puzzle in puzzles {
                solved += trial.outcomes[puzzle] ? 1 : 0
                steps += trial.steps[puzzle]
                if let judged = trial.byQ[puzzle] {
                    accepted += 1
                    right += judged ? 1 : 0
                }
            }
        }

        var stepsPerSolved: Double { solved == 0 ? .infinity : Double(steps) / Double(solved) }
        var precision: Double { Double(right) / Double(accepted) }
    }
}
