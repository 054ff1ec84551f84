import ArgumentParser
import Evaluation
import JSON
import Profiles
import Puzzles
import Rollouts
import Service
import Solving
import TRM

/// `ptrmd eval`: how well a profile's model and search do on puzzles with known solutions.
struct Eval: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure accuracy, pass@K, best-Q@K, mode@K, early stopping and cost on puzzles.",
        discussion: """
            PUZZLES has a request per line, with its solution if known (what ptrmd generate writes). Every puzzle is run \
            once with the largest K and D under each noise; smaller K are its first rollouts, smaller D its first steps, \
            and early stopping is replayed from the same steps. With --resume, a run that was broken off goes on.

              ptrmd generate --task sudoku --count 200 --seed 9 > puzzles.ndjson
              ptrmd eval puzzles.ndjson --against '{"K":1000,"proposals":{}}' --max-steps 2000
              ptrmd eval puzzles.ndjson --K 1,4,16 --D 8,16 --sigma 0.1,0.3,1 --plot sweep.svg
            """)

    @OptionGroup var setup: ServiceOptions

    @Argument(help: "A file of puzzles, a data set that ptrmd convert reads, or - for stdin.", completion: .file())
    var puzzles: String

    @Option(help: "The profile to measure.", completion: .profiles)
    var profile: String?

    @Option(help: "The kind of puzzle.", completion: .tasks)
    var task: String?

    @Option(name: .customLong("K"), help: ArgumentHelp("Rollouts; default: the profile's.", valueName: "n,..."))
    var rollouts: NumberList<Int>?

    @Option(name: .customLong("D"), help: ArgumentHelp("Steps; default: the profile's.", valueName: "n,..."))
    var depths: NumberList<Int>?

    @Option(help: ArgumentHelp("Noise scales; default: the profile's.", valueName: "x,..."))
    var sigma: NumberList<Float>?

    @Option(help: "The latent that takes the noise: z_L, z_H or both; default: the profile's.")
    var noise: NoiseTarget?

    @Option(help: "none, some or all; default: the profile's.")
    var views: SearchSettings.Views?

    @Option(parsing: .unconditional, help: "Seed of noise and views; default: the profile's.", transform: Seed.parse)
    var seed: UInt64?

    @Option(
        help: ArgumentHelp(
            "Compare the profile's searches with those of other settings, given as a request's overrides, at equal steps: "
                + "'{\"proposals\":{}}'; may be repeated.",
            valueName: "json"))
    var against: [String] = []

    @Option(help: ArgumentHelp("With --against: steps for each puzzle; default: the profile's.", valueName: "n"))
    var maxSteps: Int?

    @Flag(help: "Find the solutions that lines do not give by exact search.")
    var solveMissing = false

    @Option(help: ArgumentHelp("Only the first puzzles.", valueName: "n"))
    var limit: Int?

    @Option(help: "Of a data set's folder: train or test.")
    var split: String?

    @Option(
        help: ArgumentHelp(
            "Only the i-th of n parts of the puzzles; with --resume, what it measures is kept for --merge.",
            valueName: "i/n"),
        transform: Shard.parse)
    var shard: Shard?

    @Option(
        help: ArgumentHelp(
            "Measure nothing: report what these files of other runs' --resume hold together; may be repeated.",
            valueName: "file"),
        completion: .file())
    var merge: [String] = []

    @Flag(help: "Leave times out of the report, so that the same measurement gives the same bytes.")
    var noTimes = false

    @Option(
        help: ArgumentHelp("Keep what was measured here, and go on from it.", valueName: "file"),
        completion: .file())
    var resume: String?

    @Option(
        help: ArgumentHelp(
            "Draw width scaling and the noise ablation; - for stdout, without the table.", valueName: "file.svg"),
        completion: .file())
    var plot: String?

    @Option(
        help: ArgumentHelp(
            "A page to look at: which puzzles failed, the curves, and calibration; - for stdout, without the table.",
            valueName: "file.html"))
    var html: String?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        for (name, list, range) in [
            ("--K", rollouts?.values, SearchSettings.Ranges.K), ("--D", depths?.values, SearchSettings.Ranges.D),
        ] {
            if let list, !list.allSatisfy({ range.contains($0) }) {
                throw ValidationError("\(name) takes numbers from \(range.lowerBound) to \(range.upperBound).")
            }
        }
        let scales = SearchSettings.Ranges.sigma
        if let sigma, !sigma.values.allSatisfy({ scales.contains(Double($0)) }) {
            throw ValidationError("--sigma takes numbers from 0 to \(Int(scales.upperBound)).")
        }
        guard [json, plot == "-", html == "-"].count(where: { $0 }) <= 1 else {
            throw ValidationError("Of --json, --plot - and --html - only one can write to stdout.")
        }
        if let plot, plot == html { throw ValidationError("--plot and --html need files of their own.") }
        if shard != nil, !merge.isEmpty { throw ValidationError("--merge takes all parts together.") }
        if resume != nil, !merge.isEmpty { throw ValidationError("--merge measures nothing to keep.") }
        if against.isEmpty {
            if maxSteps != nil { throw ValidationError("--max-steps belongs to --against.") }
        } else if rollouts != nil || depths != nil || sigma != nil || shard != nil || !merge.isEmpty || resume != nil
            || plot != nil || html != nil
        {
            throw ValidationError(
                "--against runs whole searches: no --K, --D, --sigma, --shard, --merge, --resume, --plot or --html.")
        }
        if let maxSteps, !SearchSettings.Ranges.maxSteps.contains(maxSteps) {
            throw ValidationError("--max-steps must be at least 1.")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func run() throws {
        try OutputFile.check(html, inputs: [puzzles, resume, setup.profilesFile])
        try OutputFile.check(plot, inputs: [puzzles, resume, setup.profilesFile])
        let catalogue = try setup.makeCatalogue()
        let input = try EvaluationInput(
            file: puzzles, limit: limit, split: split, profile: profile, task: task, catalogue: catalogue,
            solvesMissing: solveMissing
        )
        try input.requireJudges(file: puzzles)
        var settings = input.profile.search
        settings.noise = try noise.map(input.checked) ?? settings.noise
        settings.views = views ?? settings.views
        settings.seed = seed ?? settings.seed
        if !against.isEmpty { return try compare(input, settings) }
        input.reportWhatIsLeftOut()
        let Ks = (rollouts?.values ?? [settings.K]).sorted()
        let Ds = (depths?.values ?? [settings.D]).sorted()
        let base = Condition(settings)
        let conditions = (sigma?.values ?? [settings.sigma]).map { sigma in
            var condition = base
            condition.sigma = sigma
            return condition
        }
        let recording = Recording(
            input: input, K: Ks.last ?? 1, D: Ds.last ?? 1, threads: setup.threads.count, resume: resume)
        let records =
            merge.isEmpty
            ? try recording.records(conditions, keptIn: try recording.openLog(base)) { shard?.contains($0) ?? true }
            : try recording.merged(merge, conditions, base: base)
        var report = EvaluationReport(
            profile: input.profile.name, model: input.model.label, modelHash: input.model.sha256,
            task: input.task.name, hasChecker: input.hasChecker, puzzles: records[conditions[0]]?.count ?? 0)
        if !noTimes {
            report.stepMilliseconds = Recording.stepMilliseconds(conditions.flatMap { records[$0] ?? [] })
        }
        for condition in conditions {
            report.add(records[condition] ?? [], condition, settings: settings, Ks: Ks, Ds: Ds)
        }
        // A picture on stdout stands there alone.
        if plot != "-", html != "-" { try StandardOutput.write(json ? report.json.text + "\n" : report.table) }
        if let plot { try OutputFile.write(report.plot(main: base), to: plot) }
        if let html {
            let page = EvaluationPage(
                report: report, items: input.items, records: conditions.map { records[$0] ?? [] },
                confidence: input.profile.confidence)
            try OutputFile.write(page.document(main: base), to: html)
        }
    }
}

extension NoiseTarget: ExpressibleByArgument {}
extension SearchSettings.Views: ExpressibleByArgument {}

/// One of several parts of a list: every n-th, so that all have puzzles of all kinds.
struct Shard: Sendable {
    var number: Int
    var count: Int

    func contains(_ index: Int) -> Bool { index % count == number - 1 }

    static func parse(_ argument: String) throws -> Shard {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], (1...100_000).contains(count),
            (1...count).contains(number)
        else { throw ValidationError("expected a part as 2/5, found \(argument)") }
        return Shard(number: number, count: count)
    }
}
