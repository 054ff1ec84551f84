package import JSON

/// Procedures side by side: the same puzzles, the same budget of steps.
package struct SearchComparison: Sendable {
    /// What one procedure did.
    package struct Arm: Sendable {
        package var name: String
        /// By puzzle: whether it was solved, and in how many supervision steps.
        package var isRight: [Bool] = []
        package var steps: [Int] = []

        package init(name: String) { self.name = name }
    }

    package var model: String
    package var task: String
    /// Steps that a puzzle gets at most; nil: no limit.
    package var maxSteps: Int?
    /// The first one is what the others are compared with.
    package var arms: [Arm]

    package init(model: String, task: String, maxSteps: Int?, arms: [Arm]) {
        self.model = model
        self.task = task
        self.maxSteps = maxSteps
        self.arms = arms
    }

    private func pairs(_ arm: Arm) -> PairedOutcomes { PairedOutcomes(zip(arms[0].isRight, arm.isRight)) }

    package var json: JSON {
        [
            "model": .string(model), "task": .string(task), "max_steps": maxSteps.map { .integer(Int64($0)) } ?? .null,
            "puzzles": .integer(Int64(arms.first?.isRight.count ?? 0)),
            "searches": .array(
                arms.enumerated().map { index, arm in
                    var members: JSONObject = [
                        "name": .string(arm.name), "solved": Proportion(arm.isRight).json,
                        "mean_steps": .number(arm.steps.map(Double.init).mean.rounded(digits: 3)),
                        "median_steps": .number(arm.steps.map(Double.init).median),
                    ]
                    if index > 0 { members["against_first"] = pairs(arm).json }
                    return .object(members)
                }),
        ]
    }

    /// A line for each procedure.
    package var table: String {
        let limit = maxSteps.map { ", \($0) steps at most" } ?? ""
        var lines = [
            "\(model), \(arms.first?.isRight.count ?? 0) puzzles of \(task)\(limit); in brackets 95 % intervals",
            "                solved   mean steps  median    won   lost         p   search",
        ]
        for (index, arm) in arms.enumerated() {
            let steps = arm.steps.map(Double.init)
            var line =
                Proportion(arm.isRight).text.right(22) + steps.mean.text(1).right(13) + steps.median.text(1).right(8)
            if index == 0 {
                line += "".right(24)
            } else {
                let pairs = pairs(arm)
                line += "\(pairs.onlySecond)".right(7) + "\(pairs.onlyFirst)".right(7) + pairs.p.text(4).right(10)
            }
            lines.append(line + "   " + arm.name)
        }
        lines += [
            "", "won and lost: puzzles that only this search, and only the first one, solved; p: exact McNemar test",
        ]
        return lines.joined(separator: "\n") + "\n"
    }
}
