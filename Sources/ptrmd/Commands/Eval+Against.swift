import Evaluation
import JSON
import Platform
import Profiles
import Puzzles
import Rollouts
import Service
import Solving

extension Eval {
    /// Compares the profile's searches with those of other settings, each run whole: what a search does whose rollouts start
    /// or go on from each other is in no record.
    func compare(_ input: EvaluationInput, _ settings: SearchSettings) throws {
        var base = settings
        if let most = maxSteps { base.limits.maxSteps = most }
        (base.limits.timeMs, base.limits.deadlineMs) = (nil, nil)
        var arms = [SearchComparison.Arm(name: "profile \(input.profile.name)")]
        var searches = [base]
        for text in against {
            searches.append(try Self.settings(base, with: text))
            arms.append(.init(name: text))
        }
        for search in searches { _ = try input.checked(search.noise) }
        var bar = ProgressBar(total: input.items.count * searches.count)
        let results = ComparisonWorkers(items: input.items, settings: searches)
            .run(threads: setup.threads.count) { bar.advance(steps: $0) }
        bar.clear()
        guard let results else { throw CommandFailure(code: .usage, message: "the system has no thread to give") }
        for (index, results) in results.enumerated() {
            arms[index].isRight = results.map(\.isRight)
            arms[index].steps = results.map(\.steps)
        }
        let comparison = SearchComparison(
            model: input.model.label, task: input.task.name, maxSteps: base.limits.maxSteps, arms: arms)
        try StandardOutput.write(json ? comparison.json.text + "\n" : comparison.table)
    }

    /// The settings with overrides as a request has them.
    private static func settings(_ base: SearchSettings, with text: String) throws(CommandFailure) -> SearchSettings {
        let overrides: JSON
        do { overrides = try JSON(parsing: text) } catch {
            throw CommandFailure(
                code: .usage, message: "--against: not JSON: \(error.message) (at byte \(error.offset)): \(text)")
        }
        guard let object = overrides.objectValue else {
            throw CommandFailure(
                code: .usage, message: "--against: expected an object of overrides, found \(overrides.typeName)")
        }
        do { return try base.applying(overrides: object) } catch {
            throw CommandFailure(code: .usage, message: "--against: \(error.message)")
        }
    }
}
