package import Profiles

extension Tuning {
    /// What was measured, a line each.
    package var summary: [String] {
        var lines = [
            "Goal: \(goal.text)\(goal.isReached(by: inSample) ? "" : "; not reached, this comes nearest").",
            "\(trials) searches tried on \(base.solved.total) puzzles.",
            "Chosen in five folds, on held-out puzzles: \(heldOut.text).",
            "Chosen on all puzzles, on the same: \(inSample.text).",
            "The profile before\(cut.map { ", cut to K \($0.K) and D \($0.D)" } ?? ""): \(base.text).",
            "Confidence: \(calibration.text).",
        ]
        let rows = budgets.map { "\($0.steps) steps: \($0.base) before, \($0.heldOut) tuned" }
        if !rows.isEmpty, heldOut.solved.total > 0 {
            lines.append("Solved within a budget per puzzle (tuned: held out): \(rows.joined(separator: "; ")).")
        }
        return lines
    }

    /// A profiles file with the tuned search and calibration, the figures as comments.
    package func yaml(_ base: Profile, name: String, model: String) -> String {
        var profile = base
        profile.name = name
        profile.model = model
        profile.search = settings
        profile.calibration = calibration.calibration
        return summary.reduce("# Written by ptrmd tune.\n") { $0 + "# \($1)\n" } + profile.yaml
    }
}
