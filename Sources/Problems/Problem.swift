package import Puzzles
package import Rollouts
package import TRM
package import Verifiers

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
    /// The program from outside that judges candidates in the place of the task's rules.
    package let verifier: Verifier?
    private let hasRules: Bool
    /// The task's name, for the verifier.
    private let task: String
    /// How the puzzle looks partly solved; nil for a task without such boards.
    package let board: PartialBoard?
    /// The puzzle as asked: `shape.seqLen` tokens.
    let tokens: [Int32]
    /// Never asked for its values: searches that wait must keep tokens, not megabytes.
    private let asked: InputEmbedding

    /// - Throws: when the puzzle does not fit the shape (`PuzzleError`), or the model has no such row of the puzzle
    ///   embedding (`TRMError`).
    /// - Parameters:
    ///   - hasChecker: whether the task has rules to check by.
    ///   - verifier: what judges in their place, and the name under which it knows the task.
    package init(
        _ puzzle: any Puzzle, model: TRMModel, shape: InputShape, hasChecker: Bool,
        verifier: (program: Verifier, task: String)? = nil
    ) throws {
        tokens = try puzzle.tokens(in: shape)
        asked = try model.embed(tokens: tokens, puzzleIdentifier: puzzle.puzzleIdentifier)
        board = puzzle.partialBoard(in: shape)
        self.puzzle = puzzle
        self.model = model
        self.shape = shape
        hasRules = hasChecker
        self.verifier = verifier?.program
        task = verifier?.task ?? ""
    }

    /// The puzzle or a view of it, with what is still possible in each cell; nil for a model that takes no candidates.
    func embedding(candidates: [UInt64], view: Symmetry?) -> InputEmbedding? {
        try? model.embed(
            tokens: view?.apply(tokens) ?? tokens, candidates: candidates, puzzleIdentifier: puzzle.puzzleIdentifier)
    }

    /// What a model's output tokens say.
    package func answer(from tokens: [Int32]) -> PuzzleAnswer { puzzle.answer(from: tokens, in: shape) }

    /// Whether somebody judges candidates: the task's rules, or a verifier.
    package var hasChecker: Bool { hasRules || verifier != nil }

    /// What the rules say of an answer or, where a verifier stands in their place, what that says; it is waited for.
    package func judge(_ answer: PuzzleAnswer) -> Judgement {
        if let verifier { return verifier.judge(question(about: answer)) }
        return Judgement(rules(answer))
    }

    /// What the task's rules say of an answer, whoever judges.
    package func rules(_ answer: PuzzleAnswer) -> Verdict { hasRules ? puzzle.check(answer) : .unchecked }

    /// What the verifier is asked about an answer. ARC's expected outputs are kept from it.
    package func question(about answer: PuzzleAnswer) -> VerifierQuestion {
        let part = puzzle as? ArcPart
        return VerifierQuestion(
            task: task, puzzle: part?.puzzle.withoutAnswers.notation ?? puzzle.notation, answer: answer.notation,
            test: part?.test)
    }
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

    /// What a rollout sees that does not start from the puzzle as asked: its symmetric view, with cells revealed or not; nil
    /// for one that starts from it, and when the view that it draws is the puzzle itself.
    ///
    /// A view is another puzzle of the same task, so what encodes the puzzle encodes its views; should one not fit after
    /// all, the rollout solves the puzzle as asked.
    package func input(_ start: RolloutStart, rollout: Int, seed: UInt64) -> RolloutInput? {
        var reveals: [Int32]?
        switch start {
        case .identity: return nil
        case .view: break
        case .proposal(let proposal): if proposal.reveals.count == tokens.count { reveals = proposal.reveals }
        }
        let symmetry = puzzle.symmetry(in: shape, seed: seed, rollout: UInt32(truncatingIfNeeded: rollout))
        guard !symmetry.isIdentity || reveals != nil else { return nil }
        var tokens = tokens
        if let shown = reveals, board?.keepsClues != true {
            for position in tokens.indices where shown[position] != 0 { tokens[position] = shown[position] }
            reveals = nil
        }
        let embedding = try? model.embed(
            tokens: symmetry.apply(tokens), revealed: reveals.map(symmetry.apply),
            puzzleIdentifier: puzzle.puzzleIdentifier)
        return embedding.map { RolloutInput(embedding: $0, symmetry: symmetry) }
    }
}
