package import Profiles
package import Rollouts

/// The choice of a search for a goal, and what it is worth on puzzles it was not chosen on.
package struct Tuning: Sendable {
    /// Results over all puzzles.
    package struct Figures: Sendable, Hashable {
        package var solved = Proportion(0, of: 0)
        package var steps = 0
        package var precision = Proportion(0, of: 0)

        mutating func add(_ trial: StopMetrics, _ puzzle: Int) {
            solved.total += 1
            solved.count += trial.outcomes[puzzle] ? 1 : 0
            steps += trial.steps[puzzle]
            if let judged = trial.byQ[puzzle] {
                precision.total += 1
                precision.count += judged ? 1 : 0
            }
        }

        /// Puzzles for which the others gave no choice.
        mutating func miss(_ puzzles: Int) { solved.total += puzzles }

        package var meanSteps: Double { Double(steps) / Double(solved.total) }
        package var stepsPerSolved: Double { Double(steps) / Double(solved.count) }

        package var text: String {
            solved.total == 0
                ? "none"
                : "solved \(solved.text), \(meanSteps.text(1)) steps a puzzle, \(stepsPerSolved.text(1)) per solved puzzle, "
                    + "precision of Q alone \(precision.text)"
        }
    }

    package var goal: TuningGoal
    /// Chosen on all puzzles.
    package var settings: SearchSettings
    /// Of the chosen settings on the puzzles they were chosen on.
    package var inSample = Figures()
    /// Of the settings chosen on four fifths of the puzzles, on those of the other fifth that no choice has seen: what to
    /// expect of new puzzles.
    package var heldOut = Figures()
    /// Of the base profile's search, cut to the recorded K and D and to the goal's budget.
    package var base = Figures()
    /// That K and D, when they are fewer than the base profile's.
    package var cut: (K: Int, D: Int)?
    /// Puzzles that the base and the held-out choices solve within a number of steps each.
    package var budgets: [(steps: Int, base: Int, heldOut: Int)] = []
    package var trials: Int
    package var calibration: CalibrationChoice

    private static let folds = 5

    /// - Parameters:
    ///   - records: of every condition on the same puzzles, in one order; the base profile's condition among them.
    ///   - base: the base profile's search.
    ///   - seen: the number of puzzles, from the first on, that already chose which conditions were recorded, so that they are not
    ///     held out.
    ///   - calibration: the base profile's.
    /// - Returns: nil when no search of the grid solves, or for a goal of precision accepts, anything.
    package init?(
        _ records: [Condition: [PuzzleRecord]], base: SearchSettings, grid: TuningGrid, goal: TuningGoal,
        hasChecker: Bool, seen: Int = 0, calibration before: Calibration? = nil
    ) {
        guard let count = records[Condition(base)]?.count, count > 0 else { return nil }
        let puzzles = Array(0..<count)
        let trials = Self.trials(records, base: base, grid: grid, goal: goal, hasChecker: hasChecker)
        guard let best = goal.best(of: trials, on: puzzles) else { return nil }
        self.goal = goal
        self.trials = trials.count
        settings = trials[best].settings
        let baseTrial = StopMetrics(records[Condition(base)] ?? [], goal.limiting(base), hasChecker: hasChecker)
        var choices: [(settings: SearchSettings, puzzles: [Int])] = []
        for fold in 0..<min(Self.folds, count) {
            let held = puzzles.filter { $0 % Self.folds == fold && $0 >= seen }
            let rest = puzzles.filter { $0 % Self.folds != fold }
            guard let choice = goal.best(of: trials, on: rest) else {
                if !rest.isEmpty { heldOut.miss(held.count) }
                continue
            }
            choices.append((trials[choice].settings, held))
            for puzzle in held { heldOut.add(trials[choice], puzzle) }
        }
        for puzzle in puzzles {
            inSample.add(trials[best], puzzle)
            self.base.add(baseTrial, puzzle)
        }
        if base.K > grid.K || base.D > grid.D { cut = (min(base.K, grid.K), min(base.D, grid.D)) }
        let most = trials.flatMap(\.steps).max() ?? 1
        calibration = Self.calibration(records[Condition(settings)] ?? [], settings, before: before)
        for budget in Self.budgets(goal, most: most) {
            var row = (steps: budget, base: 0, heldOut: 0)
            // On the same puzzles, those held out.
            for (choice, held) in choices {
                for puzzle in held {
                    row.base += Self.solves(base, records, puzzle, within: budget, hasChecker) ? 1 : 0
                    row.heldOut += Self.solves(choice, records, puzzle, within: budget, hasChecker) ? 1 : 0
                }
            }
            budgets.append(row)
        }
    }

    /// The steps within which searches are compared: 8, 32, ... to beyond what any takes, or up to the goal's own.
    private static func budgets(_ goal: TuningGoal, most: Int) -> [Int] {
        if case .budget(let steps) = goal {
            return sequence(first: 8) { $0 * 4 }.prefix { $0 < steps } + [steps]
        }
        return [8] + sequence(first: 32) { $0 * 4 }.prefix { $0 < 2 * most }
    }

    /// Every search of the grid, replayed on every puzzle.
    package static func trials(
        _ records: [Condition: [PuzzleRecord]], base: SearchSettings, grid: TuningGrid, goal: TuningGoal,
        hasChecker: Bool
    ) -> [StopMetrics] {
        grid.conditions(base).flatMap { condition in
            records[condition].map { records in
                grid.searches(base, condition, goal: goal).map { StopMetrics(records, $0, hasChecker: hasChecker) }
            } ?? []
        }
    }

    private static func solves(
        _ settings: SearchSettings, _ records: [Condition: [PuzzleRecord]], _ puzzle: Int, within budget: Int,
        _ hasChecker: Bool
    ) -> Bool {
        guard let record = records[Condition(settings)]?[puzzle] else { return false }
        var settings = settings
        settings.limits.maxSteps = min(settings.limits.maxSteps ?? .max, budget)
        return record.answer(of: record.replay(settings, hasChecker: hasChecker))?.isRight ?? false
    }

    /// The calibration of a search's confidence: by the Q of each puzzle's answer and whether it is right, when only Q
    /// decides.
    /// - Parameters:
    ///   - records: under the search's own condition.
    ///   - before: what is kept unless another does better.
    package static func calibration(
        _ records: [PuzzleRecord], _ settings: SearchSettings, before: Calibration?
    ) -> CalibrationChoice {
        var settings = settings
        settings.verify = .off
        settings.checkEvery = nil
        let judgements = records.compactMap { record -> Judgement? in
            let outcome = record.replay(settings, hasChecker: false)
            guard let selected = outcome.selected, let answer = record.answer(of: outcome) else { return nil }
            return Judgement(q: Double(selected.q), isRight: answer.isRight)
        }
        return CalibrationChoice(judgements, before: before)
    }
}
