import Puzzles

/// The kinds of puzzle that a conversation is about: those of the program, and those that its profiles file declares.
struct TaskTable: Sendable {
    let declared: [PuzzleTask]

    var all: [PuzzleTask] { Tasks.all + declared }

    func named(_ name: String) -> PuzzleTask? { all.first { $0.name == name } }

    /// Those of the program that may have a puzzle whose task is not named: nearly any text is a list of tokens.
    var guesses: [PuzzleTask] { Tasks.all.filter { $0.name != TokensPuzzle.task.name } }
}
