import ArgumentParser
import Evaluation
import JSON
import LineProtocol
import Profiles
import Puzzles
import Rollouts
import Service
import Solving

/// `ptrmd solve`: puzzles solved and drawn for a person.
struct Solve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Solve puzzles and draw them.",
        discussion: """
            PUZZLE is a puzzle in its task's own notation, a puzz.link address, a
            file with one of these or one JSON request per line, or - for stdin.
            The task is told from the address or the notation where --task and
            --profile do not say it. Lines that begin with # and a space are
            remarks, unless they fit a board as its rows; blank lines set boards
            of several rows apart.

              ptrmd solve --K 100 --sigma 0.5 hard.txt
              ptrmd solve --fail-unsolved - < puzzles.txt

            \(Tasks.all.map { "\($0.name): \($0.notations)" }.joined(separator: "\n"))
            """)

    @OptionGroup var setup: ServiceOptions

    @Argument(help: "A puzzle, a file of puzzles, or - for stdin.", completion: .file())
    var puzzle: String

    @OptionGroup var kind: TaskOption

    @Option(help: "The profile to search with.", completion: .profiles)
    var profile: String?

    @Option(name: .customLong("K"), help: "Rollouts at most.")
    var rollouts: Int64?

    @Option(name: .customLong("D"), help: "Supervision steps of each rollout at most.")
    var depth: Int64?

    @Option(parsing: .unconditional, help: "Noise scale.")
    var sigma: Double?

    @Option(parsing: .unconditional, help: "Seed of the noise.", transform: Seed.parse)
    var seed: UInt64?

    @Option(help: ArgumentHelp("Supervision steps over all rollouts at most.", valueName: "n"))
    var maxSteps: Int?

    @Option(help: ArgumentHelp("Time at most.", valueName: "ms"))
    var timeMs: Int?

    @Option(
        name: .customLong("engine"),
        help: ArgumentHelp(
            "What tries the puzzle, in the order given: ptrm, exact, ldt; may be repeated. Default: the profile's.",
            valueName: "name"))
    var engines: [SearchSettings.Engine] = []

    @Option(help: ArgumentHelp("Conflicts of exact search at most.", valueName: "n"))
    var conflicts: Int?

    @Flag(help: "Also tell whether the solution is the only one.")
    var unique = false

    @Flag(help: "The same as --fail-on unsolved.")
    var failUnsolved = false

    @Option(help: FailOn.help)
    var failOn = FailOn.error

    @Flag(help: "Print the daemon's lines (answers, warnings and errors) instead of drawing.")
    var json = false

    func validate() throws {
        for (option, value, most) in [
            ("--max-steps", maxSteps, Wire.maxSteps), ("--time-ms", timeMs, Wire.maxMilliseconds),
        ] {
            guard let value, value < 1 || value > most else { continue }
            throw ValidationError("\(option) must be from 1 to \(most).")
        }
        do {
            _ = try SearchSettings().applying(overrides: overrides)
        } catch {
            // It begins with the setting's name, which is the option's.
            throw ValidationError("--\(error.message)")
        }
    }

    func run() throws {
        let service = try setup.makeService(logger: setup.makeLogger())
        defer { service.stop() }
        try kind.check()
        let source = try PuzzleSource(puzzle, task: try profile(of: service)?.task ?? kind.name)
        var errors = LineErrors()
        var failure: CommandExit?
        var unsolved = false
        var isEmpty = true
        while let line = try source.next() {
            isEmpty = false
            do {
                let (id, request, warnings) = try self.request(for: line)
                if !warnings.isEmpty { try show(warnings, of: line, id: id, isOnly: try source.isOnly()) }
                do {
                    if try !solve(request, id: id, line: line, service: service) { unsolved = true }
                } catch let error as WireError {
                    throw RefusedLine(id: id, error: error)
                } catch let refusal as Refusal {
                    if refusal.kind.exitCode == .model { failure = .model }
                    throw RefusedLine(id: id, error: WireError(refusal))
                }
            } catch let refused as RefusedLine {
                failure = failure ?? .someLineFailed
                let isOnly = try source.isOnly()
                try show(refused.warnings, of: line, id: refused.id, isOnly: isOnly)
                if json {
                    try StandardOutput.write(Reply(id: refused.id, line: line.number, .error(refused.error)))
                } else {
                    try errors.report(refused.error.message, of: line, isOnly: isOnly)
                }
            }
        }
        if isEmpty { throw CommandFailure(code: .usage, message: "there is no puzzle in \(puzzle)") }
        // A model that cannot be loaded is no line's fault.
        if let failure, failure != .someLineFailed { throw failure }
        let failOn = failUnsolved ? .unsolved : failOn
        throw failOn.exit(errors: failure == nil ? 0 : 1, unsolved: unsolved ? 1 : 0)
    }

    /// The named profile; one that does not exist is wrong for every line, and said once.
    private func profile(of service: SolverService) throws(CommandFailure) -> Profile? {
        guard let profile else { return nil }
        do {
            return try service.catalogue.profiles.select(profile: profile, task: kind.name)
        } catch {
            throw CommandFailure(code: .usage, message: error.message)
        }
    }

    /// The settings that this command's options replace.
    private var overrides: JSONObject {
        var overrides = JSONObject()
        if let rollouts { overrides["K"] = .integer(rollouts) }
        if let depth { overrides["D"] = .integer(depth) }
        if let sigma { overrides["sigma"] = .number(sigma) }
        if !engines.isEmpty { overrides["engines"] = .array(engines.map { .string($0.rawValue) }) }
        if let conflicts { overrides["limits"] = ["conflicts": .integer(Int64(conflicts))] }
        return overrides
    }

    /// The line as a request, with this command's options on top.
    private func request(
        for line: PuzzleInput.Line
    ) throws(RefusedLine) -> (id: RequestID?, request: SolveRequest, warnings: [WireWarning]) {
        var (id, request, warnings) = try line.parsed()
        request.task = kind.name ?? request.task
        request.profile = profile ?? request.profile
        if request.task == nil, request.profile == nil {
            do {
                request.task = try PuzzleInput.task(of: request.puzzle)
            } catch {
                throw RefusedLine(id: id, error: error, warnings: warnings)
            }
        }
        warnings += Tasks.notes(onLink: request.puzzle).map { WireWarning(field: "puzzle", message: $0) }
        var settings = request.overrides ?? JSONObject()
        for (name, value) in overrides { settings[name] = value }
        if !settings.isEmpty { request.overrides = settings }
        request.seed = seed ?? request.seed
        request.limits.maxSteps = maxSteps ?? request.limits.maxSteps
        request.limits.timeMs = timeMs ?? request.limits.timeMs
        request.limits.conflicts = conflicts ?? request.limits.conflicts
        if unique { request.include.insert(.unique) }
        request.progressEveryMs = 200
        return (id, request, warnings)
    }

    /// Solves and prints; whether the puzzle was solved.
    private func solve(
        _ request: SolveRequest, id: RequestID?, line: PuzzleInput.Line, service: SolverService
    ) throws -> Bool {
        let progress = ProgressDisplay()
        let prepared = try service.catalogue.prepare(PuzzleRequest(request))
        let reply = try StandardOutput.whileRead {
            try service.solve(prepared, of: request) { report in
                progress.show { _ in
                    "\(report.steps) steps, \(report.rollouts) rollouts"
                        + (report.best.map { ", best q \($0.q.text(2))" } ?? "")
                }
            }
        }
        progress.clear()
        if json {
            try StandardOutput.write(Reply(id: id, line: line.number, .answer(reply)))
        } else {
            let colour = Terminal.hasColour(1)
            try StandardOutput.write(AnswerDrawing.text(of: reply, prepared: prepared, colour: colour))
        }
        return reply.status == .solved
    }

    private func show(
        _ warnings: [WireWarning], of line: PuzzleInput.Line, id: RequestID?, isOnly: Bool
    ) throws(CommandFailure) {
        for warning in warnings {
            if json {
                try StandardOutput.write(Reply(id: id, line: line.number, .warning(warning)))
            } else {
                let place = isOnly ? "" : "line \(line.number): "
                Terminal.report(place + "\(warning.field): \(warning.message)")
            }
        }
    }
}

extension SearchSettings.Engine: ExpressibleByArgument {}

extension StandardOutput {
    fileprivate static func write(_ reply: Reply) throws(CommandFailure) { try writeLine(reply.json.text) }
}
