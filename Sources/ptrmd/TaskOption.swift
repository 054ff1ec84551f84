import ArgumentParser
import LineProtocol
import Puzzles

/// `--task`, of commands that can tell the kind of puzzle from most puzzles.
struct TaskOption: ParsableArguments {
    @Option(name: .customLong("task"), help: "The kind of puzzle; by default recognised from the puzzle.")
    var name: String?

    func validate() throws {
        guard let name else { return }
        do {
            _ = try PuzzleInput.task(named: name)
        } catch {
            throw ValidationError(error.message)
        }
    }
}
