import Exact
package import JSON
package import Puzzles

/// What `ptrmd check --unique` says: whether a puzzle has exactly one solution.
package struct UniquenessReport: Sendable {
    private let puzzle: any Puzzle
    private let outcome: ExactOutcome
    private let conflicts: Int

    /// Searches until that is known, or the conflicts are used up.
    /// - Throws: when there is no exact search for the puzzle.
    package init(of puzzle: any Puzzle, conflicts limit: Int? = nil) throws(PuzzleError) {
        var options = ExactOptions()
        options.wantsUniqueness = true
        if let limit { options.conflictLimit = limit }
        let search: ExactSearch
        do {
            search = try ExactSearch(puzzle: puzzle, options: options)
        } catch {
            throw PuzzleError("its task has no rules that exact search could go by")
        }
        while true {
            if case .finished(let outcome) = search.run(conflicts: 10_000) {
                self.outcome = outcome
                break
            }
        }
        self.puzzle = puzzle
        conflicts = search.conflicts
    }

    /// Nil when the search gave up.
    package var isUnique: Bool? {
        switch outcome {
        case .solved(_, let isUnique, _): isUnique
        case .noSolution: false
        case .limit: nil
        }
    }

    /// `{"unique":false,"solutions":2,"answer":"...","other_answer":"...","differ":[[0,1],[4,4]],"conflicts":12}`: with
    /// one solution without the second and the cells, with none only `"solutions":0`, with null when the search gave up.
    package var json: JSON {
        var members: JSONObject = ["unique": isUnique.map(JSON.bool) ?? .null]
        switch outcome {
        case .solved(let answer, let isUnique, let other):
            if let isUnique { members["solutions"] = .integer(isUnique ? 1 : 2) }
            members["answer"] = answer.notation
            if let other {
                members["other_answer"] = other.notation
                members["differ"] = differences(answer, other)
            }
        case .noSolution: members["solutions"] = 0
        case .limit: break
        }
        members["conflicts"] = .integer(Int64(conflicts))
        return .object(members)
    }

    private func differences(_ first: PuzzleAnswer, _ second: PuzzleAnswer) -> JSON? {
        guard let size = (puzzle as? any GridPuzzle)?.size ?? (puzzle as? DeclaredPuzzle)?.size else { return nil }
        let indices = zip(first.cells, second.cells).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        return .cells(size.cells(indices))
    }
}
