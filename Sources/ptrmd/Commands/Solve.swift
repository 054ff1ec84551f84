import ArgumentParser
import JSON
import LineProtocol
import Puzzles
import Service

/// `ptrmd solve`: puzzles solved and drawn for a person.
struct Solve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Solve puzzles and draw them.",
        discussion: """
            PUZZLE is a puzzle in its task's own notation, a puzz.link address, a
            file with one of these or one JSON request per line, or - for stdin.
            The task is told from the address or the notation where --task and
            --profile do not say it. A sudoku is its 81 cells, row by row, with a
            dot for each blank.

              ptrmd solve --K 100 --sigma 0.5 hard.txt
              ptrmd solve --fail-unsolved - < puzzles.txt
            """)

    @OptionGroup var setup: ServiceOptions

    @Argument(help: "A puzzle, a file of puzzles, or - for stdin.")
    var puzzle: String

    @Option(help: "The kind of puzzle.")
    var task: String?

    @Option(help: "The profile to search with.")
    var profile: String?

    @Option(name: .customLong("K"), help: "Rollouts at most.")
    var rollouts: Int64?

    @Option(name: .customLong("D"), help: "Supervision steps of each rollout at most.")
    var depth: Int64?

    @Option(help: "Noise scale.")
    var sigma: Double?

    @Option(help: "Seed of the noise.", transform: Seed.parse)
    var seed: UInt64?

    @Option(help: ArgumentHelp("Supervision steps over all rollouts at most.", valueName: "n"))
    var maxSteps: Int?

    @Option(help: ArgumentHelp("Time at most.", valueName: "ms"))
    var timeMs: Int?

    @Flag(help: "Exit with 1 when a puzzle stays unsolved.")
    var failUnsolved = false

    @Flag(help: "Print answer lines as the daemon does instead of drawing.")
    var json = false

    func validate() throws {
        if let maxSteps, maxSteps < 1 { throw ValidationError("--max-steps must be at least 1.") }
        if let timeMs, timeMs < 1 { throw ValidationError("--time-ms must be at least 1.") }
    }

    func run() throws {
        let lines = try PuzzleInput.puzzles(of: puzzle, task: task)
        guard !lines.isEmpty else { throw CommandFailure(code: .usage, message: "there is no puzzle in \(puzzle)") }
        let service = try setup.makeService(logger: setup.makeLogger())
        defer { service.stop() }
        var failure: CommandExit?
        var unsolved = false
        for line in lines {
            let text: String
            do {
                let (isSolved, shown) = try solve(try request(for: line), line: line, service: service)
                if !isSolved { unsolved = true }
                text = shown
            } catch {
                // A model that cannot be loaded is the only thing that the daemon takes for a defect of its own.
                failure = error.code == .internal ? .model : failure ?? .someLineFailed
                let place = lines.count == 1 ? "" : "line \(line.number): "
                // A message about the puzzle stands alone; one about a setting needs its name.
                let field = error.details.field.map { $0.hasPrefix("overrides.") ? $0.dropFirst(10) + ": " : "" } ?? ""
                Terminal.report(place + field + error.message)
                continue
            }
            try StandardOutput.write(text)
        }
        if let failure { throw failure }
        if failUnsolved && unsolved { throw CommandExit.someLineFailed }
    }

    /// The line as a request, with this command's options on top.
    private func request(for line: PuzzleInput.Line) throws(WireError) -> SolveRequest {
        var request = try line.request()
        request.task = task ?? request.task
        request.profile = profile ?? request.profile
        if request.task == nil, request.profile == nil {
            request.task = try PuzzleInput.task(of: request.puzzle)
        }
        var overrides = request.overrides ?? JSONObject()
        if let rollouts { overrides["K"] = .integer(rollouts) }
        if let depth { overrides["D"] = .integer(depth) }
        if let sigma { overrides["sigma"] = .number(sigma) }
        if !overrides.isEmpty { request.overrides = overrides }
        request.seed = seed ?? request.seed
        request.limits.maxSteps = maxSteps ?? request.limits.maxSteps
        request.limits.timeMs = timeMs ?? request.limits.timeMs
        request.progressEveryMs = 200
        return request
    }

    /// Whether the puzzle was solved, and what is to be printed.
    private func solve(
        _ request: SolveRequest, line: PuzzleInput.Line, service: SolverService
    ) throws(WireError) -> (isSolved: Bool, text: String) {
        let progress = ProgressLine()
        let (prepared, reply) = try service.solve(request, line: line.number) { progress.show($0) }
        progress.clear()
        let text =
            json
            ? JSON.text(of: reply)
            : AnswerDrawing.text(of: reply, prepared: prepared, colour: Terminal.hasColour(1))
        return (reply.status == .solved, text)
    }
}

extension JSON {
    fileprivate static func text(of reply: AnswerReply) -> String { Reply.answer(reply).json.text + "\n" }
}
