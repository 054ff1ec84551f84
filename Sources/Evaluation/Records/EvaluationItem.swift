package import Puzzles
package import TRM

/// A puzzle to measure on.
package struct EvaluationItem: Sendable {
    package var name: String
    package var model: TRMModel
    package var frame: Frame
    package var puzzle: any Puzzle
    package var embedding: InputEmbedding
    package var hasChecker: Bool
    /// nil: unknown; then only the rules can tell what is right.
    package private(set) var solution: PuzzleAnswer?
    /// The solution's tokens, and the positions whose tokens the puzzle leaves open.
    private var target: (tokens: [Int32], open: [Int])?

    /// Throws when the solution does not fit the puzzle.
    package init(
        name: String, model: TRMModel, frame: Frame, puzzle: any Puzzle, embedding: InputEmbedding, hasChecker: Bool,
        solution: PuzzleAnswer?
    ) throws(PuzzleError) {
        self.name = name
        self.model = model
        self.frame = frame
        self.puzzle = puzzle
        self.embedding = embedding
        self.hasChecker = hasChecker
        if let solution { try setSolution(solution) }
    }

    /// Takes a solution; throws when it does not fit the puzzle.
    package mutating func setSolution(_ solution: PuzzleAnswer) throws(PuzzleError) {
        let given = try puzzle.tokens(in: frame)
        let tokens = try puzzle.tokens(of: solution, in: frame)
        self.solution = solution
        target = (tokens, puzzle.openPositions(given, tokens))
    }

    /// What there is to say of an answer.
    package func assess(_ tokens: [Int32]) -> PuzzleRecord.Answer {
        let answer = puzzle.answer(from: tokens, in: frame)
        let isValid: Bool? =
            switch hasChecker ? puzzle.check(answer) : .unchecked {
            case .valid: true
            case .broken: false
            case .unchecked: nil
            }
        let cells = target.map { target in
            // An answer that keeps every rule is right in every cell, also where it is not the one that was given.
            if isValid == true || target.open.isEmpty { return 1.0 }
            return Double(target.open.count { tokens[$0] == target.tokens[$0] }) / Double(target.open.count)
        }
        return .init(isValid: isValid, isExact: solution.map { $0.notation == answer.notation }, cells: cells)
    }
}
