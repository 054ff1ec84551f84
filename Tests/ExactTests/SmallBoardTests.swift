import Exact
import JSON
import Puzzles
import Randomness
import Testing

/// The search on small random boards, most of them without a solution or with several, against every filling that the
/// checker accepts.
@Suite struct SmallBoardTests {
    /// Up to two fillings that the checker accepts.
    static func accepted(_ puzzle: any Puzzle, codes: [[UInt8]]) -> Int {
        var found = 0
        var cells = codes.map { $0[0] }
        func fill(_ cell: Int) {
            guard found < 2 else { return }
            guard cell < cells.count else {
                if puzzle.check(PuzzleAnswer(notation: .null, cells: cells)) == .valid { found += 1 }
                return
            }
            for code in codes[cell] {
                cells[cell] = code
                fill(cell + 1)
            }
        }
        fill(0)
        return found
    }

    static func size(_ random: inout SplitMix, most: Int) -> GridSize {
        while true {
            let size = GridSize(width: random.within(1...5), height: random.within(1...5))
            if size.count <= most { return size }
        }
    }

    /// Random boards of a task, with the codes that a cell may have.
    static func board(_ task: String, round: Int, _ random: inout SplitMix) throws -> (any Puzzle, [[UInt8]]) {
        switch task {
        case "lightup":
            let size = Self.size(&random, most: 14)
            let clues = (0..<size.count).map { _ in
                random.chance(0.65) ? -1 as Int8 : Int8([5, 5, 0, 1, 1, 2][random.below(6)])
            }
            return (LightupPuzzle(size: size, clues: clues), clues.map { $0 < 0 ? [0, 1] : [0] })
        case "tapa":
            let size = Self.size(&random, most: 12)
            let clues = (0..<size.count).map { _ in
                random.chance(0.85) ? 0 : UInt8(random.within(1...(round % 2 == 0 ? 6 : 42)))
            }
            var puzzle = TapaPuzzle(size: size, clues: clues)
            puzzle.loneQuestion = round.isMultiple(of: 3) ? .shaded : .any
            return (puzzle, clues.map { $0 == 0 ? [0, 1] : [0] })
        case "nurikabe":
            let size = Self.size(&random, most: 15)
            let clues = (0..<size.count).map { _ in
                random.chance(0.82) ? 0 as Int16 : random.chance(0.2) ? -1 : Int16(random.within(1...5))
            }
            return (NurikabePuzzle(size: size, clues: clues), clues.map { $0 == 0 ? [0, 1] : [0] })
        case "heyawake":
            let size = Self.size(&random, most: 15)
            // Borders anywhere, so that some end inside a room.
            let walls = (0..<2).map { _ in (0..<size.count).map { _ in random.chance(0.35) } }
            let right = walls[0].indices.map { walls[0][$0] && $0 % size.width < size.width - 1 }
            let below = walls[1].indices.map { walls[1][$0] && $0 + size.width < size.count }
            let numbers = (0..<size.count).map { _ in random.chance(0.5) ? -1 : random.below(3) }
            let board = HeyawakePuzzle(size: size, wallRight: right, wallBelow: below) { numbers[$0] }
            return (board, [[UInt8]](repeating: [0, 1], count: size.count))
        case "shakashaka":
            let size = Self.size(&random, most: 9)
            let clues = (0..<size.count).map { _ in
                random.chance(0.8) ? -1 as Int8 : Int8([5, 0, 1, 2][random.below(4)])
            }
            return (ShakashakaPuzzle(size: size, clues: clues), clues.map { $0 < 0 ? [0, 1, 2, 3, 4] : [0] })
        default:
            let size = Self.size(&random, most: 20)
            var squares = (0..<size.count).map { _ in random.chance(0.3) ? MazePuzzle.Square.wall : .free }
            guard size.count > 1 else { return try self.board(task, round: round, &random) }
            let ends = random.shuffled(0..<size.count)
            squares[ends[0]] = .start
            squares[ends[1]] = .goal
            // A maze without a way is none.
            guard let maze = try? MazePuzzle(size: size, squares: squares) else {
                return try self.board(task, round: round, &random)
            }
            return (maze, squares.map { $0 == .free ? [0, 1] : [0] })
        }
    }

    @Test(arguments: ["lightup", "tapa", "nurikabe", "heyawake", "shakashaka", "maze"])
    func `agrees with trying every filling`(_ task: String) throws {
        var random = SplitMix(seed: 21)
        var seen: Set<Int> = []
        for round in 0..<150 {
            let (board, codes) = try Self.board(task, round: round, &random)
            let expected = Self.accepted(board, codes: codes)
            let found = try Ending(board, slice: 1 + round % 3).solutionCount(of: board)
            #expect(found == expected, "\(board.notation.text)")
            seen.insert(expected)
        }
        #expect(seen.isSuperset(of: task == "maze" ? [1, 2] : [0, 1, 2]), "\(seen)")
    }
}
