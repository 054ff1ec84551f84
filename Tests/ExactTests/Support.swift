import Exact
import Generation
import Puzzles
import Randomness
import Testing

/// How a search ended, and after how many conflicts.
struct Ending: Hashable {
    var outcome: ExactOutcome
    var conflicts: Int

    /// Runs a search to its end in slices of so many conflicts.
    init(_ puzzle: any Puzzle, _ options: ExactOptions = ExactOptions(wantsUniqueness: true), slice: Int = 1000) throws
    {
        let search = try ExactSearch(puzzle: puzzle, options: options)
        while true {
            guard case .finished(let outcome) = search.run(conflicts: slice) else { continue }
            self.outcome = outcome
            conflicts = search.conflicts
            #expect(search.run(conflicts: slice) == .finished(outcome), "a search at its end stays there")
            return
        }
    }

    /// 0, 1 or 2 for "more than one"; nil when the search did not find out. Checks the solutions.
    func solutionCount(of puzzle: any Puzzle) -> Int? {
        switch outcome {
        case .noSolution: return 0
        case .limit: return nil
        case .solved(let answer, let isUnique, let other):
            #expect(puzzle.check(answer) == .valid)
            #expect((other != nil) == (isUnique == false))
            if let other {
                #expect(puzzle.check(other) == .valid)
                #expect(other.cells != answer.cells)
            }
            return isUnique.map { $0 ? 1 : 2 }
        }
    }
}

extension GeneratedPuzzle {
    static func make(_ task: String, _ width: Int, _ height: Int, seed: UInt64 = 6, index: Int = 0) throws -> Self {
        try PuzzleGenerators.generate(
            task: task, size: GridSize(width: width, height: height), seed: seed, index: index)
    }
}
