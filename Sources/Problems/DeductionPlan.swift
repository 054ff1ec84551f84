package import Deduction
package import Puzzles
package import Rollouts
import TRM

/// A search by deduction: a problem whose model names what is impossible, and what is possible at its start.
package struct DeductionPlan: Sendable {
    package var problem: Problem
    package var root: Lattice
    package var settings: SearchSettings

    /// Nil for a puzzle whose cells' candidates nothing here knows.
    package init?(_ problem: Problem, settings: SearchSettings) {
        guard let root = problem.lattice else { return nil }
        self.problem = problem
        self.root = root
        self.settings = settings
    }

    /// Whether there is a lattice for puzzles like this one.
    package static func takes(_ puzzle: any Puzzle) -> Bool { puzzle is SudokuPuzzle }

    package var search: DeductionSearch {
        DeductionSearch(
            root: root, vocabulary: problem.shape.vocabSize, settings: settings, hasChecker: problem.hasChecker)
    }

    /// Bytes that it takes at its start; the latents of branches that wait come on top as it goes on.
    package var memoryAtStart: Int {
        let branch = Self.bytesOfBranch(problem)
        return branch * (max(1, settings.deduction.width) + 1)
    }

    /// What a branch takes that is kept: its latents and its lattice.
    static func bytesOfBranch(_ problem: Problem) -> Int {
        problem.model.carryBytes + problem.model.embeddingBytes + 8 * problem.shape.seqLen + 256
    }
}

extension Problem {
    /// What may stand where before anything is deduced: a given its own token, an open cell every digit.
    fileprivate var lattice: Lattice? {
        guard let sudoku = puzzle as? SudokuPuzzle, shape.vocabSize >= sudoku.side + 2, sudoku.side + 2 <= 64,
            shape.seqLen == sudoku.givens.count
        else { return nil }
        let digits: UInt64 = (1 << UInt64(sudoku.side) - 1) << 2
        return Lattice(cells: sudoku.givens.map { $0 == 0 ? digits : 1 << (UInt64($0) + 1) })
    }
}
