import Puzzles
import Randomness

/// Makes mazes with one start and one goal on a board of open cells and walls.
///
/// A hard maze is what the Maze-Hard benchmark has: walls at random, and start and goal far apart along the shortest path.
/// A perfect maze has corridors one cell wide in which exactly one path leads from anywhere to anywhere.
struct MazeGenerator {
    let size: GridSize
    var style: MazeStyle
    /// The shortest path from start to goal has at least so many steps.
    var minimumPath: Int
    private let neighbours: [[Int]]

    init(size: GridSize, style: MazeStyle = .hard, minimumPath: Int? = nil) {
        self.size = size
        self.style = style
        self.minimumPath = minimumPath ?? Self.usualPath(size, style)
        neighbours = size.neighbourLists
    }

    /// Over 110 steps at 30x30, as in Maze-Hard; elsewhere what random walls give now and then. Perfect mazes have long
    /// ways anyhow.
    static func usualPath(_ size: GridSize, _ style: MazeStyle) -> Int {
        let sides = size.width + size.height
        switch style {
        case .hard: return size.width == 30 && size.height == 30 ? 111 : min(sides * 3 / 2, sides + size.count / 10)
        case .perfect: return sides / 2
        }
    }

    func checkOptions() throws(GenerationError) {
        guard (1..<size.count).contains(minimumPath) else {
            throw GenerationError(
                "a way of \(minimumPath) steps, expected 1 to \(size.count - 1) in \(size.text)", field: "minimum-path")
        }
    }

    /// One try; nil when start and goal do not lie far enough apart.
    func attempt(using random: inout SplitMix) -> Draft<MazePuzzle>? {
        let isWall: [Bool]
        switch style {
        case .hard:
            let density = 0.34 + 0.1 * random.unit()
            isWall = (0..<size.count).map { _ in random.chance(density) }
        case .perfect: isWall = carved(using: &random)
        }
        let open = (0..<size.count).filter { !isWall[$0] }
        guard let inside = random.pick(open) else { return nil }
        // The cell farthest from any cell is a good start: most far pairs have an end near it.
        guard let start = random.chance(0.5) ? distances(from: inside, isWall).order.last : inside else { return nil }
        let (order, steps) = distances(from: start, isWall)
        let far = order.drop { steps[$0] < minimumPath }
        guard let goal = random.pick(Array(far)) else { return nil }
        var solution = [UInt8](repeating: 0, count: size.count)
        var cell = goal
        while cell != start {
            let back = neighbours[cell].filter { steps[$0] == steps[cell] - 1 }
            guard let next = random.pick(back) else { return nil }
            if next != start { solution[next] = 1 }
            cell = next
        }
        var squares = isWall.map { $0 ? MazePuzzle.Square.wall : .free }
        squares[start] = .start
        squares[goal] = .goal
        guard let maze = try? MazePuzzle(size: size, squares: squares) else { return nil }
        return Draft(board: maze, solution: solution, difficulty: steps[goal])
    }

    /// The open cells in the order of their distance, and the steps to each (-1 where no path leads).
    private func distances(from start: Int, _ isWall: [Bool]) -> (order: [Int], steps: [Int]) {
        var steps = [Int](repeating: -1, count: size.count)
        var order = [start]
        steps[start] = 0
        var head = 0
        while head < order.count {
            let cell = order[head]
            head += 1
            for next in neighbours[cell] where !isWall[next] && steps[next] < 0 {
                steps[next] = steps[cell] + 1
                order.append(next)
            }
        }
        return (order, steps)
    }

    /// Corridors between the cells of every second row and column, dug by a walk that turns at random and goes back when
    /// it is stuck. Boards of even sides have a second wall along one side.
    private func carved(using random: inout SplitMix) -> [Bool] {
        var isWall = [Bool](repeating: true, count: size.count)
        let (rows, columns) = ((size.height - 1) / 2, (size.width - 1) / 2)
        let down = size.height % 2 == 0 ? random.below(2) : 0
        let right = size.width % 2 == 0 ? random.below(2) : 0
        func cell(_ room: Int) -> Int { size.index(2 * (room / columns) + 1 + down, 2 * (room % columns) + 1 + right) }
        let rooms = GridSize(width: columns, height: rows)
        let beside = rooms.neighbourLists
        let first = random.below(rooms.count)
        isWall[cell(first)] = false
        var path = [first]
        // Now and then the walk goes on from an older cell: more and shorter dead ends.
        let branching = random.unit() * 0.3
        while !path.isEmpty {
            let place = random.chance(branching) ? random.below(path.count) : path.count - 1
            guard let next = random.pick(beside[path[place]].filter { isWall[cell($0)] }) else {
                path.remove(at: place)
                continue
            }
            isWall[cell(next)] = false
            isWall[(cell(next) + cell(path[place])) / 2] = false
            path.append(next)
        }
        return isWall
    }
}

/// What walls a maze has.
enum MazeStyle {
    /// Walls at random, start and goal far apart: as in Maze-Hard.
    case hard
    /// Corridors with exactly one path from anywhere to anywhere.
    case perfect
}
