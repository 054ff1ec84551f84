import Generation
import JSON
import PuzzleTestSupport
import Puzzles
import Randomness
import TestSupport
import Testing

/// What holds for every generator's puzzles.
@Suite struct GeneratorTests {
    static let tasks = PuzzleGenerators.all.map(\.task)

    static func size(_ task: String) -> GridSize? { task == "maze" ? GridSize(width: 15, height: 12) : nil }

    static func puzzles(_ task: String, _ count: Int, size: GridSize? = nil, seed: UInt64 = 3) throws
        -> [GeneratedPuzzle]
    {
        try (0..<count).map {
            try PuzzleGenerators.generate(task: task, size: size ?? Self.size(task), seed: seed, index: $0)
        }
    }

    @Test(arguments: tasks)
    func aPuzzleIsThatOfItsSeedAndIndexAlone(_ task: String) throws {
        let puzzles = try Self.puzzles(task, 12)
        let again = try puzzles.indices.reversed().map {
            try PuzzleGenerators.generate(task: task, size: Self.size(task), seed: 3, index: $0)
        }
        #expect(again.reversed().map(\.json) == puzzles.map(\.json))
        #expect(Set(puzzles.map(\.json)).isDisjoint(with: try Self.puzzles(task, 12, seed: 4).map(\.json)))
        for puzzle in puzzles {
            #expect(puzzle.puzzle.check(puzzle.solution) == .valid)
            // What a reader of the line gets is the same puzzle, with the same fingerprint.
            let read = try #require(Tasks.named(task)).read(puzzle.puzzle.notation)
            #expect(read.notation == puzzle.puzzle.notation && read.fingerprint == puzzle.fingerprint)
            #expect(try read.readAnswer(puzzle.solution.notation) == puzzle.solution)
            if let link = read.link { #expect(try Tasks.named(task)?.read(.string(link)).notation == read.notation) }
        }
    }

    /// A partly solved board shows what the solution has in the cells that are to be solved, by tokens that are in the table.
    @Test(arguments: tasks)
    func partlySolvedBoards(_ task: String) throws {
        for puzzle in try Self.puzzles(task, 4) {
            let side = task == "maze" ? 15 : task == "sudoku" ? 9 : 10
            let shape = InputShape(seqLen: side * side, vocabSize: 300)
            let board = try #require(puzzle.puzzle.partialBoard(in: shape))
            let given = try puzzle.puzzle.tokens(in: shape)
            let solution = try puzzle.puzzle.tokens(of: puzzle.solution, in: shape)
            #expect(board.side == side && board.open == puzzle.puzzle.openPositions(given, solution))
            #expect(board.open.allSatisfy { board.values.contains(solution[$0]) })
            // Training shows both tokens for heyawake alone.
            #expect(board.keepsClues == (task == "heyawake"))
        }
    }

    /// Counted by filling in cell by cell with rules written for this test, and the task's checker at the end: nothing
    /// is shared with the solver that proved the puzzle.
    @Test(arguments: [
        ("sudoku", 9, 9, 12), ("sudoku", 6, 6, 12), ("lightup", 6, 6, 12), ("tapa", 5, 4, 8), ("nurikabe", 5, 4, 8),
        ("heyawake", 5, 5, 12), ("shakashaka", 3, 3, 12),
    ])
    func thereIsNoSecondSolution(_ task: String, _ width: Int, _ height: Int, _ count: Int) throws {
        for puzzle in try Self.puzzles(task, count, size: GridSize(width: width, height: height)) {
            let found = try #require(ExhaustiveSearch.solutions(of: puzzle.puzzle))
            #expect(found == [puzzle.solution.cells], "\(puzzle.json.text)")
        }
    }

    @Test(arguments: tasks.filter { $0 != "sudoku" })
    func turnedPuzzlesAreTheSameAndDoNotRepeat(_ task: String) throws {
        for puzzle in try Self.puzzles(task, 4) where task != "maze" {
            for turn in Dihedral.allCases {
                #expect(TurnedBoard.of(puzzle.puzzle, by: turn).fingerprint == puzzle.fingerprint)
            }
        }
        // Small boards repeat all the time; the series keeps the first of each.
        let side = task == "nurikabe" || task == "shakashaka" ? 4 : task == "maze" ? 5 : 3
        let size = GridSize(width: side, height: side)
        let generator = try #require(PuzzleGenerators.named(task))
        var series = GenerationSeries(count: 30, window: 8)
        var classes: Set<Set<JSON>> = []
        var made = 0
        while true {
            while let index = series.claim() {
                made += 1
                series.record(
                    index,
                    Result { () throws(GenerationError) in
                        try generator.generate(size: size, seed: 1, index: index)
                    })
            }
            guard case .puzzle(let puzzle) = try series.next() else { continue }
            let views = task == "maze" ? Self.turnedText(puzzle.puzzle) : Self.views(puzzle.puzzle)
            #expect(classes.insert(views).inserted)
            if series.taken == 30 { break }
        }
        #expect(made >= 30)
    }

    static func views(_ puzzle: any Puzzle) -> Set<JSON> {
        Set(Dihedral.allCases.map { TurnedBoard.of(puzzle, by: $0).notation })
    }

    /// The eight views of a square text.
    static func turnedText(_ puzzle: any Puzzle) -> Set<JSON> {
        var rows = (puzzle.notation.stringValue ?? "").split(separator: "\n").map(Array.init)
        var views: Set<JSON> = []
        for _ in 0..<4 {
            views.insert(.string(rows.map { String($0) }.joined(separator: "\n")))
            views.insert(.string(rows.map { String($0.reversed()) }.joined(separator: "\n")))
            rows = rows.indices.map { column in rows.map { $0[column] }.reversed() }
        }
        return views
    }

    @Test func aSudokuIsTheSameUnderItsSymmetries() throws {
        let shape = InputShape(seqLen: 81, vocabSize: 11)
        var fingerprints: Set<UInt64> = []
        for puzzle in try Self.puzzles("sudoku", 20) {
            fingerprints.insert(puzzle.fingerprint)
            for rollout in 0..<5 as Range<UInt32> {
                let view = puzzle.puzzle.symmetry(in: shape, seed: 1, rollout: rollout)
                let givens = view.apply(try puzzle.puzzle.tokens(in: shape)).map { UInt8($0 - 1) }
                #expect(SudokuPuzzle(side: 9, givens: givens).fingerprint == puzzle.fingerprint)
            }
        }
        #expect(fingerprints.count == 20)
        #expect(SudokuPuzzle(side: 4, givens: [1, 1] + [UInt8](repeating: 0, count: 14)).fingerprint == nil)
    }

    /// However claims and records interleave, the reader gets the same.
    @Test func aSeriesDoesNotDependOnTheOrderOfItsWork() throws {
        let generator = try #require(PuzzleGenerators.named("lightup"))
        func run(workers: Int, _ random: inout SplitMix) throws -> [JSON] {
            var series = GenerationSeries(count: 25, window: 4 * workers)
            var claimed: [Int] = []
            var lines: [JSON] = []
            while true {
                while claimed.count < workers, let index = series.claim() { claimed.append(index) }
                switch try series.next() {
                case .finished: return lines
                case .puzzle(let puzzle): lines.append(puzzle.json)
                case .waiting:
                    let index = claimed.remove(at: .random(in: claimed.indices, using: &random))
                    series.record(
                        index,
                        Result { () throws(GenerationError) in
                            try generator.generate(size: GridSize(width: 4, height: 4), seed: 9, index: index)
                        })
                }
            }
        }
        var random = SplitMix(seed: 1)
        let one = try run(workers: 1, &random)
        #expect(one.count == 25 && Set(one).count == 25)
        for workers in [2, 3, 7] { #expect(try run(workers: workers, &random) == one) }
    }

    @Test func hardAndMinimalPuzzles() throws {
        func efforts(_ task: String, _ count: Int, isHard: Bool) throws -> [Int] {
            var options = GenerationOptions()
            options.isHard = isHard
            return try (0..<count).map {
                try PuzzleGenerators.generate(task: task, seed: 2, index: $0, options: options).difficulty
            }
        }
        for task in ["sudoku", "lightup", "heyawake", "tapa"] {
            let usual = try efforts(task, 25, isHard: false).sorted()
            #expect(try efforts(task, 6, isHard: true).allSatisfy { $0 > usual[12] }, "\(task)")
        }
        var minimal = GenerationOptions()
        minimal.isMinimal = true
        for index in 0..<2 {
            let puzzle = try PuzzleGenerators.generate(task: "sudoku", seed: 2, index: index, options: minimal)
            let givens = Array(puzzle.puzzle.notation.stringValue ?? "")
            for cell in givens.indices where givens[cell] != "." {
                var fewer = givens
                fewer[cell] = "."
                let board = try SudokuPuzzle.task.read(.string(String(fewer)))
                #expect(try #require(ExhaustiveSearch.solutions(of: board)).count == 2)
            }
        }
    }

    /// The first boards of a seed.
    private static func boards<Board>(
        of task: String, _ count: Int = 12, _ change: (inout GenerationOptions) -> Void
    ) throws -> [Board] {
        var options = GenerationOptions()
        change(&options)
        return try (0..<count).map {
            let made = try PuzzleGenerators.generate(task: task, seed: 2, index: $0, options: options)
            return try #require(made.puzzle as? Board)
        }
    }

    @Test func sparseTapaHasFewCluesOfSeveralNumbers() throws {
        let minimal: [TapaPuzzle] = try Self.boards(of: "tapa") { $0.isMinimal = true }
        let sparse: [TapaPuzzle] = try Self.boards(of: "tapa") { $0.isSparse = true }
        let (before, after) = (minimal.map(TapaClueCount.init), sparse.map(TapaClueCount.init))
        #expect(Double(after.map(\.all).reduce(0, +)) < 0.97 * Double(before.map(\.all).reduce(0, +)))
        #expect(after.map(\.several).reduce(0, +) > before.map(\.several).reduce(0, +))
    }

    @Test func sparseNurikabeHasLargeIslands() throws {
        let usual: [NurikabePuzzle] = try Self.boards(of: "nurikabe") { _ in }
        let sparse: [NurikabePuzzle] = try Self.boards(of: "nurikabe") { $0.isSparse = true }
        let readable = sparse.filter { !$0.clues.contains(-1) }
        #expect(readable.count > sparse.count / 2)
        #expect(readable.allSatisfy(Self.hasLargeIslands))
        #expect(!usual.allSatisfy(Self.hasLargeIslands))
    }

    /// 3.6 cells an island in the mean, and one in six at most of a single cell.
    private static func hasLargeIslands(_ board: NurikabePuzzle) -> Bool {
        let sizes = board.clues.filter { $0 > 0 }
        return 10 * sizes.reduce(0, +) >= 36 * Int16(sizes.count) && 6 * sizes.count { $0 == 1 } <= sizes.count
    }

    @Test func sparseHeyawakeHasLargeRooms() throws {
        func rooms(isSparse: Bool) throws -> [Int] {
            let boards: [HeyawakePuzzle] = try Self.boards(of: "heyawake", 8) { $0.isSparse = isSparse }
            return boards.map { Set($0.rooms).count }
        }
        #expect(try rooms(isSparse: true).allSatisfy { $0 <= 22 })
        #expect(try rooms(isSparse: false).reduce(0, +) > 22 * 8)
    }

    @Test(arguments: [("tapa", 5, 4), ("nurikabe", 5, 4), ("heyawake", 5, 4)])
    func sparsePuzzlesHaveOneSolution(_ task: String, _ width: Int, _ height: Int) throws {
        var options = GenerationOptions()
        options.isSparse = true
        for index in 0..<6 {
            let puzzle = try PuzzleGenerators.generate(
                task: task, size: GridSize(width: width, height: height), seed: 4, index: index, options: options)
            #expect(try #require(ExhaustiveSearch.solutions(of: puzzle.puzzle)) == [puzzle.solution.cells])
        }
    }
}

/// A board's clues, and those of them that hold more than one number.
private struct TapaClueCount {
    var all = 0
    var several = 0

    init(_ board: TapaPuzzle) {
        for code in board.clues where code > 0 {
            all += 1
            if TapaClue.runs[Int(code)].count > 1 { several += 1 }
        }
    }
}
