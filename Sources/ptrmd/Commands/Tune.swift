import ArgumentParser
import Evaluation
import Platform
import Profiles
import Puzzles
import Rollouts
import Service
import TRM

/// `ptrmd tune`: a profile for a goal, from puzzles with known solutions.
struct Tune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Choose K, D, noise, views, ramp and threshold for a goal, and calibrate the confidence.",
        discussion: """
            Every noise is recorded on a quarter of the puzzles; the best two and the profile's own are recorded on all of \
            them. Thousands of searches are then replayed from the records. What they are worth is measured on puzzles \
            they were not chosen on (five folds, without the first quarter) and written into the profile as comments.

              ptrmd generate --task sudoku --count 400 --seed 5 > puzzles.ndjson
              ptrmd tune --task sudoku --data puzzles.ndjson > tuned.yaml
              ptrmd --profiles tuned.yaml < requests.ndjson
            """)

    @OptionGroup var setup: ServiceOptions

    @Option(help: "The kind of puzzle.", completion: .tasks)
    var task: String?

    @Option(help: "The profile to start from; default: the task's.", completion: .profiles)
    var profile: String?

    @Option(
        help: ArgumentHelp("Puzzles with solutions, as ptrmd generate writes them; - for stdin.", valueName: "file"),
        completion: .file())
    var data: String

    @Option(help: ArgumentHelp("Goal: this share of the answers that Q accepts is right.", valueName: "share"))
    var precision: Double?

    @Option(help: ArgumentHelp("Goal: most puzzles solved in so much time on one thread.", valueName: "ms"))
    var budgetMs: Double?

    @Option(
        help: ArgumentHelp(
            "Without another goal, the fewest steps per solved puzzle is looked for among searches that solve at most this "
                + "share of the puzzles less than the best; default: 0.01.", valueName: "share"))
    var within: Double?

    @Option(name: .customLong("K"), help: "Rollouts at most.")
    var rollouts = 16

    @Option(name: .customLong("D"), help: "Supervision steps of each rollout at most.")
    var depth = 32

    @Option(help: ArgumentHelp("Noise scales to try; default: 0.1,0.3,1.", valueName: "x,..."))
    var sigma: NumberList<Float>?

    @Option(parsing: .upToNextOption, help: "Latents to try the noise on: z_L, z_H, both; default: z_L z_H.")
    var noise: [NoiseTarget] = []

    @Option(parsing: .upToNextOption, help: "Views to try; default: none, and all where the task has symmetries.")
    var views: [SearchSettings.Views] = []

    @Flag(help: "Keep the profile's search as it is and calibrate its confidence alone, under its own noise and views.")
    var calibrate = false

    @Flag(help: "Find the solutions that lines do not give by exact search.")
    var solveMissing = false

    @Option(help: ArgumentHelp("Only the first puzzles.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp("Keep what was measured here, and go on from it.", valueName: "file"),
        completion: .file())
    var resume: String?

    @Option(
        help: ArgumentHelp("Where the profile goes.", valueName: "file.yaml"),
        completion: .file())
    var out = "-"

    @Option(help: "The name of the written profile; default: that of the profile it starts from.")
    var name: String?

    func validate() throws {
        if precision != nil, budgetMs != nil { throw ValidationError("Give --precision or --budget-ms, not both.") }
        if calibrate, precision != nil || budgetMs != nil {
            throw ValidationError("--calibrate chooses no search: there is no goal for it.")
        }
        if calibrate, sigma != nil || within != nil || !noise.isEmpty || !views.isEmpty {
            throw ValidationError(
                "--calibrate keeps the profile's search: it takes no --sigma, --noise, --views or --within.")
        }
        if let precision, !(precision > 0 && precision <= 1) {
            throw ValidationError("--precision must be above 0 and at most 1.")
        }
        if let budgetMs, !(budgetMs > 0 && budgetMs < 1e9) { throw ValidationError("--budget-ms must be above 0.") }
        guard (0...1).contains(within ?? 0) else { throw ValidationError("--within must be from 0 to 1.") }
        guard SearchSettings.Ranges.K.contains(rollouts), SearchSettings.Ranges.D.contains(depth) else {
            throw ValidationError("--K and --D must be from 1 to 100000.")
        }
        guard sigma?.values.allSatisfy({ SearchSettings.Ranges.sigma.contains(Double($0)) }) ?? true else {
            throw ValidationError("--sigma takes numbers from 0 to 100.")
        }
        if let name, !Profile.isName(name) {
            throw ValidationError("--name: \(Profile.nameRule), found \(name)")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func run() throws {
        try OutputFile.check(out, inputs: [data, resume, setup.profilesFile])
        let catalogue = try setup.makeCatalogue()
        var input = try EvaluationInput(
            file: data, limit: limit, profile: profile, task: task, catalogue: catalogue, solvesMissing: solveMissing)
        let repeats = input.removeRepeats()
        if repeats > 0 {
            Terminal.report("\(data): puzzles that are there more than once count once: \(repeats) left out")
        }
        try input.requireJudges(file: data)
        input.reportWhatIsLeftOut()
        var grid = TuningGrid()
        (grid.K, grid.D) = (rollouts, depth)
        if let sigma { grid.sigmas = sigma.values }
        grid.noises =
            noise.isEmpty ? grid.noises.filter { (try? input.checked($0)) != nil } : try noise.map(input.checked)
        grid.views = views.isEmpty ? (input.task.hasSymmetries ? [.none, .all] : [.none]) : views
        let base = input.profile.search
        let recording = Recording(input: input, K: rollouts, D: depth, threads: setup.threads.count, resume: resume)
        let log = try recording.openLog(Condition(base))
        if calibrate { return try calibrate(input, recording: recording, log: log) }
        let first = 0..<min(input.items.count, max(20, input.items.count / 4))
        let tried = try recording.records(grid.conditions(base), only: first, keptIn: log)
        let goal = goal(stepMilliseconds: Recording.stepMilliseconds(tried.values.joined()))
        let chosen = finalists(tried, base: base, grid: grid, goal: goal, hasChecker: input.hasChecker)
        let later = first.upperBound..<input.items.count
        let rest = later.isEmpty ? [:] : try recording.records(chosen, only: later, keptIn: log)
        // With few puzzles all have every condition, and the folds choose among all of them.
        var records = later.isEmpty ? tried : [:]
        for condition in chosen where !later.isEmpty {
            records[condition] = (tried[condition] ?? []) + (rest[condition] ?? [])
        }
        guard
            let tuning = Tuning(
                records, base: base, grid: grid, goal: goal, hasChecker: input.hasChecker,
                seen: later.isEmpty ? 0 : first.upperBound, calibration: input.profile.calibration)
        else {
            throw CommandFailure(
                code: .usage,
                message: "no search with K up to \(rollouts) and D up to \(depth) solves any of the puzzles, or none "
                    + "accepts an answer: there is nothing to choose")
        }
        let yaml = tuning.yaml(
            input.profile, name: name ?? input.profile.name, model: Self.place(of: input.profile))
        try OutputFile.write(yaml, to: out)
        if out != "-" { for line in tuning.summary { try StandardOutput.writeLine(line) } }
    }

    /// Writes the profile with its own search and the calibration that its answers ask for.
    private func calibrate(_ input: EvaluationInput, recording: Recording, log: RecordLog?) throws {
        var profile = input.profile
        let condition = Condition(profile.search)
        let records = try recording.records([condition], only: input.items.indices, keptIn: log)
        let choice = Tuning.calibration(records[condition] ?? [], profile.search, before: profile.calibration)
        let (K, D) = (min(rollouts, profile.search.K), min(depth, profile.search.D))
        let text = "Confidence: \(choice.text), with K \(K) and D \(D)."
        profile.name = name ?? profile.name
        profile.model = Self.place(of: profile)
        profile.calibration = choice.calibration
        try OutputFile.write("# Written by ptrmd tune --calibrate.\n# \(text)\n" + profile.yaml, to: out)
        if out != "-" { try StandardOutput.writeLine(text) }
    }

    private func goal(stepMilliseconds: Double) -> TuningGoal {
        if let precision { return .precision(precision) }
        if let budgetMs { return .budget(steps: max(1, Int(budgetMs / stepMilliseconds))) }
        return .costPerSolved(within: within ?? 0.01)
    }

    /// The base's condition and the two others whose best searches are best.
    private func finalists(
        _ records: [Condition: [PuzzleRecord]], base: SearchSettings, grid: TuningGrid, goal: TuningGoal,
        hasChecker: Bool
    ) -> [Condition] {
        var trials = Tuning.trials(records, base: base, grid: grid, goal: goal, hasChecker: hasChecker)
        var chosen = [Condition(base)]
        let puzzles = Array(0..<(records[chosen[0]]?.count ?? 0))
        while chosen.count < 3, let best = goal.best(of: trials, on: puzzles) {
            let condition = Condition(trials[best].settings)
            if !chosen.contains(condition) { chosen.append(condition) }
            trials.removeAll { Condition($0.settings) == condition }
        }
        return chosen
    }

    /// How the written profile names the model: a path must hold wherever the file is put.
    private static func place(of profile: Profile) -> String {
        profile.modelFile.flatMap(FileSystem.resolved) ?? profile.model ?? ""
    }
}
