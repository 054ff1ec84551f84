package import Problems
package import Puzzles

/// A problem to measure on, with its solution where that is known.
package struct EvaluationItem: Sendable {
    package var name: String
    package let problem: Problem
    /// nil: unknown; then only the rules can tell what is right.
    package private(set) var solution: PuzzleAnswer?
    /// The solution's tokens, and the positions whose tokens the puzzle leaves open.
    private var target: (tokens: [Int32], open: [Int])?

    /// Throws when the solution does not fit the puzzle.
    package init(name: String, problem: Problem, solution: PuzzleAnswer?) throws(PuzzleError) {
        self.name = name
        self.problem = problem
        if let solution { try setSolution(solution) }
    }

    /// Takes a solution; throws when it does not fit the puzzle.
    package mutating func setSolution(_ solution: PuzzleAnswer) throws(PuzzleError) {
        let given = try problem.puzzle.tokens(in: problem.shape)
        let tokens = try problem.puzzle.tokens(of: solution, in: problem.shape)
        self.solution = solution
        target = (tokens, problem.puzzle.openPositions(given, tokens))
    }

    /// What there is to say of an answer.
    package func assess(_ tokens: [Int32]) -> PuzzleRecord.Answer {
        let answer = problem.answer(from: tokens)
        let judgement = problem.judge(answer)
        let isValid = judgement.verdict.isRight
        let isExact = solution.map { $0.notation == answer.notation }
        // What is measured of a verifier must not be left to itself.
        let truth = problem.verifier == nil ? nil : problem.rules(answer).isRight ?? isExact
        let cells = target.map { target in
            // An answer that keeps every rule is right in every cell, also where it is not the one that was given.
            if truth ?? isValid == true || target.open.isEmpty { return 1.0 }
            return Double(target.open.count { tokens[$0] == target.tokens[$0] }) / Double(target.open.count)
        }
        return .init(isValid: isValid, isExact: isExact, cells: cells, score: judgement.score, truth: truth)
    }
}
