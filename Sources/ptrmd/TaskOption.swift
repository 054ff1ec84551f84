import ArgumentParser
import LineProtocol

/// `--task`, of commands that can tell the kind of puzzle from most puzzles.
struct TaskOption: ParsableArguments {
    @Option(
        name: .customLong("task"), help: "The kind of puzzle; by default recognised from the puzzle.",
        completion: .tasks)
    var name: String?

    /// Throws when no such task is known; to be called when those are that a file declares.
    func check() throws(CommandFailure) {
        guard let name else { return }
        do {
            _ = try PuzzleInput.task(named: name)
        } catch {
            throw CommandFailure(code: .usage, message: error.message)
        }
    }
}
