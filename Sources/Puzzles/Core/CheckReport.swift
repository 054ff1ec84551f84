package import JSON

/// What `ptrmd check` says of a puzzle and an answer, both as a user gives them.
package struct CheckReport: Sendable {
    package let task: String
    package let puzzle: any Puzzle
    package let answer: PuzzleAnswer
    package let verdict: Verdict

    /// Reads both in any notation of the task; throws what reading either throws.
    package init(task: PuzzleTask, puzzle: JSON, answer: JSON) throws(PuzzleError) {
        self.task = task.name
        self.puzzle = try task.read(puzzle)
        self.answer = try self.puzzle.readAnswer(answer)
        self.verdict = self.puzzle.examine(self.answer)
    }

    /// The same for texts of a command line: each is JSON when it starts like an array or an object.
    package init(task: PuzzleTask, puzzle: String, answer: String) throws(PuzzleError) {
        try self.init(
            task: task, puzzle: JSON(puzzleText: puzzle, field: "puzzle"),
            answer: JSON(puzzleText: answer, field: "answer"))
    }

    /// The same for a line of `ptrmd check`: an object with `puzzle`, `answer` and `task`, the last of which an
    /// address makes unnecessary.
    package init(request: JSON) throws(PuzzleError) {
        guard request.objectValue != nil else {
            throw PuzzleError("expected an object with puzzle and answer, found \(request.typeName)", field: "line")
        }
        guard let puzzle = request["puzzle"] else {
            throw PuzzleError("missing, expected a puzzle in its task's notation", field: "puzzle")
        }
        guard let answer = request["answer"] else {
            throw PuzzleError("missing, expected an answer in its task's notation", field: "answer")
        }
        try self.init(task: Self.task(request["task"], puzzle: puzzle), puzzle: puzzle, answer: answer)
    }

    private static func task(_ name: JSON?, puzzle: JSON) throws(PuzzleError) -> PuzzleTask {
        let names = Tasks.all.map(\.name).joined(separator: ", ")
        switch name {
        case .string(let name):
            guard let task = Tasks.named(name) else {
                throw PuzzleError("unknown task “\(name)”, expected one of \(names)", field: "task")
            }
            return task
        case nil:
            guard let task = puzzle.stringValue.flatMap({ Tasks.task(ofLink: $0) }) else {
                throw PuzzleError("missing, and the puzzle is no address that tells it; one of \(names)", field: "task")
            }
            return task
        case .some(let other):
            throw PuzzleError("expected a string, found \(other.typeName)", field: "task")
        }
    }

    /// `{"task":"lightup","puzzle":"https://puzz.link/p?akari/…","valid":false,"rule":"two_lamps_see_each_other",
    /// "cells":[[0,3],[0,7]]}`: the puzzle as it was understood (and its address in `link` when that is another
    /// notation), and the verdict; `valid` is null when the task has no rules to check.
    package var json: JSON {
        var members: JSONObject = ["task": .string(task), "puzzle": puzzle.notation]
        if let link = puzzle.link, puzzle.notation != .string(link) { members["link"] = .string(link) }
        switch verdict {
        case .valid: members["valid"] = true
        case .unchecked: members["valid"] = .null
        case .broken(let rule, let cells, _):
            members["valid"] = false
            members["rule"] = .string(rule)
            members["cells"] = .cells(cells)
        }
        return .object(members)
    }
}
