import Exact
import Puzzles
import Randomness

/// Makes sudoku puzzles: a random full grid, then givens are taken away in random order as long as one solution is left.
struct SudokuGenerator {
    let side: Int
    /// Exactly so many givens; nil for as few as possible, with some given back at times.
    var givens: Int?
    /// Only as few givens as possible.
    var isMinimal = false
    /// Puzzles on which singles alone do not get far.
    var isHard = false

    /// The guesses that a hard puzzle takes at least, on the way to its solution and the proof that there is no other.
    static func hardEffort(side: Int) -> Int { side == 9 ? 20 : side == 6 ? 2 : 1 }

    /// The fewest givens that random puzzles come down to in a reasonable number of tries; 9x9 puzzles with 17 exist.
    private var fewestGivens: Int { side == 9 ? 21 : side == 6 ? 8 : 4 }

    func checkOptions() throws(GenerationError) {
        guard let givens else { return }
        guard (fewestGivens...side * side).contains(givens) else {
            throw GenerationError(
                "\(givens) givens, expected \(fewestGivens) to \(side * side) for \(side)x\(side)", field: "givens")
        }
        if isHard || isMinimal {
            throw GenerationError("a number of givens leaves no choice of minimal or hard puzzles", field: "givens")
        }
    }

    /// One try; nil when it did not lead to a puzzle.
    func attempt(using random: inout SplitMix) -> Draft<SudokuPuzzle>? {
        let search = SudokuSearch(side: side)
        guard search.count(seedGrid(using: &random), limit: 1, using: random) == 1 else { return nil }
        let solution = search.solution
        _ = random.next()
        var puzzle = minimal(solution, search, using: &random)
        if isHard {
            guard let hard = harden(puzzle, solution, search, using: &random) else { return nil }
            puzzle = hard
        } else {
            guard let more = extraGivens(beyond: puzzle.count { $0 != 0 }, using: &random) else { return nil }
            for cell in random.shuffled(puzzle.indices.filter { puzzle[$0] == 0 }).prefix(more) {
                puzzle[cell] = solution[cell]
            }
        }
        guard search.count(puzzle, limit: 2) == 1 else { return nil }
        return Draft(
            board: SudokuPuzzle(side: side, givens: puzzle), solution: solution, difficulty: search.guesses)
    }

    private func extraGivens(beyond count: Int, using random: inout SplitMix) -> Int? {
        if let givens { return givens >= count ? givens - count : nil }
        if isMinimal || random.chance(0.5) { return 0 }
        return random.below(max(1, (side * side - count) / 3))
    }

    /// Random boxes along the diagonal: they do not see each other, so any digits do.
    private func seedGrid(using random: inout SplitMix) -> [UInt8] {
        let board = SudokuPuzzle(side: side, givens: [])
        var grid = [UInt8](repeating: 0, count: side * side)
        let boxesAcross = side / board.boxWidth
        for step in 0..<min(boxesAcross, side / board.boxHeight) {
            let box = board.units[2 * side + step * boxesAcross + step]
            for (cell, digit) in zip(box, random.shuffled(1...side)) { grid[cell] = UInt8(digit) }
        }
        return grid
    }

    /// Takes away every given that is not needed, in random order.
    private func minimal(
        _ grid: [UInt8], _ search: SudokuSearch, using random: inout SplitMix
    ) -> [UInt8] {
        var puzzle = grid
        for cell in random.shuffled(puzzle.indices.filter { puzzle[$0] != 0 }) {
            let digit = puzzle[cell]
            puzzle[cell] = 0
            if search.count(puzzle, limit: 2) != 1 { puzzle[cell] = digit }
        }
        return puzzle
    }

    /// Climbs: some givens are exchanged for others of the same solution, and what is harder is kept.
    private func harden(
        _ start: [UInt8], _ solution: [UInt8], _ search: SudokuSearch, using random: inout SplitMix
    ) -> [UInt8]? {
        var best = start
        _ = search.count(best, limit: 2)
        var effort = search.guesses
        for _ in 0..<60 {
            if effort >= Self.hardEffort(side: side) { return best }
            var trial = best
            for cell in random.shuffled(trial.indices.filter { trial[$0] != 0 }).prefix(3) { trial[cell] = 0 }
            // A given where another solution differs rules that solution out.
            while let other = search.other(than: solution, givens: trial) {
                guard let cell = random.pick(trial.indices.filter { other[$0] != solution[$0] }) else { break }
                trial[cell] = solution[cell]
            }
            trial = minimal(trial, search, using: &random)
            _ = search.count(trial, limit: 2)
            if search.guesses >= effort {
                effort = search.guesses
                best = trial
            }
        }
        return nil
    }
}
