import Evaluation
import Profiles
import Rollouts
import TRM
import Testing

@Suite struct TuningTests {
    /// One rollout that is right from a step on, or never; its Q is `low` before and `high` from then on.
    static func record(_ puzzle: Int, rightFrom: Int?, low: Float = -2, high: Float = 3, depth: Int = 8) -> PuzzleRecord
    {
        var record = PuzzleRecord(puzzle: puzzle, depth: depth)
        record.answers = [.init(isValid: false, isExact: false), .init(isValid: true, isExact: true)]
        let isRight = (1...depth).map { step in step >= rightFrom ?? .max }
        record.rollouts = [
            .init(
                q: isRight.map { $0 ? high : low }, answers: isRight.map { $0 ? 1 : 0 },
                top1: isRight.map { _ in 0.5 })
        ]
        return record
    }

    static func grid(K: Int = 1, D: Int = 8) -> TuningGrid {
        var grid = TuningGrid()
        (grid.K, grid.D) = (K, D)
        return grid
    }

    @Test func costTakesTheThresholdThatStopsAtTheRightAnswer() throws {
        var base = SearchSettings()
        (base.K, base.D, base.qThreshold) = (1, 8, 9)
        let records = (0..<20).map { Self.record($0, rightFrom: 1 + $0 % 4) }
        let tuning = try #require(
            Tuning(
                [Condition(base): records], base: base, grid: Self.grid(), goal: .costPerSolved(within: 0),
                hasChecker: true))
        #expect(tuning.inSample.solved == Proportion(20, of: 20) && tuning.inSample.meanSteps == 2.5)
        #expect(tuning.heldOut == tuning.inSample)
        // Never stopping early costs all steps for the same answers.
        #expect(tuning.base.solved == Proportion(20, of: 20) && tuning.base.meanSteps == 8)
        #expect((tuning.settings.qThreshold ?? 9) <= 3)
    }

    /// Every second answer is wrong with Q 1.5, the others are right with Q 3.
    @Test func precisionTakesAThresholdAboveTheWrongOnes() throws {
        let records = (0..<20).map { index in
            index.isMultiple(of: 2)
                ? Self.record(index, rightFrom: 2) : Self.record(index, rightFrom: nil, low: 1.5)
        }
        let base = SearchSettings()
        let tuning = try #require(
            Tuning(
                [Condition(base): records], base: base, grid: Self.grid(), goal: .precision(0.999), hasChecker: false))
        #expect((1.6...3).contains(tuning.settings.qThreshold ?? -1))
        #expect(tuning.heldOut.precision == Proportion(10, of: 10))
        #expect(tuning.base.precision == Proportion(10, of: 20))
        // Wrong answers have 1.5 and right ones 3: a calibration tells them apart.
        #expect(tuning.calibration.calibration != nil)
        #expect(tuning.calibration.errorAfter < tuning.calibration.errorBefore)
    }

    @Test func puzzlesThatChoseConditionsAreNotHeldOut() throws {
        let records = (0..<20).map { Self.record($0, rightFrom: 2) }
        var base = SearchSettings()
        (base.K, base.D) = (1, 8)
        func tuning(_ records: [PuzzleRecord], seen: Int) throws -> Tuning {
            try #require(
                Tuning(
                    [Condition(base): records], base: base, grid: Self.grid(), goal: .costPerSolved(within: 0),
                    hasChecker: true, seen: seen))
        }
        #expect(try tuning(records, seen: 8).heldOut.solved == Proportion(12, of: 12))
        let one = try tuning([records[0]], seen: 0)
        #expect(one.heldOut.solved.total == 0)
        #expect(one.summary.contains("Chosen in five folds, on held-out puzzles: none."))
    }

    /// One puzzle is solved: without it there is no choice, and it counts as not solved.
    @Test func aFoldWithoutAChoiceSolvesNothing() throws {
        let records = (0..<10).map { Self.record($0, rightFrom: $0 == 3 ? 2 : nil, low: -9) }
        let base = SearchSettings()
        let tuning = try #require(
            Tuning(
                [Condition(base): records], base: base, grid: Self.grid(), goal: .costPerSolved(within: 0),
                hasChecker: true))
        #expect(tuning.inSample.solved == Proportion(1, of: 10) && tuning.heldOut.solved == Proportion(0, of: 10))
    }

    @Test func whatIsNotReachedOrCutIsSaid() throws {
        // Right and wrong answers with the same Q: no threshold parts them.
        let records = (0..<20).map { Self.record($0, rightFrom: $0.isMultiple(of: 2) ? 1 : nil, low: 3, high: 3) }
        var base = SearchSettings()
        base.verify = .off
        let tuning = try #require(
            Tuning([Condition(base): records], base: base, grid: Self.grid(), goal: .precision(0.9), hasChecker: true))
        #expect(tuning.summary[0].hasSuffix("are right; not reached, this comes nearest."))
        #expect(tuning.summary[4].hasPrefix("The profile before, cut to K 1 and D 8: "))
        // What is to be served asks the rules again.
        #expect(tuning.settings.verify == nil)
    }

    @Test func budgetIsALimitOfTheProfile() throws {
        let records = (0..<10).map { Self.record($0, rightFrom: $0 < 5 ? 2 : 6) }
        let base = SearchSettings()
        let tuning = try #require(
            Tuning(
                [Condition(base): records], base: base, grid: Self.grid(), goal: .budget(steps: 4), hasChecker: true))
        #expect(tuning.settings.limits.maxSteps == 4 && tuning.inSample.solved == Proportion(5, of: 10))
        // At the budget, and nothing beyond it; the search before is held to it too.
        #expect(tuning.budgets.map(\.steps) == [4] && tuning.base.solved == Proportion(5, of: 10))
        let more = try #require(
            Tuning(
                [Condition(base): records], base: base, grid: Self.grid(), goal: .budget(steps: 40), hasChecker: true))
        #expect(more.budgets.map(\.steps) == [8, 32, 40] && more.base.solved == Proportion(10, of: 10))
    }

    /// A threshold that the grid does not have: nothing else stops at the right answers of so low a Q.
    @Test func theProfilesOwnSearchIsTried() throws {
        let records = (0..<20).map { Self.record($0, rightFrom: 2, low: -6, high: -4) }
        var base = SearchSettings()
        (base.K, base.D, base.qThreshold) = (1, 64, -5)
        let tuning = try #require(
            Tuning(
                [Condition(base): records], base: base, grid: Self.grid(), goal: .costPerSolved(within: 0),
                hasChecker: true))
        #expect(tuning.settings.qThreshold == -5 && tuning.settings.D == 8 && tuning.inSample.meanSteps == 2)
        // Only under its own noise, and only once.
        var other = Condition(base)
        other.sigma = 0.9
        let grid = Self.grid()
        #expect(!grid.searches(base, other, goal: .budget(steps: 4)).contains { $0.qThreshold == -5 })
        base.qThreshold = 2
        let all = grid.searches(base, Condition(base), goal: .costPerSolved(within: 0))
        #expect(Set(all).count == all.count && all.count == grid.searches(base, other, goal: .precision(1)).count)
    }

    @Test func writtenProfilesReadBack() throws {
        let records = (0..<10).map { Self.record($0, rightFrom: 3) }
        var profile = Profile(name: "old", place: SourcePlace(file: "x", line: 1, column: 1))
        (profile.task, profile.model) = ("sudoku", "sudoku-9x9")
        let tuning = try #require(
            Tuning(
                [Condition(profile.search): records], base: profile.search, grid: Self.grid(),
                goal: .costPerSolved(within: 0.01), hasChecker: true))
        let yaml = tuning.yaml(profile, name: "new", model: "sudoku-9x9")
        let set = try ProfileSet.parse(
            Array(yaml.utf8), path: "tuned.yaml", knownTasks: ["sudoku"], knownModels: ["sudoku-9x9"])
        #expect(set.profiles.map(\.name) == ["new"] && set.profiles[0].search == tuning.settings)
        #expect(set.profiles[0].calibration == tuning.calibration.calibration)
        #expect(yaml.hasPrefix("# Written by ptrmd tune.\n# Goal: "))
    }

    @Test func nothingToChooseFrom() {
        let base = SearchSettings()
        #expect(
            Tuning([:], base: base, grid: Self.grid(), goal: .costPerSolved(within: 0), hasChecker: true) == nil)
        // Nothing is ever solved.
        let wrong = (0..<5).map { Self.record($0, rightFrom: nil) }
        for goal in [TuningGoal.costPerSolved(within: 0.01), .budget(steps: 9)] {
            #expect(
                Tuning([Condition(base): wrong], base: base, grid: Self.grid(), goal: goal, hasChecker: true) == nil)
        }
        // No answer ever reaches a threshold.
        let never = (0..<5).map { Self.record($0, rightFrom: nil, low: -9) }
        #expect(
            Tuning(
                [Condition(base): never], base: base, grid: Self.grid(), goal: .precision(0.9), hasChecker: false)
                == nil)
    }

    @Test func gridsHoldTheBaseAndEveryNoise() {
        var grid = TuningGrid()
        grid.views = [.none, .all]
        let base = SearchSettings()
        let conditions = grid.conditions(base)
        #expect(conditions.first == Condition(base))
        #expect(Set(conditions).count == conditions.count && conditions.count == 1 + 3 * 2 * 2)
        let searches = grid.searches(base, conditions[1], goal: .budget(steps: 9))
        #expect(searches.allSatisfy { Condition($0) == conditions[1] && $0.limits.maxSteps == 9 })
        #expect(Set(searches).count == searches.count)
        #expect(Set(searches.map(\.D)) == [8, 16, 32] && Set(searches.map(\.K)) == [1, 4, 16])
    }

    @Test func calibrationIsChosenByHeldOutJudgements() {
        // The model's own confidence is already right: nothing fitted does better by more than chance.
        let overconfident = (0..<200).map { Judgement(q: $0.isMultiple(of: 4) ? 4 : 5, isRight: $0 % 2 == 0) }
        let choice = CalibrationChoice(overconfident)
        #expect(choice.calibration != nil && choice.errorAfter < 0.1 && choice.errorBefore > 0.4)
        #expect(CalibrationChoice([]).calibration == nil)
        // The calibration before stays where nothing does better, or nothing can be learned.
        let before = Calibration.platt(scale: 0.5, offset: -1)
        #expect(CalibrationChoice([], before: before).calibration == before)
        // Eight of ten sure at 0.8: right as it is, so that the error after is that of all together, not of five small folds.
        let fair = (0..<400).map { Judgement(q: 1.38629, isRight: $0 % 10 < 8) }
        let kept = CalibrationChoice(fair)
        #expect(kept.errorBefore < 0.001 && kept.errorAfter < 0.01)
        // A calibration of earlier weights makes way for the model's own confidence where that fits.
        let outdated = CalibrationChoice(
            CalibratingTests.drawn(scale: 1, offset: 0, each: 20), before: .platt(scale: 0.1, offset: 2))
        #expect(outdated.calibration == nil && outdated.text.hasPrefix("sigmoid(q); "), "\(outdated.text)")
        #expect(outdated.errorAfter < outdated.errorBefore)
        // Always even odds is never wrong about its own error: what is sharper would be further off, and is not taken.
        // (Exactly half are right: of each two one.)
        let even = (0..<199).flatMap { index in
            let isRight = index * 29 % 53 < 40
            return [Judgement(q: 2, isRight: isRight), Judgement(q: -2, isRight: !isRight)]
        }
        let blunt = Calibration.platt(scale: 0, offset: 0)
        #expect(CalibrationChoice(even, before: blunt).calibration == blunt)
        #expect(CalibrationChoice(even).calibration != blunt)
        // All right tells nothing of when it would be wrong.
        #expect(CalibrationChoice((0..<50).map { Judgement(q: Double($0), isRight: true) }).calibration == nil)
        #expect(CalibrationChoice([Judgement(q: 1, isRight: true)]).errorAfter > 0)
    }

    /// In sums over the folds rounding differs; it must not shut the confidence before out, whatever the others' scores.
    @Test func nothingThatScoresWorseIsTaken() {
        var kept = 0
        for seed in 0..<40 {
            let judgements = (0..<200).map { index -> Judgement in
                let q = Double((index * 37 + seed * 11) % 83) / 12 - 3
                return Judgement(q: q, isRight: Double((index * 71 + seed * 29) % 97) / 97 < Calibration.sigmoid(q))
            }
            let held = (0..<5).flatMap { fold -> [Confidence] in
                let rest = judgements.indices.filter { $0 % 5 != fold }.map { judgements[$0] }
                let curve = rest.plattCalibration()
                return judgements.indices.filter { $0 % 5 == fold }.map { judgements[$0].judged(by: curve) }
            }
            let choice = CalibrationChoice(judgements)
            if choice.calibration == nil { kept += 1 }
            guard case .platt = choice.calibration else { continue }
            #expect(Confidence.brierScore(held) < judgements.brierScore(nil), "\(seed)")
        }
        #expect(kept > 0)
    }

    /// Where the truth is a step, which isotonic regression fits best and a logistic curve cannot.
    @Test func noCurveIsCertain() throws {
        let steps = (0..<300).map { (index: Int) -> Judgement in
            let place = index % 60
            return Judgement(q: Double(place), isRight: place >= 40 || index % 7 == 0)
        }
        let choice = CalibrationChoice(steps)
        guard case .isotonic(let points) = choice.calibration else { throw CalibratingTests.Failed() }
        let right = Double(steps.count { $0.isRight })
        #expect(points.last?.probability == (right + 1) / (right + 2))
        #expect(points.allSatisfy { $0.probability > 0 && $0.probability < 1 })
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.probability <= $1.probability })
    }
}
