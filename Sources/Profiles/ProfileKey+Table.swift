import JSON
import Rollouts
import TRM
import Verifiers

private typealias Ranges = SearchSettings.Ranges

extension ProfileKey {
    /// Every key, in the order in which they are shown.
    static let all: [ProfileKey] = subject + search + arithmetic

    /// The keys that a request may override.
    static let search: [ProfileKey] = [
        .integer("K", \.K, Ranges.K, "Rollouts at most: how many noisy attempts one puzzle gets."),
        .integer("D", \.D, Ranges.D, "Supervision steps of each rollout at most."),
        .number("sigma", \.sigma, Ranges.sigma, "Standard deviation of the noise added before each step."),
        .word("noise", \.noise, "The latent that takes the noise; which one works better is a matter of the model."),
        .search(
            "seed", .integer(0...Int(Int64.max)), "Seed of the noise and the views: the same seed, the same answer."
        ) { value, settings in
            settings.seed = value.wholeNumber.map { UInt64(clamping: $0) } ?? settings.seed
        } get: {
            .integer(Int64(clamping: $0.seed))
        },
        .word("first_rollout", \.firstRollout, "Whether rollout 0 runs without noise, as a plain TRM does."),
        .number(
            "q_threshold", \.qThreshold, ValueShape.qRange,
            "Q logit at which a rollout offers its answer (0 is even odds); null: none ever does."),
        .integer("min_steps", \.minSteps, Ranges.minSteps, "Steps that a rollout has done at least when it offers."),
        .integer(
            "patience", \.patience, Ranges.patience, "Rounds in a row that Q must stay at the threshold for an offer."),
        .integer("quorum", \.quorum, Ranges.quorum, "Equal accepted answers that end the search."),
        .word("stop", \.stop, "End at the first accepted answer, or let every rollout run to its own end."),
        .word(
            "verify", \.verify,
            "What the task's rules do: refuse a wrong candidate, only report it, or nothing; null: require where the "
                + "task has a checker."),
        .integer(
            "check_every", \.checkEvery, Ranges.checkEvery,
            "Check every running rollout each so many rounds whatever its Q; null: never."),
        .ramp,
        .proposals,
        .resampling,
        .word("views", \.views, "Which rollouts solve a random symmetric view of the puzzle."),
        .integer(
            "augmentations", \.augmentations, Ranges.augmentations,
            "ARC: turned and recoloured forms of the task to search under, each with K rollouts; null: all that the model "
                + "knows."),
        .word("selection", \.selection, "Which candidate answers when none ended the search."),
        .search(
            "engines", .list(of: SearchSettings.Engine.allCases.map(\.rawValue)),
            "What tries the puzzle, in order, until it is settled: ptrm (rollouts of the model), exact (search by the rules), "
                + "ldt (deduction by the ldt_model, which answers or abstains)."
        ) { value, settings in
            let engines = (value.arrayValue ?? []).compactMap(\.stringValue).compactMap(SearchSettings.Engine.init)
            if !engines.isEmpty { settings.engines = engines }
        } get: {
            .array($0.engines.map { .string($0.rawValue) })
        },
        .integer(
            "handover_steps", \.handoverSteps, Ranges.maxSteps,
            "Supervision steps over all rollouts after which ptrm leaves the puzzle to the engine behind it; null: its "
                + "whole budget, as where none stands behind it, with stop: all, or when the request names max_steps."),
        .group(
            "deduction",
            [
                .number(
                    "threshold", \.deduction.threshold, Ranges.deductionThreshold,
                    "Logit of impossible above which a candidate goes."),
                .integer(
                    "still", \.deduction.still, Ranges.deductionStill,
                    "Passes in a row without a change after which a branch is split."),
                .integer(
                    "width", \.deduction.width, Ranges.deductionWidth, "Branches that do a pass side by side."),
                .word("order", \.deduction.order, "Which branches go on first."),
                .number(
                    "temperature", \.deduction.temperature, Ranges.deductionTemperature,
                    "0: split where the model is surest; above: at a candidate drawn by its probabilities."),
                .integer(
                    "restarts", \.deduction.restarts, Ranges.deductionRestarts,
                    "How often the search may begin anew, each time in another view as views has them."),
                .integer(
                    "restart_after", \.deduction.restartAfter, Ranges.deductionRestartAfter,
                    "Passes without an answer after which it does; null: when no branch is left."),
            ], "How the engine ldt deduces and branches."),
        .word(
            "lone_question", \.loneQuestion,
            "Tapa: what a clue of a single ? asks for: one run of any length or none at all (any, as pzpr), or a run of at "
                + "least one cell (shaded)."),
        .group(
            "limits",
            [
                .integer("max_steps", \.limits.maxSteps, Ranges.maxSteps, "Supervision steps over all rollouts."),
                .integer(
                    "time_ms", \.limits.timeMs, Ranges.milliseconds, "Milliseconds from the search's first step."),
                .integer(
                    "deadline_ms", \.limits.deadlineMs, Ranges.milliseconds,
                    "Milliseconds from the request's arrival."),
                .integer("conflicts", \.limits.conflicts, Ranges.conflicts, "Conflicts of exact search."),
            ], "Budgets; one that ends a search is a result, no error. A null in it: no limit."),
    ]

