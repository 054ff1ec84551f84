import Exact
import Puzzles
import Randomness
import Satisfiability

/// Makes Heyawake puzzles: a few large rooms, a random solution, and as long as there is another one a cut through a room
/// that only our solution survives; then as few room numbers as leave that one solution.
struct HeyawakeGenerator {
    let size: GridSize
    /// Few and large rooms, as people like to set them.
    var isSparse = false
    private let generosity: ClueGenerosity

    init(size: GridSize, generosity: ClueGenerosity = ClueGenerosity()) {
        self.size = size
        self.generosity = generosity
    }

    private struct Room {
        var place: CellRectangle
        var number: Int
        var selector: SatLiteral
    }

    private struct Cut {
        var room: Int
        var parts: (CellRectangle, CellRectangle)
        var isVertical: Bool
    }

    /// One try; nil when it did not lead to a puzzle.
    func attempt(using random: inout SplitMix) -> Draft<HeyawakePuzzle>? {
        let tiles = CellRectangle.tiling(size, longest: random.within(isSparse ? 4...7 : 3...5), using: &random)
        // On a tiny board nearly any division into rooms may need four.
        let mostRooms = isSparse ? max(4, size.count * random.within(14...22) / 100) : size.count
        guard tiles.count <= mostRooms else { return nil }
        return attempt(tiles, mostRooms: mostRooms, plan: nil, using: &random)
    }

    /// One try to keep a plan.
    func attempt(_ plan: HeyawakePlan, using random: inout SplitMix) -> Draft<HeyawakePuzzle>? {
        plan.tiles(size, using: &random).flatMap {
            attempt($0, mostRooms: plan.roomCount + 1 + plan.roomCount / 10, plan: plan, using: &random)
        }
    }

    private func attempt(
        _ tiles: [CellRectangle], mostRooms: Int, plan: HeyawakePlan?, using random: inout SplitMix
    ) -> Draft<HeyawakePuzzle>? {
        let formula = HeyawakeFormula(size: size)
        var borders = HeyawakeBorders(size: size, rooms: [Int](repeating: 0, count: size.count))
        for (index, tile) in tiles.enumerated() { for cell in tile.cells(in: size) { borders.rooms[cell] = index } }
        for run in borders.runs(rows: 0..<size.height, columns: 0..<size.width) { formula.addRun(run) }
        formula.solver.shuffle(formula.cells, trueShare: 0.7, using: &random)
        guard formula.solver.solve(conflictLimit: 20_000) == .satisfiable else { return nil }
        var isShaded = formula.cells.map { formula.solver.isTrue($0) }
        var isOther = formula.addRival(isShaded)

        func room(_ place: CellRectangle) -> Room {
            let cells = place.cells(in: size)
            let number = cells.count { isShaded[$0] }
            return Room(place: place, number: number, selector: formula.addNumber(number, of: cells))
        }
        var rooms = tiles.map(room)
        while true {
            switch formula.solver.solve(assuming: [isOther] + rooms.map(\.selector), conflictLimit: 20_000) {
            case .undecided: return nil
            case .satisfiable:
                let other = formula.cells.map { formula.solver.isTrue($0) }
                let places = rooms.map(\.place)
                var cuts = cuts(of: places, keeping: isShaded, killing: other, borders: borders)
                if cuts.isEmpty {
                    // The other solution has the same numbers; maybe a cut can tell the two apart in its favour.
                    cuts = self.cuts(of: places, keeping: other, killing: isShaded, borders: borders)
                    isShaded = other
                    isOther = formula.addRival(isShaded)
                }
                guard rooms.count < mostRooms, let cut = random.pick(cuts) else { return nil }
                for cell in cut.parts.1.cells(in: size) { borders.rooms[cell] = rooms.count }
                let place = rooms[cut.room].place
                rooms[cut.room] = room(cut.parts.0)
                rooms.append(room(cut.parts.1))
                for run in newRuns(borders, around: cut, of: place) { formula.addRun(run) }
                continue
            case .unsatisfiable: break
            }
            break
        }
        let selection = ClueSelection(
            solver: formula.solver, selectors: rooms.map(\.selector), fixed: [isOther])
        guard let kept = kept(of: rooms, selection, plan, using: &random) else { return nil }
        var numbers: [Int: Int] = [:]
        for index in kept { numbers[index] = rooms[index].number }
        let board = HeyawakePuzzle(size: size, rooms: borders.rooms, numbers: numbers)
        let solution = isShaded.map { UInt8($0 ? 1 : 0) }
        guard let effort = board.formula().effort(proving: solution) else { return nil }
        return Draft(board: board, solution: solution, difficulty: effort)
    }

    /// The rooms whose number is told; nil when the board is not as planned.
    private func kept(
        of rooms: [Room], _ selection: ClueSelection, _ plan: HeyawakePlan?, using random: inout SplitMix
    ) -> [Int]? {
        guard let plan else {
            return selection.irreducible(using: &random).map { generosity.widen($0, of: rooms.count, using: &random) }
        }
        // Large numbers are liked best, and nobody likes to give a 0.
        let worth = rooms.map { min($0.number, 3) }
        guard let needed = selection.sparse(worth: worth, tries: 4, using: &random),
            plan.fits(rooms.map(\.place), needed: needed.count)
        else { return nil }
        let isNeeded = Set(needed)
        let others = random.shuffled(rooms.indices.filter { !isNeeded.contains($0) })
        let liked = (0...3).reversed().flatMap { rank in others.filter { worth[$0] == rank } }
        return needed + liked.prefix(max(0, plan.numbers(of: rooms.count) - needed.count))
    }

    /// The cuts through rooms after which `solution` still keeps the rules and `other` does not.
    private func cuts(
        of rooms: [CellRectangle], keeping solution: [Bool], killing other: [Bool], borders: HeyawakeBorders
    ) -> [Cut] {
        var cuts: [Cut] = []
        for (index, room) in rooms.enumerated() {
            for row in room.rows.dropLast() {
                cuts.append(Cut(room: index, parts: room.split(below: row), isVertical: false))
            }
            for column in room.columns.dropLast() {
                cuts.append(Cut(room: index, parts: room.split(rightOf: column), isVertical: true))
            }
        }
        return cuts.filter { cut in
            var after = borders
            let second = cut.parts.1.cells(in: size)
            for cell in second { after.rooms[cell] = rooms.count }
            let runs = newRuns(after, around: cut, of: rooms[cut.room])
            guard runs.allSatisfy({ $0.contains { solution[$0] } }) else { return false }
            return second.count { solution[$0] } != second.count { other[$0] }
                || !runs.allSatisfy { $0.contains { other[$0] } }
        }
    }

    /// The runs of the lines that a cut crosses.
    private func newRuns(_ borders: HeyawakeBorders, around cut: Cut, of room: CellRectangle) -> [[Int]] {
        cut.isVertical
            ? borders.runs(rows: room.rows, columns: [] as [Int])
            : borders.runs(rows: [] as [Int], columns: room.columns)
    }
}
