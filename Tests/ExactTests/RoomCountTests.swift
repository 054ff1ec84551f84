import Exact
import Puzzles
import Randomness
import Satisfiability
import Testing

/// What `HeyawakeRoomCounts` adds to the rules of Heyawake, against every legal filling of small boards.
@Suite struct RoomCountTests {
    /// Every way to shade cells that do not touch and leave the others connected, as bits of the cells.
    static func fillings(_ size: GridSize) -> [UInt32] {
        var found: [UInt32] = []
        let neighbours = size.neighbourLists.map { $0.reduce(0 as UInt32) { $0 | 1 << UInt32($1) } }
        let all: UInt32 = 1 << UInt32(size.count) - 1
        func areConnected(_ white: UInt32) -> Bool {
            var reached = white & (~white &+ 1)
            while true {
                var next = reached
                for cell in 0..<size.count where reached >> UInt32(cell) & 1 == 1 { next |= neighbours[cell] & white }
                if next == reached { return reached == white }
                reached = next
            }
        }
        func fill(_ cell: Int, _ shaded: UInt32) {
            guard cell < size.count else {
                if shaded != 0, areConnected(all & ~shaded) { found.append(shaded) }
                return
            }
            fill(cell + 1, shaded)
            if neighbours[cell] & shaded == 0 { fill(cell + 1, shaded | 1 << UInt32(cell)) }
        }
        fill(0, 0)
        return found
    }

    /// All rectangles, and sets of cells of any shape.
    static func rooms(_ size: GridSize) -> [[Int]] {
        var random = SplitMix(seed: 5)
        var rooms = (0..<40).map { _ in (0..<size.count).filter { _ in random.chance(0.7) } }
        for top in 0..<size.height {
            for bottom in top..<size.height {
                for left in 0..<size.width {
                    for right in left..<size.width {
                        rooms.append(
                            (top...bottom).flatMap { row in (left...right).map { size.index(row, $0) } })
                    }
                }
            }
        }
        return rooms
    }

    static func formula(_ size: GridSize, _ number: Int, _ room: [Int]) -> HeyawakeFormula {
        let formula = HeyawakeFormula(size: size)
        HeyawakeRoomCounts(size: size, cells: formula.cells, solver: formula.solver).add(number, of: room)
        return formula
    }

    static let smallSizes = [
        GridSize(width: 2, height: 2), GridSize(width: 3, height: 3), GridSize(width: 2, height: 6),
        GridSize(width: 4, height: 3), GridSize(width: 4, height: 4),
    ]

    @Test(arguments: smallSizes) func `no filling is lost and none is added`(_ size: GridSize) {
        let fillings = Self.fillings(size)
        for room in Self.rooms(size) {
            let mask = room.reduce(0 as UInt32) { $0 | 1 << UInt32($1) }
            for number in 0...size.count / 2 + 1 {
                let expected = fillings.filter { ($0 & mask).nonzeroBitCount == number }
                let formula = Self.formula(size, number, room)
                var found: [UInt32] = []
                while found.count <= expected.count, formula.solver.solve() == .satisfiable {
                    let solution = formula.solution()
                    found.append(solution.enumerated().reduce(0) { $0 | UInt32($1.element) << UInt32($1.offset) })
                    formula.forbid(solution)
                }
                #expect(found.sorted() == expected.sorted(), "\(number) in \(room)")
            }
        }
    }

    @Test func `the most that a room holds is as many as can be`() {
        let size = GridSize(width: 5, height: 5)
        let fillings = Self.fillings(size)
        for room in Self.rooms(size) {
            let mask = room.reduce(0 as UInt32) { $0 | 1 << UInt32($1) }
            let most = fillings.map { ($0 & mask).nonzeroBitCount }.max() ?? 0
            #expect(Self.formula(size, most, room).solver.solve() == .satisfiable, "\(most) in \(room)")
            #expect(Self.formula(size, most + 1, room).solver.solve() == .unsatisfiable, "\(most) in \(room)")
        }
    }

    /// A 7x7 in the middle of a board holds 21; that 22 are too many follows from counting.
    @Test(arguments: [21, 22]) func `a full room`(_ number: Int) throws {
        let size = GridSize(width: 9, height: 9)
        let rooms = (0..<size.count).map { (1...7).contains($0 / 9) && (1...7).contains($0 % 9) ? 1 : 0 }
        let board = HeyawakePuzzle(size: size, rooms: rooms, numbers: [1: number])
        let ending = try Ending(board, ExactOptions(conflictLimit: 20_000))
        if number == 21, case .solved(let answer, _, _) = ending.outcome {
            #expect(board.check(answer) == .valid)
        } else {
            #expect(ending.outcome == .noSolution && number == 22)
        }
    }
}