    private static let ramp = search(
        "ramp",
        .word(
            "none",
            or: .record([
                .init(name: "start", summary: "Rollouts at first.", shape: .integer(Ranges.rampStart)),
                .init(name: "factor", summary: "Growth of the number started.", shape: .number(Ranges.rampFactor)),
                .init(name: "every", summary: "Rounds between two groups.", shape: .integer(Ranges.rampEvery)),
            ])),
        "How rollouts are started: a few at first, more as rounds go by, up to K; none: all K at once."
    ) { value, settings in
        guard let start = value["start"]?.wholeNumber, let factor = value["factor"]?.doubleValue,
            let every = value["every"]?.wholeNumber
        else {
            settings.ramp = nil
            return
        }
        settings.ramp = .init(start: Int(start), factor: factor, every: Int(every))
    } get: {
        guard let ramp = $0.ramp else { return "none" }
        return [
            "start": .integer(Int64(ramp.start)), "factor": .number(ramp.factor), "every": .integer(Int64(ramp.every)),
        ]
    }

    private static let subject: [ProfileKey] = [
        profile("task", .text(atMost: 100), "The task: how puzzles are read, checked and drawn.") { value, profile in
            profile.task = value.stringValue ?? ""
        } get: {
            .string($0.task)
        },
        profile(
            "model", .optional(.text(atMost: 4096)),
            "A bundled model's name, or a path relative to this file (it contains a slash or ends in .safetensors or "
                + ".pt); null: none, for a profile without the engine ptrm."
        ) { value, profile in
            profile.model = value.stringValue
        } get: {
            $0.model.map(JSON.string) ?? .null
        },
        profile(
            "ldt_model", .optional(.text(atMost: 4096)),
            "The model of the engine ldt, as model is that of ptrm; null: none, for a profile without that engine."
        ) { value, profile in
            profile.deducer = value.stringValue
        } get: {
            $0.deducer.map(JSON.string) ?? .null
        },
        profile(
            "description", .optional(.text(atMost: 1000)), "A sentence for people, shown in lists of profiles."
        ) { value, profile in
            profile.description = value.stringValue
        } get: {
            $0.description.map(JSON.string) ?? .null
        },
    ]

    private static let arithmetic: [ProfileKey] = [
        profile(
            "verifier", .optional(VerifierSettings.shape),
            "A program that judges candidates over NDJSON in the place of the task's rules; null: none."
        ) { value, profile in
            profile.verifier = VerifierSettings(checked: value)
        } get: {
            $0.verifier?.json ?? .null
        },
        profile(
            "precision", .words(Precision.allCases.map(\.rawValue)),
            "Arithmetic of the model: auto is int8 where the CPU is faster by it and the bundled model was measured to be no "
                + "worse, else float; float is bf16 where the CPU is fastest in it and fp32 elsewhere."
        ) { value, profile in
            profile.precision = value.stringValue.flatMap(Precision.init) ?? .auto
        } get: {
            .string($0.precision.rawValue)
        },
        profile(
            "preload", .optional(.truth),
            "Whether the daemon makes the model ready before it says that it is; null: where it serves sockets, or the model "
                + "is no bundled one."
        ) { value, profile in
            profile.preload = value.boolValue
        } get: {
            $0.preload.map(JSON.bool) ?? .null
        },
        profile(
            "calibration", .optional(Calibration.shape),
            "How Q becomes a confidence: platt is sigmoid(scale * q + offset), isotonic is straight lines between "
                + "points; null: sigmoid(q)."
        ) { value, profile in
            profile.calibration = Calibration(checked: value)
        } get: {
            $0.calibration?.json ?? .null
        },
    ]
}
