import JSON
import Puzzles
import Testing

@Suite struct MazeTests {
    static let maze = """
        ######
        #S   #
        # ## #
        #    #
        ##G###
        ######
        """

    @Test(arguments: [
        ("######\n#S   #\n#o## #\n#oo  #\n##G###\n######", Verdict.valid),
        ("######\n#S   #\n# ## #\n#oo  #\n##G###\n######", GenreTests.broken("way_is_broken", [[1, 1], [4, 2]])),
        ("######\n#Sooo#\n# ##o#\n# ooo#\n##G###\n######", GenreTests.broken("way_is_not_shortest", [])),
        ("######\n#So  #\n#o## #\n#oo  #\n##G###\n######", GenreTests.broken("cells_off_the_way", [[1, 2]])),
        (
            "######\n#Sooo#\n#o##o#\n#oooo#\n##G###\n######",
            GenreTests.broken("cells_off_the_way", [[1, 2], [1, 3], [1, 4], [2, 4], [3, 3], [3, 4]])
        ),
        ("######\n#S   #\n#oo# #\n#oo  #\n##G###\n######", GenreTests.broken("way_leaves_the_free_cells", [[2, 2]])),
    ])
    func rules(_ answer: String, _ expected: Verdict) throws {
        #expect(try GenreTests.report("maze", Self.maze, answer) == expected)
    }

    @Test func anyShortestWayCounts() throws {
        let open = "S..\n...\n..G"
        for way in ["Soo\n..o\n..G", "S..\no..\nooG", "So.\n.oo\n..G"] {
            #expect(try GenreTests.report("maze", open, way) == .valid)
        }
    }

    @Test func tokensAreThoseOfMazeHard() throws {
        let puzzle = try MazePuzzle.task.read(.string(Self.maze))
        let shape = InputShape(seqLen: 49, vocabSize: 6)
        let tokens = try puzzle.tokens(in: shape)
        #expect(tokens.prefix(14) == [1, 1, 1, 1, 1, 1, 0, 1, 3, 2, 2, 2, 1, 0])
        let answer = try puzzle.readAnswer("######\n#S   #\n#o## #\n#oo  #\n##G###\n######")
        let output = try puzzle.tokens(of: answer, in: shape)
        #expect(output.filter { $0 == 5 }.count == 3)
        #expect(puzzle.answer(from: output, in: shape) == answer)
        // A model that writes the way over a wall, the start or the padding is not believed there.
        #expect(puzzle.answer(from: [Int32](repeating: 5, count: 49), in: shape).cells.count { $0 == 1 } == 9)
    }

    @Test func aSquareMazeMayComeWithoutLineEnds() throws {
        let flat = Self.maze.filter { $0 != "\n" }
        let puzzle = try MazePuzzle.task.read(.string(flat))
        #expect(puzzle.notation == .string(Self.maze))
        #expect(puzzle.drawing(answer: nil, style: .plain).contains("│ █ S       █ │"))
    }

    /// One row in a list of rows is a board of one row, though so many cells would make a square.
    @Test func aMazeMayHaveOneRow() throws {
        let row = "S" + String(repeating: " ", count: 34) + "G"
        for puzzle: JSON in [.array([.string(row)]), .array([.array(row.map { .string(String($0)) })])] {
            let maze = try MazePuzzle.task.read(puzzle)
            #expect((maze as? MazePuzzle)?.size == GridSize(width: 36, height: 1))
            #expect(try MazePuzzle.task.read(maze.notation).notation == maze.notation)
            let way = try maze.readAnswer(.string("S" + String(repeating: "o", count: 34) + "G"))
            #expect(maze.check(way) == .valid)
        }
        // Without a list the cells are a square, as they are when they are too many for a row.
        #expect(try MazePuzzle.task.read(.string(row)).notation.stringValue?.contains("\n") == true)
        let long = JSON.string("S" + String(repeating: " ", count: 898) + "G")
        #expect(try MazePuzzle.task.read(.array([long])).notation == MazePuzzle.task.read(long).notation)
    }

    @Test(arguments: 0..<16 as Range<UInt32>)
    func viewsOfAWayAreWays(_ rollout: UInt32) throws {
        let puzzle = try MazePuzzle.task.read(.string(Self.maze))
        let shape = InputShape(seqLen: 49, vocabSize: 6)
        let view = puzzle.symmetry(in: shape, seed: 1, rollout: rollout)
        let viewed = view.apply(try puzzle.tokens(in: shape))
        // The maze is 6x6 in a 7x7 shape; its image is again at the top left.
        let squares = (0..<36).compactMap { MazePuzzle.Square(rawValue: UInt8(viewed[$0 / 6 * 7 + $0 % 6])) }
        let image = try MazePuzzle(size: GridSize(width: 6, height: 6), squares: squares)
        let answer = try puzzle.readAnswer("######\n#S   #\n#o## #\n#oo  #\n##G###\n######")
        let output = view.apply(try puzzle.tokens(of: answer, in: shape))
        #expect(image.check(image.answer(from: output, in: shape)) == .valid)
        #expect(puzzle.answer(from: view.inverse.apply(output), in: shape) == answer)
    }
}
