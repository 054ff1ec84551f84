package import JSON
package import Problems
package import Profiles
package import Puzzles
package import Rollouts

/// What somebody wants solved, and how.
///
///     var request = PuzzleRequest(puzzle: "53..7....6..195...")
///     request.task = "sudoku"
///     let prepared = try catalogue.prepare(request)
package struct PuzzleRequest: Sendable {
    package var task: String?
    package var profile: String?
    /// A string, an array or an object, as the task reads it.
    package var puzzle: JSON
    /// Search settings that replace the profile's.
    package var overrides: JSONObject?
    package var seed: UInt64?
    /// Budgets that replace the profile's, where they are set.
    package var limits = SearchSettings.Limits()
    /// What outcomes carry beyond the answer.
    package var records: SearchRecords = []
    /// Whether exact search, if it is among the engines, shall tell whether the solution is the only one.
    package var wantsUniqueness = false

    package init(puzzle: JSON) { self.puzzle = puzzle }
}

/// A request with everything it names looked up: what is left is to run its plan.
package struct PreparedRequest: Sendable {
    package var profile: Profile
    package var task: PuzzleTask
    /// Nil for a profile without one.
    package var model: LoadedModel?
    /// The model of the engine `ldt`; nil for a profile without one.
    package var deducer: LoadedModel?
    package var puzzle: any Puzzle
    /// The settings in force, of the whole request.
    package var settings: SearchSettings
    package var plan: Plan

    /// What the request's search by rollouts is about; nil when it has none, or several, whose answers are votes.
    package var problem: Problem? { puzzle is ArcPuzzle ? nil : plan.searches.first?.rollouts?.problem }

    /// What a measurement of the model takes: the one problem, or each test input of an ARC task under the first of its
    /// alterations, which is none where the model's table has that row. A vote over more of them is no single search.
    package var measured: [Problem] {
        let problems = plan.searches.compactMap(\.rollouts?.problem)
        guard let row = (problems.first?.puzzle as? ArcPart)?.row else { return Array(problems.prefix(1)) }
        return problems.filter { ($0.puzzle as? ArcPart)?.row == row }
    }
}
