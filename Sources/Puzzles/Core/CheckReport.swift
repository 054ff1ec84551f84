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
        self.verdict = self.puzzle.check(self.answer)
    }

    /// The same for texts of a command line: each is JSON when it starts like an array or an object.
    package init(task: PuzzleTask, puzzle: String, answer: String) throws(PuzzleError) {
        try self.init(
            task: task, puzzle: JSON(puzzleText: puzzle, field: "puzzle"),
            answer: JSON(puzzleText: answer, field: "answer"))
    }

    /// `{"task":"lightup","valid":false,"rule":"two_lamps_see_each_other","cells":[[0,3],[0,7]]}`; `valid` is null
    /// when the task has no rules to check.
    package var json: JSON {
        var members: JSONObject = ["task": .string(task)]
        switch verdict {
        case .valid: members["valid"] = true
        case .unchecked: members["valid"] = .null
        case .broken(let rule, let cells):
            members["valid"] = false
            members["rule"] = .string(rule)
            members["cells"] = .cells(cells)
        }
        return .object(members)
    }
}
