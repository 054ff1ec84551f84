package import JSON
package import Randomness

/// One parsed puzzle of any task.
///
/// Reading a puzzle has checked all that can be checked of it, so nothing below fails but for a model that does not
/// fit (`tokens`) and an answer from outside (`readAnswer`).
package protocol Puzzle: Sendable {
    /// The puzzle in a notation that the task reads.
    var notation: JSON { get }

    /// The puzzle's puzz.link address; nil for a task that has none.
    var link: String? { get }

    /// The row of the model's puzzle-embedding table that belongs to the puzzle; 0 unless the task knows better.
    var puzzleIdentifier: Int { get }

    /// The model's input: `shape.seqLen` tokens, the board at the top left, padded with 0 right of and below it.
    /// Throws, naming the sizes the model takes, when the puzzle does not fit the shape.
    func tokens(in shape: InputShape) throws(PuzzleError) -> [Int32]

    /// The tokens that a model which solves the puzzle by `answer` would give: the training target.
    /// Throws as `tokens(in:)` does.
    func tokens(of answer: PuzzleAnswer, in shape: InputShape) throws(PuzzleError) -> [Int32]

    /// The positions whose tokens a solver has to find, of the input and the solution's tokens in a shape.
    func openPositions(_ given: [Int32], _ solution: [Int32]) -> [Int]

    /// How the puzzle looks partly solved; nil for a task without partly solved boards, and for a shape that it does not fit.
    func partialBoard(in shape: InputShape) -> PartialBoard?

    /// What a model's output tokens say. Any tokens give an answer; nonsense gives one that breaks a rule.
    /// - Parameter tokens: `shape.seqLen` values, of a shape that `tokens(in:)` accepted.
    func answer(from tokens: [Int32], in shape: InputShape) -> PuzzleAnswer

    /// An answer from outside, in any notation that the task's replies use or that its users write.
    func readAnswer(_ value: JSON) throws(PuzzleError) -> PuzzleAnswer

    /// The exact rules. `unchecked` when the task has none.
    func check(_ answer: PuzzleAnswer) -> Verdict

    /// `check`, or, where there are no rules but the puzzle carries its expected output, a comparison with it: for
    /// people and evaluations, never for a search.
    func examine(_ answer: PuzzleAnswer) -> Verdict

    /// A random one of the task's symmetries, the identity among them; always the identity for a task without
    /// and for a shape that the puzzle does not fit.
    func symmetry(in shape: InputShape, using random: inout SplitMix) -> Symmetry

    /// The board as text for a terminal, each line ended by a line feed; with an answer, its cells filled in.
    func drawing(answer: PuzzleAnswer?, style: DrawingStyle) -> String

    /// The board as a whole SVG document.
    func svg(answer: PuzzleAnswer?) -> String
}

/// How a board is drawn as text.
package enum DrawingStyle: Sendable, Hashable {
    /// Characters only.
    case plain
    /// With ANSI colours: what the answer added stands out from what was given.
    case ansi
}

extension Puzzle {
    package var link: String? { nil }
    package var puzzleIdentifier: Int { 0 }
    /// Where the solution says something else.
    package func openPositions(_ given: [Int32], _ solution: [Int32]) -> [Int] {
        given.indices.filter { given[$0] != solution[$0] }
    }

    package func partialBoard(in shape: InputShape) -> PartialBoard? { nil }

    package func examine(_ answer: PuzzleAnswer) -> Verdict { check(answer) }

    package func symmetry(in shape: InputShape, using random: inout SplitMix) -> Symmetry {
        .identity(in: shape)
    }

    /// Rollout k's view of the puzzle in a search with this seed.
    package func symmetry(in shape: InputShape, seed: UInt64, rollout: UInt32) -> Symmetry {
        var random = SplitMix(seed: seed, rollout: rollout)
        return symmetry(in: shape, using: &random)
    }
}
