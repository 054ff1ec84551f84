import JSON

/// A maze with a start and a goal: mark one shortest way between them.
///
/// | model token | meaning |
/// |---|---|
/// | 0 | padding right of and below the maze |
/// | 1 | wall `#` |
/// | 2 | free ` ` |
/// | 3 | start `S` |
/// | 4 | goal `G` |
/// | 5 | free cell on the way `o` (solution) |
///
/// The tokens are those of the public Maze-Hard checkpoints; the other cells stand in a solution as they are given.
package struct MazePuzzle: Sendable, Hashable {
    package enum Square: UInt8, Sendable {
        case wall = 1
        case free, start, goal
    }

    package let size: GridSize
    /// Per cell, row by row. A solution has 1 at a cell of the way (start and goal excepted), 0 elsewhere.
    package let squares: [Square]
    /// Indices of the two ends.
    package let start: Int
    package let goal: Int
    /// Steps from start to goal on a shortest way.
    package let distance: Int

    /// Throws unless there is one start and one goal and a way between them.
    package init(size: GridSize, squares: [Square]) throws(PuzzleError) {
        func only(_ square: Square, _ name: String) throws(PuzzleError) -> Int {
            let places = squares.indices.filter { squares[$0] == square }
            guard places.count == 1 else {
                throw PuzzleError(
                    "the maze has \(places.count) \(name), expected one", cells: size.cells(places.prefix(10)))
            }
            return places[0]
        }
        self.size = size
        self.squares = squares
        start = try only(.start, "starts (S)")
        goal = try only(.goal, "goals (G)")
        let reached = size.distances(from: start) { squares[$0] != .wall }[goal]
        guard reached >= 0 else {
            throw PuzzleError("no way leads from S to G", cells: size.cells([start, goal]))
        }
        distance = Int(reached)
    }
}

extension MazePuzzle {
    package static let task = PuzzleTask(
        name: "maze", title: "Maze",
        notations: "lines of # (wall), space or . (free), one S and one G, any size; answers have o for the way; "
            + "a square one may be one text without line ends, a single row is a list of one text",
        hasChecker: true, hasSymmetries: true, vocabSize: 6,
        read: { value throws(PuzzleError) in try MazePuzzle(reading: value) })

    /// Reads lines; a square maze of six cells a side or more may also be one text without line ends.
    init(reading value: JSON) throws(PuzzleError) {
        let board = try WrittenBoard(value, field: "puzzle", spaces: .cells, rowsMayBeAlone: true) { count in
            (6...GridSize.longestSide).first { $0 * $0 == count }.map { GridSize(width: $0, height: $0) }
        }
        var squares: [Square] = []
        for (cell, entry) in board.entries.enumerated() {
            switch entry {
            case .text("#"), .integer(1): squares.append(.wall)
            case .text(" "), .text("."), .text("_"), .integer(2): squares.append(.free)
            case .text("S"), .integer(3): squares.append(.start)
            case .text("G"), .integer(4): squares.append(.goal)
            default:
                let place = board.size.cell(cell)
                throw PuzzleError(
                    "\(entry.text) at \(Cell.list([place])), expected #, a space, S or G", cells: [place])
            }
        }
        try self.init(size: board.size, squares: squares)
    }
}
