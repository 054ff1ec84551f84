import Exact
import Generation
import JSON
import Puzzles
import Randomness
import Testing

/// The formulas behind the generators against trying every filling of small boards with the exact checkers, which share no
/// code with them.
@Suite struct GenerationExactSolverTests {
    static let rounds = 60

    /// Every filling that the checker accepts.
    static func accepted(_ puzzle: any Puzzle, codes: [[UInt8]]) -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        var cells = codes.map { $0[0] }
        func fill(_ cell: Int) {
            guard cell < cells.count else {
                if puzzle.check(PuzzleAnswer(notation: .null, cells: cells)) == .valid { found.insert(cells) }
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

    /// - Returns: how many solutions the board has.
    static func compare(_ puzzle: any Puzzle, codes: [[UInt8]]) throws -> Int {
        let expected = accepted(puzzle, codes: codes)
        let found = try #require(ExactSolver.solutions(of: puzzle, limit: 10_000)).map(\.cells)
        #expect(Set(found) == expected, "\(puzzle.link ?? puzzle.notation.text)")
        #expect(found.count == Set(found).count)
        return expected.count
    }

    static func size(_ random: inout SplitMix, most: Int) -> GridSize {
        while true {
            let size = GridSize(width: random.within(1...4), height: random.within(1...5))
            if size.count <= most { return size }
        }
    }

    /// The rounds must have met boards without, with one and with several solutions.
    static func expectVariety(_ counts: [Int]) {
        #expect(counts.contains(0) && counts.contains(1) && counts.contains { $0 > 1 }, "\(counts)")
    }

    @Test func lightup() throws {
        var random = SplitMix(seed: 1)
        var counts: [Int] = []
        for _ in 0..<Self.rounds {
            let size = Self.size(&random, most: 12)
            let clues = (0..<size.count).map { _ in
                random.chance(0.65) ? -1 as Int8 : Int8([5, 5, 0, 1, 1, 2][random.below(6)])
            }
            let codes = clues.map { $0 < 0 ? [0, 1] : [0] as [UInt8] }
            counts.append(try Self.compare(LightupPuzzle(size: size, clues: clues), codes: codes))
        }
        Self.expectVariety(counts)
    }

    @Test func tapa() throws {
        var random = SplitMix(seed: 2)
        var counts: [Int] = []
        for round in 0..<2 * Self.rounds {
            let size = Self.size(&random, most: 12)
            let clues = (0..<size.count).map { _ in
                random.chance(0.85) ? 0 : UInt8(random.within(1...(round % 2 == 0 ? 6 : 42)))
            }
            let codes = [[UInt8]](repeating: [0, 1], count: size.count)
            counts.append(try Self.compare(TapaPuzzle(size: size, clues: clues), codes: codes))
        }
        Self.expectVariety(counts)
    }

    @Test func heyawake() throws {
        var random = SplitMix(seed: 3)
        var counts: [Int] = []
        for _ in 0..<Self.rounds {
            let size = Self.size(&random, most: 15)
            // Borders anywhere, so that some end inside a room.
            let walls = (0..<2).map { _ in (0..<size.count).map { _ in random.chance(0.35) } }
            let right = walls[0].indices.map { walls[0][$0] && $0 % size.width < size.width - 1 }
            let below = walls[1].indices.map { walls[1][$0] && $0 + size.width < size.count }
            let numbers = (0..<size.count).map { _ in random.chance(0.5) ? -1 : random.below(3) }
            let puzzle = HeyawakePuzzle(size: size, wallRight: right, wallBelow: below) { numbers[$0] }
            counts.append(try Self.compare(puzzle, codes: [[UInt8]](repeating: [0, 1], count: size.count)))
        }
        Self.expectVariety(counts)
    }

    @Test func nurikabe() throws {
        var random = SplitMix(seed: 4)
        var counts: [Int] = []
        for _ in 0..<4 * Self.rounds {
            let size = Self.size(&random, most: 12)
            let clues = (0..<size.count).map { _ in
                random.chance(0.85) ? 0 as Int16 : random.chance(0.2) ? -1 : Int16(random.within(1...4))
            }
            let codes = [[UInt8]](repeating: [0, 1], count: size.count)
            counts.append(try Self.compare(NurikabePuzzle(size: size, clues: clues), codes: codes))
        }
        Self.expectVariety(counts)
    }

    @Test func shakashaka() throws {
        var random = SplitMix(seed: 5)
        var counts: [Int] = []
        for _ in 0..<Self.rounds {
            let size = Self.size(&random, most: 9)
            var clues = (0..<size.count).map { _ in
                random.chance(0.8) ? -1 as Int8 : Int8([5, 0, 1, 2][random.below(4)])
            }
            if clues.allSatisfy({ $0 < 0 }) { clues[0] = 5 }
            let codes = clues.map { $0 < 0 ? [0, 1, 2, 3, 4] : [0] as [UInt8] }
            counts.append(try Self.compare(ShakashakaPuzzle(size: size, clues: clues), codes: codes))
        }
        Self.expectVariety(counts)
    }

    @Test func `sudoku has the known numbers of grids`() throws {
        let empty = SudokuPuzzle(side: 4, givens: [UInt8](repeating: 0, count: 16))
        let grids = try #require(ExactSolver.solutions(of: empty, limit: 1000)).map(\.cells)
        #expect(Set(grids).count == 288 && grids.count == 288)
        #expect(grids.allSatisfy { empty.check(PuzzleAnswer(notation: .null, cells: $0)) == .valid })
    }

    @Test func `tasks without such a solver say so`() throws {
        let maze = try #require(Tasks.named("maze")).read(text: "S G")
        #expect(ExactSolver.solutions(of: maze, limit: 1) == nil)
    }
}
