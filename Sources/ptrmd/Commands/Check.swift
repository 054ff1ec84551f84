import ArgumentParser
import JSON
import LineProtocol
import Puzzles
import Rollouts
import Solving

/// `ptrmd check`: the exact rules, without a model.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check answers against puzzles' rules.",
        discussion: """
            With a puzzle and an answer, prints the verdict as JSON. With - alone, reads lines like \
            {"task":"sudoku","puzzle":"...","answer":"..."} from stdin and prints one verdict for each; `solution` may \
            stand for `answer`, and so may an ARC reply's `answers`, of which one has to be right. Exits with 1 when an answer breaks a rule or a line cannot be read.

            With --unique and a puzzle, prints whether it has exactly one solution, which exact search finds out: {"unique":true}, or \
            false with two solutions and the cells in which they differ, or with "solutions":0. Exits with 1 unless it has one.
            """)

    @Argument(help: "The puzzle in its task's notation, or - for lines on stdin.")
    var puzzle: String

    @Argument(help: "The answer.")
    var answer: String?

    @OptionGroup var kind: TaskOption

    @Flag(help: "Tell whether the puzzle has one solution; no answer is needed.")
    var unique = false

    @Option(help: ArgumentHelp("Conflicts of the search at most.", valueName: "n"))
    var conflicts: Int?

    func validate() throws {
        if let conflicts, !SearchSettings.Ranges.conflicts.contains(conflicts) {
            throw ValidationError("--conflicts must be from 1 to \(SearchSettings.Ranges.conflicts.upperBound).")
        }
        if unique {
            guard answer == nil, puzzle != "-" else { throw ValidationError("--unique takes a puzzle and no answer.") }
            return
        }
        if puzzle != "-", answer == nil { throw ValidationError("An answer is missing.") }
        if puzzle == "-", answer != nil { throw ValidationError("With - the answers come from stdin.") }
    }

    func run() throws {
        if unique {
            try checkUniqueness()
        } else if let answer {
            let report: CheckReport
            do {
                let json = try PuzzleInput.Line(number: 1, text: puzzle).json() ?? .string(puzzle)
                report = try CheckReport(task: try task(for: json, named: nil), puzzle: puzzle, answer: answer)
            } catch {
                throw CommandFailure(code: .someLineFailed, message: Self.message(of: error))
            }
            try StandardOutput.writeLine(report.json.text)
            if case .broken = report.verdict { throw CommandExit.someLineFailed }
        } else if try !checkLines() {
            throw CommandExit.someLineFailed
        }
    }

    private func checkUniqueness() throws {
        let report: UniquenessReport
        do {
            let json = try PuzzleInput.Line(number: 1, text: puzzle).json() ?? .string(puzzle)
            report = try StandardOutput.whileRead {
                try UniquenessReport(of: try task(for: json, named: nil).read(json), conflicts: conflicts)
            }
        } catch {
            throw CommandFailure(code: .someLineFailed, message: Self.message(of: error))
        }
        try StandardOutput.writeLine(report.json.text)
        if report.isUnique != true { throw CommandExit.someLineFailed }
    }

    /// Checks the lines on stdin; true when every answer was right.
    private func checkLines() throws(CommandFailure) -> Bool {
        var allValid = true
        for line in try PuzzleInput.lines(ofFile: "-") {
            let reply: JSON
            do {
                let json = try JSON(parsing: Array(line.text.utf8))
                guard let puzzle = json["puzzle"], let answer = json.puzzleAnswer else {
                    throw WireError(.params, "a line needs a puzzle and an answer")
                }
                if let task = json["task"], !task.isNull, task.stringValue == nil {
                    throw WireError.params("task", "task must be a string, not \(task.text.prefix(40))")
                }
                let task = try task(for: puzzle, named: json["task"]?.stringValue)
                let report = try CheckReport(task: task, puzzle: puzzle, answer: answer)
                if case .broken = report.verdict { allValid = false }
                reply = report.json
            } catch {
                allValid = false
                reply = ["error": .string(Self.message(of: error)), "line": .integer(Int64(line.number))]
            }
            try StandardOutput.writeLine(reply.text)
        }
        return allValid
    }

    private func task(for puzzle: JSON, named name: String?) throws(WireError) -> PuzzleTask {
        let named = kind.name ?? name
        let name = if let named { named } else { try PuzzleInput.task(of: puzzle) }
        return try PuzzleInput.task(named: name)
    }

    private static func message(of error: any Error) -> String {
        switch error {
        case let error as WireError: error.message
        case let error as JSONError: "invalid JSON: \(error.message) (at byte \(error.offset))"
        default: "\(error)"
        }
    }
}
