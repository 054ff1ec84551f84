package import Puzzles
import Rollouts
package import TRM

/// A puzzle made ready for a model: its tokens in the model's input shape, and how the model's output is read and judged.
///
///     let problem = try Problem(puzzle, model: model, shape: shape, hasChecker: task.hasChecker)
///     let rollouts = RolloutSet(problem, seed: 0)
///
/// How the input of a rollout is made and how a candidate is judged are written here and nowhere else.
package struct Problem: Sendable {
    package let puzzle: any Puzzle
    package let model: TRMModel
    package let shape: InputShape
    /// Whether `judge` ever says anything but `unchecked`.
    package let hasChecker: Bool
    /// The puzzle as asked: `shape.seqLen` tokens.
    private let tokens: [Int32]
    /// Never asked for its values: searches that wait must keep tokens, not megabytes.
    private let asked: InputEmbedding

    /// - Throws: when the puzzle does not fit the shape (`PuzzleError`), or the model has no such row of the puzzle
    ///   embedding (`TRMError`).
    package init(_ puzzle: any Puzzle, model: TRMModel, shape: InputShape, hasChecker: Bool) throws {
        tokens = try puzzle.tokens(in: shape)
        asked = try model.embed(tokens: tokens, puzzleIdentifier: puzzle.puzzleIdentifier)
        self.puzzle = puzzle
        self.model = model
        self.shape = shape
        self.hasChecker = hasChecker
    }

    /// What a model's output tokens say.
    package func answer(from tokens: [Int32]) -> PuzzleAnswer { puzzle.answer(from: tokens, in: shape) }

    /// What the rules say of an answer.
    package func judge(_ answer: PuzzleAnswer) -> Verdict { hasChecker ? puzzle.check(answer) : .unchecked }
}

/// What a rollout's model sees.
package struct RolloutInput: Sendable {
    package var embedding: InputEmbedding
    /// How the rollout's view of the puzzle was made; nil: it solves the puzzle as asked.
    package var symmetry: Symmetry?
}

extension Problem {
    /// The puzzle as asked. All rollouts of a search that see it share one.
    package func input() -> RolloutInput { RolloutInput(embedding: asked.unmade()) }

    /// A rollout's symmetric view of the puzzle; nil when the view that it draws is the puzzle itself.
    ///
    /// A view is another puzzle of the same task, so what encodes the puzzle encodes its views; should one not fit after
    /// all, the rollout solves the puzzle as asked.
    package func view(rollout: Int, seed: UInt64) -> RolloutInput? {
        let symmetry = puzzle.symmetry(in: shape, seed: seed, rollout: UInt32(truncatingIfNeeded: rollout))
        guard !symmetry.isIdentity,
            let embedding = try? model.embed(
                tokens: symmetry.apply(tokens), puzzleIdentifier: puzzle.puzzleIdentifier)
        else { return nil }
        return RolloutInput(embedding: embedding, symmetry: symmetry)
    }
}
