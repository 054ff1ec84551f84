package import JSON
package import Rollouts

/// What searches with early stopping come to: each puzzle's search replayed as the daemon would run it.
package struct StopMetrics: Sendable, Hashable {
    package var settings: SearchSettings
    /// Puzzles that end with a right answer.
    package var solved = Proportion(0, of: 0)
    /// Puzzles whose search ends with an accepted answer when nothing is checked: Q alone decides.
    package var accepted = Proportion(0, of: 0)
    /// Of these, the right ones: the precision of stopping at the threshold.
    package var precision = Proportion(0, of: 0)
    /// Different answers that were offered at the threshold and broke a rule, over all puzzles.
    package var falseAlarms = 0
    /// Supervision steps of each puzzle, in order.
    package var steps: [Int] = []
    /// Why each puzzle's search ended.
    package var ends: [StopReason] = []
    /// Whether each puzzle was solved.
    package var outcomes: [Bool] = []
    /// Each puzzle's answer that Q alone accepts: whether it is right; nil: none was accepted.
    package var byQ: [Bool?] = []
    /// How many searches ended for each reason.
    package var reasons: [StopReason: Int] = [:]

    package init(_ records: [PuzzleRecord], _ settings: SearchSettings, hasChecker: Bool) {
        self.settings = settings
        var unchecked = settings
        unchecked.verify = .off
        unchecked.checkEvery = nil
        for record in records {
            let outcome = record.replay(settings, hasChecker: hasChecker)
            let isRight = record.answer(of: outcome)?.isRight ?? false
            outcomes.append(isRight)
            steps.append(outcome.steps)
            falseAlarms += outcome.falseAlarms
            reasons[outcome.stopReason, default: 0] += 1
            ends.append(outcome.stopReason)
            solved.total += 1
            solved.count += isRight ? 1 : 0
            guard settings.qThreshold != nil else {
                byQ.append(nil)
                continue
            }
            let blind = record.replay(unchecked, hasChecker: false)
            let judged = blind.selected?.accepted == true ? record.answer(of: blind)?.isRight : nil
            byQ.append(judged)
            accepted.total += 1
            guard let judged else { continue }
            accepted.count += 1
            precision.total += 1
            precision.count += judged ? 1 : 0
        }
    }

    package var totalSteps: Int { steps.reduce(0, +) }
    package var meanSteps: Double { steps.map(Double.init).mean }
    package var medianSteps: Double { steps.map(Double.init).median }
    /// All steps over the puzzles solved; infinite when none was.
    package var stepsPerSolved: Double { Double(totalSteps) / Double(solved.count) }

    package var json: JSON {
        var ends = JSONObject()
        for reason in StopReason.allCases { ends[reason.rawValue] = reasons[reason].map { .integer(Int64($0)) } }
        return [
            "K": .integer(Int64(settings.K)), "D": .integer(Int64(settings.D)), "solved": solved.json,
            "accepted_by_q": accepted.json, "precision": precision.json, "false_alarms": .integer(Int64(falseAlarms)),
            "mean_steps": .number(meanSteps.rounded(digits: 3)), "median_steps": .number(medianSteps),
            "steps_per_solved": solved.count == 0 ? .null : .number(stepsPerSolved.rounded(digits: 3)),
            "stop_reasons": .object(ends),
        ]
    }
}
