import ArgumentParser
import Evaluation
import JSON
import Platform
import Problems
import Profiles
import Puzzles
import Rollouts
import Service
import Solving
import TRM

/// `ptrmd trace`: what each rollout of a puzzle does, step by step.
struct Trace: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow every rollout of one puzzle: Q, cell accuracy and the latent's way, step by step.",
        discussion: """
            Every rollout runs all D steps, whatever its Q. PUZZLE is what ptrmd solve takes; a request line may carry the \
            solution, else one that a rollout found and the rules confirm serves to count right cells. A quick success is \
            right from a step in the first quarter on, a delayed success only from a later one on. Where the profile has \
            proposals or resampling, rollouts start or go on from each other: then the search itself is followed, with its ramp \
            and its end, and what each rollout started from is shown.

              ptrmd trace .1...86..4..9..5....3......1...5.3....47.92...6..8...55..8....7.......4..8.61.... --html out.html
            """)

    @OptionGroup var setup: ServiceOptions

    @Argument(help: "A puzzle, or a file with one, or - for stdin.", completion: .file())
    var puzzle: String

    @OptionGroup var kind: TaskOption

    @Option(help: "The profile to search with.", completion: .profiles)
    var profile: String?

    @Option(name: .customLong("K"), help: "Rollouts.")
    var rollouts = 25

    @Option(name: .customLong("D"), help: "Supervision steps of each rollout.")
    var depth = 16

    @Option(parsing: .unconditional, help: "Noise scale; default: the profile's.")
    var sigma: Float?

    @Option(help: "The latent that takes the noise: z_L, z_H or both; default: the profile's.")
    var noise: NoiseTarget?

    @Option(
        help: ArgumentHelp(
            "none, some or all; default: none, as the latents of different views have no place in one picture, but of a whole "
                + "search the profile's."))
    var views: SearchSettings.Views?

    @Option(parsing: .unconditional, help: "Seed of noise and views; default: the profile's.", transform: Seed.parse)
    var seed: UInt64?

    @Option(
        help: "The latent whose way is shown: z_L or z_H; default: the one that the answer is read from.",
        transform: Latent.parse)
    var latent: Latent?

    @Option(
        help: ArgumentHelp("Draw it; - for stdout, without the table.", valueName: "file.svg"),
        completion: .file())
    var svg: String?

    @Option(
        help: ArgumentHelp(
            "A page to look at: the board at every step of every rollout, and the curves; - for stdout, without the table.",
            valueName: "file.html"))
    var html: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// Bytes for latents at most: 100 rollouts of 16 steps of the public Maze-Hard model need 5.5 GiB.
    private static let mostMemory = 6 << 30

    func validate() throws {
        guard rollouts >= 1, depth >= 1, rollouts <= 10_000, depth <= 10_000, rollouts * depth <= 20_000 else {
            throw ValidationError("--K and --D must be at least 1, and K x D at most 20000.")
        }
        guard [json, svg == "-", html == "-"].count(where: { $0 }) <= 1 else {
            throw ValidationError("Of --json, --svg - and --html - only one can write to stdout.")
        }
        if let svg, svg == html { throw ValidationError("--svg and --html need files of their own.") }
        if let sigma, !SearchSettings.Ranges.sigma.contains(Double(sigma)) {
            throw ValidationError("--sigma must be from 0 to 100.")
        }
    }

    func run() throws {
        try OutputFile.check(html, inputs: [puzzle, setup.profilesFile])
        try OutputFile.check(svg, inputs: [puzzle, setup.profilesFile])
        let catalogue = try setup.makeCatalogue()
        try kind.check()
        let lines = try PuzzleSource.all(puzzle, task: kind.name)
        guard let line = lines.first, lines.count == 1 else {
            throw CommandFailure(code: .usage, message: "expected one puzzle, found \(lines.count)")
        }
        let input = try EvaluationInput(
            lines: [line], file: puzzle, profile: profile, task: kind.name, catalogue: catalogue,
            // The page has a curve of right cells.
            solvesMissing: html != nil)
        // Or every rollout would be called a failure.
        try input.requireJudges(file: puzzle)
        var settings = input.profile.search
        settings.sigma = sigma ?? settings.sigma
        settings.noise = try noise.map(input.checked) ?? settings.noise
        let isWhole = settings.proposals != nil || settings.resampling != nil
        settings.views = views ?? (isWhole ? settings.views : .none)
        settings.seed = seed ?? settings.seed
        let condition = Condition(settings)
        // A search that knows no solution takes the first one that keeps the rules.
        var item = input.items[0]
        if item.solution == nil { item = try Self.solved(item, condition, K: rollouts, D: depth) }
        let model = item.problem.model
        let latent = latent ?? model.readOut
        guard model.latents.contains(latent) else {
            throw CommandFailure(code: .usage, message: "\(input.model.label) has no \(latent.name)")
        }
        // All latents are kept, and centred once more for the axes.
        let bytes = 2 * MemoryLayout<Float>.size * model.valueCount(of: latent) * rollouts * depth
        guard bytes <= Self.mostMemory else {
            throw CommandFailure(
                code: .usage,
                message:
                    "the latents of \(rollouts) x \(depth) steps of \(input.model.label) take \(bytes >> 20) MiB, at most "
                    + "\(Self.mostMemory >> 20) are used; give less of --K or --D")
        }
        if isWhole {
            return try writeSearch(of: item, settings, condition: condition, latent: latent, model: input.model.label)
        }
        var points = [[[Float]]](repeating: [], count: rollouts)
        var answers: [[Int32]] = []
        let record = Recorder(model: item.problem.model).record(
            item, number: 0, condition: condition, K: rollouts, D: depth,
            observe: { rollout, _, carry in points[rollout].append(carry.values(of: latent)) },
            answered: { tokens, _ in answers.append(tokens) })
        guard let record else { return }
        let report = TrajectoryReport(
            name: item.name, record: record, condition: condition, latent: latent, points: points,
            qThreshold: settings.qThreshold.map(Double.init))
        // A picture on stdout stands there alone.
        if svg != "-", html != "-" {
            try StandardOutput.write(json ? report.json.text + "\n" : report.table.printable(limit: 1 << 22))
        }
        if let svg { try OutputFile.write(report.plot, to: svg) }
        if let html {
            try OutputFile.write(report.page(of: item, answers: answers, model: input.model.label), to: html)
        }
    }

    /// A search whose rollouts start or go on from each other is followed as it runs, with its ramp and its end.
    private func writeSearch(
        of item: EvaluationItem, _ settings: SearchSettings, condition: Condition, latent: Latent, model: String
    ) throws {
        var settings = settings
        (settings.K, settings.D) = (rollouts, depth)
        let trace = SearchTrace(of: item, settings, latent: latent)
        let report = TrajectoryReport(
            name: item.name, record: trace.record, condition: condition, latent: latent, points: trace.points,
            qThreshold: settings.qThreshold.map(Double.init), starts: trace.starts)
        if svg != "-", html != "-" {
            try StandardOutput.write(json ? report.json.text + "\n" : report.table.printable(limit: 1 << 22))
        }
        if let svg { try OutputFile.write(report.plot, to: svg) }
        if let html { try OutputFile.write(report.page(of: item, answers: trace.answers, model: model), to: html) }
    }

    /// The item with a solution that one of its rollouts finds; as it is when none does.
    private static func solved(
        _ item: EvaluationItem, _ condition: Condition, K: Int, D: Int
    ) throws -> EvaluationItem {
        guard item.problem.hasChecker else { return item }
        var item = item
        var found: PuzzleAnswer?
        let recorder = Recorder(model: item.problem.model)
        let reader = item
        _ = recorder.record(
            item, number: 0, condition: condition, K: K, D: D, isCancelled: { found != nil },
            answered: { tokens, answer in
                if answer.isValid == true { found = reader.problem.answer(from: tokens) }
            })
        if let found { try item.setSolution(found) }
        return item
    }
}

extension Latent {
    /// `z_L` or `z_H`.
    fileprivate static func parse(_ argument: String) throws -> Latent {
        switch argument {
        case "z_L": .zL
        case "z_H": .zH
        default: throw ValidationError("expected z_L or z_H, found \(argument)")
        }
    }
}
