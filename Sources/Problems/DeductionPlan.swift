package import Deduction
package import Puzzles
package import Rollouts
import TRM

/// A search by deduction: a problem whose model names what is impossible, and what is possible at its start.
package struct DeductionPlan: Sendable {
    package var problem: Problem
    package var root: Lattice
    package var settings: SearchSettings

    /// Nil for a puzzle of which it is not known what its cells may have.
    package init?(_ problem: Problem, settings: SearchSettings) {
        guard let root = problem.lattice else { return nil }
        self.problem = problem
        self.root = root
        self.settings = settings
    }

    /// Whether models learn to deduce in puzzles like this one: what is trained and tested is sudoku.
    package static func takes(_ puzzle: any Puzzle) -> Bool { puzzle is SudokuPuzzle }

    package var search: DeductionSearch {
        DeductionSearch(
            root: root, views: views, vocabulary: problem.shape.vocabSize, settings: settings,
            hasChecker: problem.hasChecker)
    }

    /// The views in which it begins anew; none where that would be the same search again.
    private var views: [Symmetry] {
        let restarts = settings.deduction.restarts
        guard settings.views != .none else {
            let isDrawn = settings.deduction.temperature > 0
            return isDrawn ? Array(repeating: .identity(in: problem.shape), count: restarts) : []
        }
        return (0..<restarts).map { number in
            problem.puzzle.symmetry(
                in: problem.shape, seed: settings.seed, rollout: UInt32(truncatingIfNeeded: number + 1))
        }
    }

    /// Bytes that it takes at its start; the latents of branches that wait come on top as it goes on.
    package var memoryAtStart: Int {
        let branch = Self.bytesOfBranch(problem)
        let view = 4 * (problem.shape.seqLen + problem.shape.vocabSize)
        return branch * (max(1, settings.deduction.width) + 1) + view * settings.deduction.restarts
    }

    /// What a branch takes that is kept: its latents and its lattice.
    static func bytesOfBranch(_ problem: Problem) -> Int {
        problem.model.carryBytes + problem.model.embeddingBytes + 8 * problem.shape.seqLen + 256
    }
}

extension Problem {
    /// What may stand where before anything is deduced: in an open cell every value that a solution may have there, elsewhere
    /// the puzzle's own token. Nil where models see an open cell's clue beside its value, and for tokens that fill no set.
    fileprivate var lattice: Lattice? {
        guard let board, !board.keepsClues, shape.vocabSize <= UInt64.bitWidth,
            let most = board.values.last, most < Int32(shape.vocabSize)
        else { return nil }
        var cells = tokens.map { UInt64(1) << UInt64($0) }
        let values = board.values.reduce(0) { $0 | UInt64(1) << UInt64($1) }
        for position in board.open { cells[position] = values }
        return Lattice(cells: cells)
    }
}
