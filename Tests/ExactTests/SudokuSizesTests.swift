import Exact
import Puzzles
import Randomness
import Testing

/// Sudoku of every size, from few givens and guesses to those that only clauses settle.
@Suite struct SudokuSizesTests {
    /// A full grid: the usual pattern of shifted rows with its digits and lines in random order.
    static func grid(side: Int, _ random: inout SplitMix) -> [UInt8] {
        let empty = SudokuPuzzle(side: side, givens: [])
        let (width, height) = (empty.boxWidth, empty.boxHeight)
        let digits = random.shuffled(1...side)
        func lines(_ size: Int) -> [Int] {
            random.shuffled(0..<side / size).flatMap { group in random.shuffled(0..<size).map { group * size + $0 } }
        }
        let (rows, columns) = (lines(height), lines(width))
        return rows.flatMap { row in
            columns.map { column in UInt8(digits[(row % height * width + row / height + column) % side]) }
        }
    }

    @Test(arguments: SudokuPuzzle.sides) func `a full grid is its own solution`(_ side: Int) throws {
        var random = SplitMix(seed: UInt64(side))
        let grid = Self.grid(side: side, &random)
        let puzzle = SudokuPuzzle(side: side, givens: grid)
        #expect(try Ending(puzzle).outcome == .solved(puzzle.answer(cells: grid), isUnique: true, other: nil))
    }

    @Test(arguments: SudokuPuzzle.sides) func `fewer and fewer givens`(_ side: Int) throws {
        var random = SplitMix(seed: UInt64(side))
        let grid = Self.grid(side: side, &random)
        var counts: Set<Int?> = []
        for share in [0.9, 0.7, 0.55, 0.1] {
            let givens = grid.map { random.chance(share) ? $0 : 0 }
            let puzzle = SudokuPuzzle(side: side, givens: givens)
            let ending = try Ending(puzzle, ExactOptions(conflictLimit: 20_000, wantsUniqueness: true))
            counts.insert(ending.solutionCount(of: puzzle))
        }
        #expect(counts.isSuperset(of: [1, 2]))
    }

    @Test(arguments: SudokuPuzzle.sides) func `an empty grid has many solutions`(_ side: Int) throws {
        let puzzle = SudokuPuzzle(side: side, givens: [UInt8](repeating: 0, count: side * side))
        #expect(try Ending(puzzle).solutionCount(of: puzzle) == 2)
    }

    /// Every digit but one stands in the row or the column of the first cell, and that one in its box.
    @Test(arguments: SudokuPuzzle.sides) func `a cell without a digit left is no puzzle`(_ side: Int) throws {
        var givens = [UInt8](repeating: 0, count: side * side)
        let board = SudokuPuzzle(side: side, givens: givens)
        for column in 1..<side - 1 { givens[column] = UInt8(column) }
        givens[(side - 1) * side] = UInt8(side - 1)
        givens[(board.boxHeight - 1) * side + board.boxWidth - 1] = UInt8(side)
        let puzzle = SudokuPuzzle(side: side, givens: givens)
        #expect(puzzle.repeatedDigit(in: givens) == nil)
        #expect(try Ending(puzzle).outcome == .noSolution)
    }

    /// The 4x4 puzzles that only one grid in 288 solves, by counting.
    @Test func `agrees with counting the grids of four`() throws {
        let empty = SudokuPuzzle(side: 4, givens: [UInt8](repeating: 0, count: 16))
        let grids = try #require(ExactSolver.solutions(of: empty, limit: 1000)).map(\.cells)
        var random = SplitMix(seed: 8)
        var seen: Set<Int> = []
        for _ in 0..<300 {
            let grid = grids[random.below(grids.count)]
            let change = random.below(16)
            let givens = grid.indices.map { cell in
                random.chance(0.3) ? cell == change ? UInt8(random.within(1...4)) : grid[cell] : 0
            }
            let puzzle = SudokuPuzzle(side: 4, givens: givens)
            guard puzzle.repeatedDigit(in: givens) == nil else { continue }
            let fitting = grids.count { grid in zip(grid, givens).allSatisfy { $1 == 0 || $0 == $1 } }
            #expect(try Ending(puzzle).solutionCount(of: puzzle) == min(fitting, 2))
            seen.insert(min(fitting, 2))
        }
        #expect(seen == [0, 1, 2])
    }
}
