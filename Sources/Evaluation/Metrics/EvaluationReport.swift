package import JSON
package import Rollouts
import TRM

/// Everything `ptrmd eval` tells.
package struct EvaluationReport: Sendable {
    /// The results under one condition.
    package struct Section: Sendable {
        package var condition: Condition
        package var widths: [WidthMetrics]
        package var stops: [StopMetrics]
        package var logits: LogitMetrics
        /// The means over the puzzles, at the largest K and D.
        package var cloud: CloudDiagnostics?

        /// The metrics at one width and depth.
        package func width(K: Int, D: Int) -> WidthMetrics? { widths.first { $0.K == K && $0.D == D } }
    }

    package var profile: String
    package var model: String
    package var modelHash: String
    package var task: String
    package var hasChecker: Bool
    package var puzzles: Int
    package var sections: [Section] = []
    /// Milliseconds of one step on one thread while measuring; its mean.
    package var stepMilliseconds = Double.nan

    package init(profile: String, model: String, modelHash: String, task: String, hasChecker: Bool, puzzles: Int) {
        self.profile = profile
        self.model = model
        self.modelHash = modelHash
        self.task = task
        self.hasChecker = hasChecker
        self.puzzles = puzzles
    }

    /// Works out one condition's section. `settings` are the profile's, for early stopping.
    package mutating func add(
        _ records: [PuzzleRecord], _ condition: Condition, settings: SearchSettings, Ks: [Int], Ds: [Int]
    ) {
        var section = Section(condition: condition, widths: [], stops: [], logits: LogitMetrics(records))
        section.cloud = CloudDiagnostics(meanOf: records.compactMap(\.cloud))
        for D in Ds {
            for K in Ks {
                section.widths.append(WidthMetrics(records, K: K, D: D))
                var stopping = condition.applied(to: settings)
                stopping.K = K
                stopping.D = D
                section.stops.append(StopMetrics(records, stopping, hasChecker: hasChecker))
            }
        }
        sections.append(section)
    }

    package var json: JSON {
        [
            "profile": .string(profile), "model": .string(model), "model_sha256": .string(modelHash),
            "task": .string(task), "has_checker": .bool(hasChecker), "puzzles": .integer(Int64(puzzles)),
            "step_ms": stepMilliseconds.isFinite ? .number(stepMilliseconds.rounded(digits: 4)) : .null,
            "conditions": .array(
                sections.map { section in
                    [
                        "sigma": JSON(section.condition.sigma), "noise": .string(section.condition.noise.rawValue),
                        "views": .string(section.condition.views.rawValue),
                        "first_rollout": .string(section.condition.firstRollout.rawValue),
                        "seed": .integer(Int64(clamping: section.condition.seed)),
                        "widths": .array(section.widths.map(\.json)),
                        "early_stopping": .array(section.stops.map(\.json)), "logits": section.logits.json,
                        "cloud": section.cloud?.json ?? .null,
                    ]
                }),
        ]
    }

    /// Two tables for each condition: all rollouts run to step D, and searches that stop early.
    package var table: String {
        var lines = ["\(model), profile \(profile), \(puzzles) puzzles of \(task); in brackets 95 % intervals"]
        let hasScores = sections.contains { $0.widths.contains { $0.right[.score] != nil } }
        let measures = WidthMetrics.Measure.allCases.filter {
            switch $0 {
            case .verified: hasChecker
            case .score: hasScores
            case .first, .single, .pass, .bestQ, .mode, .top1: true
            }
        }
        for section in sections {
            lines.append("")
            lines.append(section.condition.text)
            lines.append(
                "     K     D" + measures.map { $0.rawValue.right(22) }.joined())
            for width in section.widths {
                lines.append(
                    "\(width.K)".right(6) + "\(width.D)".right(6)
                        + measures.map { (width.right[$0]?.text ?? "-").right(22) }.joined())
            }
            if let correlation = section.logits.correlation {
                lines.append("correlation of Q and right cells over all steps: \(correlation.text(3))")
            }
            if let cloud = section.cloud { lines.append("without solutions: \(cloud.text)") }
            lines.append(
                "     K     D        stopped: solved   mean steps  median  per solved   precision of Q alone"
                    + "  false alarms  ms a puzzle")
            for stop in section.stops {
                let time = stop.meanSteps * stepMilliseconds
                lines.append(
                    "\(stop.settings.K)".right(6) + "\(stop.settings.D)".right(6) + stop.solved.text.right(23)
                        + stop.meanSteps.text(1).right(13) + stop.medianSteps.text(1).right(8)
                        + stop.stepsPerSolved.text(1).right(12) + stop.precision.text.right(23)
                        + "\(stop.falseAlarms)".right(14) + time.text(2).right(13))
            }
            lines.append(exactNote(section))
        }
        if hasChecker { lines += ["", "right = every rule kept"] }
        return lines.joined(separator: "\n") + "\n"
    }

    private func exactNote(_ section: Section) -> String {
        guard let width = section.widths.last, let exact = width.exact[.bestQ], exact.total > 0 else {
            return "no solutions were given, so nothing is compared with them"
        }
        return "equal to the given solution at K \(width.K), D \(width.D), best_q: \(exact.text)"
    }
}
