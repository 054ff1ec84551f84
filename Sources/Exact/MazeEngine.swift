import Puzzles

/// The shortest ways through a maze, by steps from the start and back from the goal.
final class MazeEngine: ExactEngine {
    private let maze: MazePuzzle
    /// Steps from the start; -1 where no way leads. Empty before the first slice.
    private var distances: [Int32] = []
    private var waysTold = 0

    init(_ maze: MazePuzzle) { self.maze = maze }

    var conflicts: Int { 0 }
    var memory: Int { 0 }

    func run(conflicts slice: Int) -> ExactStep {
        if distances.isEmpty { distances = maze.size.distances(from: maze.start) { maze.squares[$0] != .wall } }
        waysTold += 1
        return way(number: waysTold).map { .solution($0) } ?? .exhausted
    }

    /// The first way back from the goal that takes the first cell nearer to the start at every step; the second takes
    /// another at the last step where there is one.
    private func way(number: Int) -> [UInt8]? {
        guard distances[maze.goal] >= 0, number <= 2 else { return nil }
        var way: [Int] = []
        var fork: (place: Int, cell: Int)?
        var cell = maze.goal
        while cell != maze.start {
            let nearer = maze.size.neighbours(of: cell).filter { distances[$0] == distances[cell] - 1 }
            if nearer.count > 1 { fork = (way.count, nearer[1]) }
            way.append(nearer[0])
            cell = nearer[0]
        }
        if number == 2 {
            guard let fork else { return nil }
            way.removeSubrange(fork.place...)
            way.append(fork.cell)
            while let last = way.last, last != maze.start {
                way.append(
                    maze.size.neighbours(of: last).first { distances[$0] == distances[last] - 1 } ?? maze.start)
            }
        }
        var cells = [UInt8](repeating: 0, count: maze.size.count)
        for cell in way where cell != maze.start { cells[cell] = 1 }
        return cells
    }
}
