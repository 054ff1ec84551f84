import Exact
import Generation
import JSON
import Puzzles
import Randomness
import Testing

/// What holds for the exact search of every task.
@Suite struct ExactSearchTests {
    static let tasks = PuzzleGenerators.all.map(\.task)

    /// A board of the task with one solution, and boards like it with several or none.
    static func boards(_ task: String) throws -> [any Puzzle] {
        let side = task == "sudoku" ? 9 : task == "maze" ? 15 : 10
        let made = try (0..<3).map { try GeneratedPuzzle.make(task, side, side, index: $0).puzzle }
        return made + made.compactMap { Self.relaxed($0) }
    }

    /// The board without some of its clues.
    static func relaxed(_ puzzle: any Puzzle) -> (any Puzzle)? {
        switch puzzle {
        case let board as SudokuPuzzle:
            SudokuPuzzle(side: board.side, givens: board.givens.enumerated().map { $0 % 5 == 0 ? 0 : $1 })
        case let board as LightupPuzzle:
            LightupPuzzle(size: board.size, clues: board.clues.enumerated().map { $0 % 2 == 1 && $1 > 0 ? 5 : $1 })
        case let board as TapaPuzzle:
            TapaPuzzle(size: board.size, clues: board.clues.enumerated().map { $0 % 3 == 0 ? 0 : $1 })
        case let board as NurikabePuzzle:
            NurikabePuzzle(size: board.size, clues: board.clues.map { $0 > 2 ? -1 : $0 })
        default: nil
        }
    }

    @Test(arguments: tasks) func `slices of any size come to the same`(_ task: String) throws {
        for board in try Self.boards(task) {
            let options = ExactOptions(conflictLimit: 3000, wantsUniqueness: true)
            let whole = try Ending(board, options, slice: .max)
            for slice in [1, 7, 100] { #expect(try Ending(board, options, slice: slice) == whole) }
        }
    }

    @Test(arguments: tasks) func `generated puzzles have the one solution that was made`(_ task: String) throws {
        let sizes = task == "sudoku" ? [(4, 4, 12), (6, 6, 12), (9, 9, 12)] : [(5, 7, 12), (10, 10, 8), (17, 14, 2)]
        for (width, height, count) in sizes {
            for index in 0..<count {
                let made = try GeneratedPuzzle.make(task, width, height, index: index)
                let ending = try Ending(made.puzzle)
                // Mazes may have several shortest ways.
                if task == "maze" {
                    #expect(ending.solutionCount(of: made.puzzle) ?? 0 > 0)
                } else {
                    #expect(ending.outcome == .solved(made.solution, isUnique: true, other: nil))
                }
            }
        }
    }

    @Test(arguments: tasks) func `without the question there is no answer about other solutions`(_ task: String) throws
    {
        let board = try GeneratedPuzzle.make(task, task == "sudoku" ? 9 : 8, task == "sudoku" ? 9 : 8)
        guard case .solved(let answer, let isUnique, let other) = try Ending(board.puzzle, ExactOptions()).outcome
        else {
            Issue.record("not solved")
            return
        }
        #expect(board.puzzle.check(answer) == .valid && isUnique == nil && other == nil)
    }

    @Test func `a search stops at its limits`() throws {
        let board = NurikabePuzzle(
            size: GridSize(width: 12, height: 12),
            clues: (0..<144).map { $0 == 0 ? 9 : $0 == 70 ? -1 : $0 == 143 ? 20 : $0 == 11 ? 12 : 0 })
        for limit in [1, 5, 40] {
            let ending = try Ending(board, ExactOptions(conflictLimit: limit), slice: 3)
            #expect(ending.conflicts <= limit)
            if ending.outcome == .limit { #expect(ending.conflicts == limit) }
        }
        let small = try Ending(board, ExactOptions(memoryLimit: 10_000))
        #expect(small.outcome == .limit)
        #expect(try Ending(board, ExactOptions(conflictLimit: 0)).outcome == .limit)
    }

    /// Boards whose rules come in many steps, and whose islands have no numbers.
    static let largeBoards: [any Puzzle] = {
        var random = SplitMix(seed: 12)
        let size = GridSize(width: 34, height: 31)
        func cells<Value>(_ share: Double, _ empty: Value, _ values: [Value]) -> [Value] {
            (0..<size.count).map { _ in random.chance(share) ? values[random.below(values.count)] : empty }
        }
        var islands = [Int16](repeating: 0, count: size.count)
        for row in stride(from: 1, to: size.height, by: 3) {
            for column in stride(from: 1, to: size.width, by: 3) { islands[size.index(row, column)] = -1 }
        }
        let rooms = (0..<size.count).map { $0 / size.width / 5 * 100 + $0 % size.width / 6 }
        return [
            LightupPuzzle(size: size, clues: cells(0, -1, [5])),
            LightupPuzzle(size: size, clues: cells(0.08, -1, [5, 5, 5, 0, 1])),
            ShakashakaPuzzle(size: size, clues: cells(0.15, -1, [5])),
            NurikabePuzzle(size: size, clues: islands),
            NurikabePuzzle(size: size, clues: islands.indices.map { $0 == 500 ? 20 : 0 }),
            TapaPuzzle(size: size, clues: [UInt8](repeating: 0, count: size.count)),
            HeyawakePuzzle(size: size, rooms: rooms, numbers: [:]),
        ]
    }()

    @Test(arguments: largeBoards.indices) func `large boards`(_ index: Int) throws {
        let board = Self.largeBoards[index]
        let options = ExactOptions(conflictLimit: 200, wantsUniqueness: true)
        let whole = try Ending(board, options, slice: .max)
        #expect(try Ending(board, options, slice: 13) == whole)
        _ = whole.solutionCount(of: board)
    }

    @Test func `tasks without rules are refused`() throws {
        let tokens = try #require(Tasks.named("tokens")).read([1, 2, 3])
        #expect(throws: ExactError.noRules) { try ExactSearch(puzzle: tokens) }
        #expect(!ExactSearch.takes(tokens))
    }

    @Test func `threads may take turns`() async throws {
        let board = try GeneratedPuzzle.make("nurikabe", 10, 10, index: 4).puzzle
        let search = try ExactSearch(puzzle: board, options: ExactOptions(wantsUniqueness: true))
        let expected = try Ending(board)
        let outcomes = await withTaskGroup(of: ExactOutcome.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    while true { if case .finished(let outcome) = search.run(conflicts: 3) { return outcome } }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == [ExactOutcome](repeating: expected.outcome, count: 4))
        #expect(search.conflicts == expected.conflicts)
    }
}
