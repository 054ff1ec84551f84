package import Puzzles
import Synchronization

/// The exact solution of one puzzle, found in slices: what a daemon can run between other work, stop and forget.
///
///     let search = try ExactSearch(puzzle: puzzle, options: ExactOptions(wantsUniqueness: true))
///     while case .running = search.run(conflicts: 200) {}
///
/// Pure: no clock, no threads, no files. The same puzzle and options come to the same outcome and the same number of
/// conflicts, however the work is cut into slices. Everything that changes lies behind `engine`'s lock, so any thread may
/// run the next slice.
package final class ExactSearch: Sendable {
    package enum State: Sendable, Hashable {
        case running
        case finished(ExactOutcome)
    }

    private let puzzle: any Puzzle
    private let options: ExactOptions
    private let progress: Mutex<Progress>

    private struct Progress: ~Copyable {
        var engine: any ExactEngine
        /// The solution found, while another one is looked for.
        var first: PuzzleAnswer?
        /// Set at the end.
        var outcome: ExactOutcome?
    }

    /// The conflicts so far, of at most `options.conflictLimit`. Waits for a slice that is being run.
    package var conflicts: Int { progress.withLock { $0.engine.conflicts } }

    /// About how many bytes it holds beyond what is in proportion to the board: it grows with the clauses. Waits for a slice
    /// that is being run.
    package var memory: Int { progress.withLock { $0.engine.memory } }

    /// Throws for a puzzle of a task without exact rules. Does next to nothing else: the rules are put into a formula by
    /// the first slices.
    package init(puzzle: any Puzzle, options: ExactOptions = ExactOptions()) throws(ExactError) {
        self.puzzle = puzzle
        self.options = options
        switch puzzle {
        case let maze as MazePuzzle: progress = Mutex(Progress(engine: MazeEngine(maze)))
        case let sudoku as SudokuPuzzle:
            progress = Mutex(Progress(engine: SudokuEngine(sudoku, memoryLimit: options.memoryLimit)))
        case let declared as DeclaredPuzzle where !declared.declaration.rules.isEmpty:
            progress = Mutex(
                Progress(engine: FormulaEngine(memoryLimit: options.memoryLimit) { DeclaredFormula.draft(declared) }))
        case let board as any FormulatedBoard:
            progress = Mutex(
                Progress(engine: FormulaEngine(memoryLimit: options.memoryLimit) { board.formulaDraft() }))
        default: throw .noRules
        }
    }

    /// Whether there is an exact search for puzzles like this one.
    package static func takes(_ puzzle: any Puzzle) -> Bool {
        if let declared = puzzle as? DeclaredPuzzle { return !declared.declaration.rules.isEmpty }
        return puzzle is MazePuzzle || puzzle is SudokuPuzzle || puzzle is any FormulatedBoard
    }

    /// The tasks whose puzzles `takes` says yes to.
    package static let tasks: Set<String> = [
        SudokuPuzzle.task.name, LightupPuzzle.task.name, NurikabePuzzle.task.name, HeyawakePuzzle.task.name,
        TapaPuzzle.task.name, ShakashakaPuzzle.task.name, MazePuzzle.task.name,
    ]

    /// Goes on for at most so many conflicts (at least one) and at most some milliseconds of work. After the end it does
    /// nothing and tells the outcome again.
    package func run(conflicts slice: Int) -> State {
        progress.withLock { progress in
            if progress.outcome == nil { progress.outcome = advance(&progress, conflicts: slice) }
            return progress.outcome.map { .finished($0) } ?? .running
        }
    }

    private func advance(_ progress: inout Progress, conflicts slice: Int) -> ExactOutcome? {
        let left = options.conflictLimit - progress.engine.conflicts
        guard left > 0 else { return settled(progress.first, isUnique: nil) }
        switch progress.engine.run(conflicts: min(max(slice, 1), left)) {
        case .running: return nil
        case .limit: return settled(progress.first, isUnique: nil)
        case .exhausted: return progress.first == nil ? .noSolution : settled(progress.first, isUnique: true)
        case .solution(let cells):
            // A solution that the checker refuses would be a defect of a formula: never handed on as an answer.
            guard
                let answer = (puzzle as? any GridPuzzle)?.answer(cells: cells)
                    ?? (puzzle as? DeclaredPuzzle)?.answer(cells: cells),
                puzzle.check(answer) == .valid
            else { return settled(progress.first, isUnique: nil) }
            if let first = progress.first {
                return first.cells == cells
                    ? settled(first, isUnique: nil) : .solved(first, isUnique: false, other: answer)
            }
            progress.first = answer
            return options.wantsUniqueness ? nil : settled(answer, isUnique: nil)
        }
    }

    private func settled(_ first: PuzzleAnswer?, isUnique: Bool?) -> ExactOutcome {
        first.map { .solved($0, isUnique: isUnique, other: nil) } ?? .limit
    }
}

package struct ExactOptions: Sendable, Hashable {
    /// Conflicts (for small sudoku also guesses) after which the search gives up, the look for a second solution included.
    package var conflictLimit: Int
    /// Whether to look for a second solution once there is one.
    package var wantsUniqueness: Bool
    /// Bytes that the clauses may take before the search gives up. What else it holds is in proportion to the board.
    package var memoryLimit: Int

    package init(conflictLimit: Int = 1_000_000, wantsUniqueness: Bool = false, memoryLimit: Int = 256 << 20) {
        self.conflictLimit = conflictLimit
        self.wantsUniqueness = wantsUniqueness
        self.memoryLimit = memoryLimit
    }
}

package enum ExactOutcome: Sendable, Hashable {
    /// A solution that the task's checker accepts. `isUnique` is nil when nobody asked or the search gave up on it; when
    /// it is false, `other` is another solution.
    case solved(PuzzleAnswer, isUnique: Bool?, other: PuzzleAnswer?)
    /// Proved: the puzzle has no solution.
    case noSolution
    /// The conflicts or the memory are used up.
    case limit
}

package enum ExactError: Error, Sendable, Hashable {
    /// The task has no rules that a search could go by.
    case noRules
}
