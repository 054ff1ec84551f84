import ArgumentParser
import JSON
import Puzzles

/// `ptrmd check`: the exact rules, without a model.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check an answer against a puzzle's rules.",
        discussion: "Prints the verdict as JSON; exits with 1 when a rule is broken.")

    @Argument(help: "The puzzle, in its task's notation.")
    var puzzle: String

    @Argument(help: "The answer.")
    var answer: String

    @Option(help: "The kind of puzzle; told from the puzzle where it can be.")
    var task: String?

    func run() throws {
        let verdict: Verdict
        do {
            let name = try task ?? PuzzleInput.task(of: .string(puzzle))
            guard let task = Tasks.named(name) else {
                let known = Tasks.all.map(\.name).joined(separator: ", ")
                throw CommandFailure(code: .usage, message: "no task is named \"\(name)\"; there are \(known)")
            }
            let board = try task.read(text: puzzle)
            verdict = board.check(try board.readAnswer(.string(answer)))
        } catch let error as PuzzleError {
            throw CommandFailure(code: .someLineFailed, message: "\(error)")
        }
        print(verdict.isValid ? #"{"valid":true}"# : #"{"valid":false,"verdict":\#((verdict.reason ?? .null).text)}"#)
        if case .broken = verdict { throw CommandExit.someLineFailed }
    }
}
