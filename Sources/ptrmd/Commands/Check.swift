import ArgumentParser
import JSON
import LineProtocol
import Platform
import Puzzles
import Rollouts
import Solving

/// `ptrmd check`: the exact rules, without a model.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check answers against puzzles' rules.",
        discussion: """
            With a puzzle and an answer, each written out or a file, prints the verdict as JSON. With - or a file alone, reads lines like \
            {"task":"sudoku","puzzle":"...","answer":"..."} and prints one verdict for each; `solution` may \
            stand for `answer`, and so may an ARC reply's `answers`, of which one has to be right. Exits with 1 when an answer breaks a rule or a line cannot be read.

            With --unique and a puzzle or a file of puzzles, prints whether it has exactly one solution, which exact search finds out: {"unique":true}, or \
            false with two solutions and the cells in which they differ, or with "solutions":0. Exits with 1 unless it has one.
            """)

    @Argument(help: "The puzzle in its task's notation, a file, or - for stdin.")
    var puzzle: String

    @Argument(help: "The answer.")
    var answer: String?

    @OptionGroup var declared: DeclaredTasksOption

    @OptionGroup var kind: TaskOption

    @Flag(help: "Tell whether the puzzle has one solution; no answer is needed.")
    var unique = false

    @Option(help: ArgumentHelp("Conflicts of the search at most.", valueName: "n"))
    var conflicts: Int?

    func validate() throws {
        if let conflicts, !SearchSettings.Ranges.conflicts.contains(conflicts) {
            throw ValidationError("--conflicts must be from 1 to \(SearchSettings.Ranges.conflicts.upperBound).")
        }
        if unique, answer != nil { throw ValidationError("--unique takes a puzzle and no answer.") }
        if !unique, puzzle == "-", answer != nil { throw ValidationError("With - the answers come from stdin.") }
        if !unique, puzzle != "-", answer == nil, !FileSystem.exists(puzzle), !PuzzleInput.looksLikePath(puzzle) {
            throw ValidationError("An answer is missing.")
        }
    }

    func run() throws {
        try declared.load()
        try kind.check()
        if unique {
            try checkUniqueness()
        } else if let answer {
            try check(answer)
        } else if try !checkLines() {
            throw CommandExit.someLineFailed
        }
    }

    /// Checks one answer to one puzzle, both written out or in files.
    private func check(_ answer: String) throws {
        let source = try PuzzleSource(puzzle, task: kind.name)
        guard let line = try source.next() else {
            throw CommandFailure(code: .usage, message: "there is no puzzle in \(puzzle)")
        }
        guard try source.isOnly() else {
            throw CommandFailure(code: .usage, message: "an answer belongs to one puzzle, \(puzzle) has more")
        }
        let report: CheckReport
        do {
            let request = try line.request()
            warn(of: request.puzzle)
            report = try CheckReport(
                task: try task(for: request.puzzle, named: request.task),
                puzzle: request.puzzle.stringValue ?? request.puzzle.text, answer: try Self.text(of: answer))
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(code: .someLineFailed, message: Self.message(of: error))
        }
        try StandardOutput.writeLine(report.json.text)
        if case .broken = report.verdict { throw CommandExit.someLineFailed }
    }

    /// An answer as it was given, or what stands in the file of that name: the answer, or a line that has it.
    private static func text(of answer: String) throws(CommandFailure) -> String {
        guard FileSystem.exists(answer) else { return answer }
        var reader = try RowReader(answer)
        var rows: [String] = []
        while let row = try reader.next() { rows.append(row.text) }
        while rows.last?.isEmpty == true { rows.removeLast() }
        let text = rows.joined(separator: "\n")
        let json = try? PuzzleInput.Line(number: 1, text: text).json()
        return json?.puzzleAnswer.map { $0.stringValue ?? $0.text } ?? text
    }

    private func warn(of puzzle: JSON) {
        for note in Tasks.notes(onLink: puzzle) { Terminal.report("puzzle: \(note)") }
    }

    private func checkUniqueness() throws {
        let source = try PuzzleSource(puzzle, task: kind.name)
        var areUnique = true
        var isEmpty = true
        while let line = try source.next() {
            isEmpty = false
            var reply: JSON
            do {
                let request = try line.request()
                warn(of: request.puzzle)
                let puzzle = try task(for: request.puzzle, named: request.task).read(request.puzzle)
                let report = try StandardOutput.whileRead { try UniquenessReport(of: puzzle, conflicts: conflicts) }
                if report.isUnique != true { areUnique = false }
                reply = report.json
            } catch {
                let message = Self.message(of: error)
                if try source.isOnly() { throw CommandFailure(code: .someLineFailed, message: message) }
                areUnique = false
                reply = ["error": .string(message)]
            }
            if try !source.isOnly(), var members = reply.objectValue {
                members["line"] = .integer(Int64(line.number))
                reply = .object(members)
            }
            try StandardOutput.writeLine(reply.text)
        }
        if isEmpty { throw CommandFailure(code: .usage, message: "there is no puzzle in \(puzzle)") }
        if !areUnique { throw CommandExit.someLineFailed }
    }

    /// Checks lines that have both; true when every answer was right.
    private func checkLines() throws(CommandFailure) -> Bool {
        var allValid = true
        var reader = try RowReader(puzzle)
        while let line = try reader.next() {
            guard !line.isComment, !line.isBlank else { continue }
            let reply: JSON
            do {
                let json = try line.json() ?? JSON(parsing: Array(line.text.utf8))
                guard let puzzle = json["puzzle"], let answer = json.puzzleAnswer else {
                    throw WireError(.params, "a line needs a puzzle and an answer")
                }
                if let task = json["task"], !task.isNull, task.stringValue == nil {
                    throw WireError.params("task", "task must be a string, not \(task.text.prefix(40))")
                }
                warn(of: puzzle)
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
