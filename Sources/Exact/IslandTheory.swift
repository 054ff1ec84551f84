import Puzzles
import Satisfiability

/// "Every white area of the board holds exactly one clue and is as large as the clue says": the islands of Nurikabe.
///
/// Looks at the white cells that are certain. An area with two clues or too many cells is a conflict; an area that is
/// complete is closed off; cells between areas of two clues are sea; a clue must be able to reach as many cells as it
/// counts; cells that no clue reaches are sea. Consequences are explained by the white cells of the areas involved and the
/// sea cells that were in the way.
final class IslandTheory: SatTheory {
    struct Clue {
        var cell: Int
        /// `nil` for a clue that does not tell the size.
        var count: Int?
    }

    let size: GridSize
    let clueCount: Int
    /// Per cell: its literal, true for sea.
    let codes: UncheckedBlock<Int32>
    /// Per cell four neighbours, -1 outside the board.
    let neighbours: UncheckedBlock<Int32>
    /// Per cell: the clue on it, -1 for none.
    let clueAt: UncheckedBlock<Int32>
    /// Per clue: its cell, and the cells it counts (`unlimited` when it does not tell).
    let clueCells: UncheckedBlock<Int32>
    let clueCounts: UncheckedBlock<Int32>
    static let unlimited = Int32.max

    /// Per cell: the clue of its certain white area, -1 for none.
    let owner: UncheckedBlock<Int32>
    /// Per cell of an area: the cell before it on the way from the clue, -1 at the clue.
    let before: UncheckedBlock<Int32>
    /// The areas one after the other; `areaStarts` has one entry per clue and one for the end.
    let areas: UncheckedBlock<Int32>
    let areaStarts: UncheckedBlock<Int32>

    /// What the looks at the whole board work on: see `IslandTheory+Sets.swift`.
    let sets: CellSets
    let firstWords: UncheckedBlock<Int32>
    let lastWords: UncheckedBlock<Int32>
    /// The sets of the clues, one clue after the other, and where each clue's start.
    let ownSets: UncheckedBlock<UInt64>
    let ownStarts: UncheckedBlock<Int>
    /// Per clue: whether its area is what the values say, whether nothing has changed since it was found that nothing follows
    /// for it, and the cells of its area.
    let isAreaKnown: UncheckedBlock<Bool>
    let isSettled: UncheckedBlock<Bool>
    let areaCounts: UncheckedBlock<Int32>
    /// Whether to look for single cells that islands must pass: fewer conflicts, and longer looks.
    let isThorough: Bool
    /// The cells that a flood had to pass, and its steps up to there.
    let neckCells: UncheckedBlock<Int32>
    let neckSteps: UncheckedBlock<Int32>
    @exclusivity(unchecked) var neckCount = 0
    /// Looks at cells and words of sets, for `SatSolver.work`.
    @exclusivity(unchecked) var work = 0
    /// Whether `areas` and `owner` are up to date.
    @exclusivity(unchecked) private var areListed = false

    let queue: UncheckedBlock<Int32>
    let distances: UncheckedBlock<Int32>
    let marks: UncheckedBlock<Int32>
    let reasons: UncheckedBlock<Int32>
    let reasonMarks: UncheckedBlock<Int32>
    // Unchecked: used by one call at a time, on one thread.
    @exclusivity(unchecked) var queueCount = 0
    @exclusivity(unchecked) var mark: Int32 = 0
    @exclusivity(unchecked) var reasonCount = 0
    @exclusivity(unchecked) var reasonMark: Int32 = 0

    /// `cells` are true for sea; their variables are the solver's first, one per cell.
    init(size: GridSize, cells: [SatLiteral], clues: [Clue], isThorough: Bool = false) {
        self.isThorough = isThorough
        neckCells = UncheckedBlock(capacity: 64)
        neckSteps = UncheckedBlock(capacity: 64)
        self.size = size
        clueCount = clues.count
        codes = UncheckedBlock(cells.map(\.code))
        neighbours = UncheckedBlock(
            size.neighbourLists.flatMap { $0.map { Int32($0) } + [Int32](repeating: -1, count: 4 - $0.count) })
        let none = [Int32](repeating: -1, count: size.count)
        clueAt = UncheckedBlock(none)
        clueCells = UncheckedBlock(clues.map { Int32($0.cell) })
        clueCounts = UncheckedBlock(clues.map { clue in clue.count.map { Int32($0) } ?? Self.unlimited })
        for (index, clue) in clues.enumerated() { clueAt[clue.cell] = Int32(index) }
        owner = UncheckedBlock(none)
        before = UncheckedBlock(none)
        areas = UncheckedBlock(none)
        areaStarts = UncheckedBlock([Int32](repeating: 0, count: clues.count + 1))
        queue = UncheckedBlock(none)
        distances = UncheckedBlock(none)
        marks = UncheckedBlock(none)
        reasons = UncheckedBlock(none + none)
        reasonMarks = UncheckedBlock(none)
        sets = CellSets(width: size.width, height: size.height, count: CommonSet.count)
        let sets = self.sets
        let ranges = clues.map { clue in
            // An island and what lies beside it stay within as many rows of the clue as it has cells.
            let (row, rows) = (clue.cell / size.width, clue.count ?? size.count)
            return sets.words(ofRows: max(0, row - rows)...min(size.height - 1, row + min(rows, size.height)))
        }
        firstWords = UncheckedBlock(ranges.map { Int32($0.lowerBound) })
        lastWords = UncheckedBlock(ranges.map { Int32($0.upperBound) })
        var starts: [Int] = [0]
        for range in ranges {
            starts.append(starts[starts.count - 1] + ClueSet.allCases.count * (range.count + 2 * sets.margin))
        }
        ownStarts = UncheckedBlock(starts)
        ownSets = UncheckedBlock([UInt64](repeating: 0, count: starts[starts.count - 1]))
        isAreaKnown = UncheckedBlock(clues.map { _ in false })
        isSettled = UncheckedBlock(clues.map { _ in false })
        areaCounts = UncheckedBlock(clues.map { _ in 0 })
        for cell in 0..<size.count { sets.insert(cell, into: board) }
        for clue in clues { sets.insert(clue.cell, into: clueSet) }
    }

    deinit {
        for block in [
            codes, neighbours, clueAt, clueCells, clueCounts, owner, before, areas, areaStarts, queue, distances, marks,
            reasons, reasonMarks,
        ] { block.free() }
        sets.free()
        neckCells.free()
        neckSteps.free()
        ownSets.free()
        ownStarts.free()
        isAreaKnown.free()
        isSettled.free()
        areaCounts.free()
        firstWords.free()
        lastWords.free()
    }

    func examine(_ solver: SatSolver) -> Bool {
        work = size.count + clueCount * sets.words / 2
        defer { solver.work += work }
        let trailCount = solver.assignedCount
        areListed = false
        readValues(solver)
        noteChanges()
        guard findAreas() else {
            // Slowly, for the reason.
            listAreas(solver)
            return false
        }
        findNeighbours()
        for clue in 0..<clueCount where isClosable(clue) {
            guard listAreas(solver), close(clue, solver) else { return false }
        }
        if solver.assignedCount != trailCount {
            readValues(solver)
            noteChanges()
        }
        for clue in 0..<clueCount where !isSettled[clue] {
            let before = solver.assignedCount
            guard reach(clue, solver) else { return false }
            isSettled[clue] = solver.assignedCount == before
        }
        findReached()
        if isThorough {
            if solver.assignedCount != trailCount { readValues(solver) }
            guard joinStrays(solver) else { return false }
        }
        for word in 0..<sets.words { unreached[word] = board[word] & ~sea[word] & ~reached[word] }
        return sets.forEach(unreached) { cell in
            if isThorough, isIsland(without: clueSet, around: cell) {
                return solver.values[codes[cell]] > 0 || abandonIsland(with: cell, solver)
            }
            return listAreas(solver) && abandon(cell, solver)
        }
    }

    /// Lists the cells of every area, in the order of steps from the clue, once per look at the board. False when an area
    /// breaks a rule; the reason is learned then.
    @discardableResult
    private func listAreas(_ solver: SatSolver) -> Bool {
        guard !areListed else { return true }
        areListed = true
        owner.base.update(repeating: -1, count: size.count)
        for clue in 0..<clueCount { guard spread(clue, solver) else { return false } }
        return true
    }

    func area(_ clue: Int) -> Range<Int> { Int(areaStarts[clue])..<Int(areaStarts[clue + 1]) }

    /// Gathers the certain area of a clue.
    private func spread(_ clue: Int, _ solver: SatSolver) -> Bool {
        let values = solver.values.base
        let start = Int(areaStarts[clue])
        let limit = Int(clueCounts[clue])
        let clueNumber = Int32(truncatingIfNeeded: clue)
        var end = start
        func enter(_ cell: Int32, from origin: Int32) {
            owner[cell] = clueNumber
            before[cell] = origin
            areas[end] = cell
            end += 1
        }
        enter(clueCells[clue], from: -1)
        var head = start
        while head < end {
            let cell = areas[head]
            head += 1
            for step in 0..<4 {
                let next = neighbours[4 * Int(cell) + step]
                guard next >= 0, owner[next] != clueNumber, values[Int(codes[next])] < 0 else { continue }
                if owner[next] >= 0 || clueAt[next] >= 0 {
                    // Two clues in one area.
                    startReasons()
                    addPath(to: cell)
                    if owner[next] >= 0 { addPath(to: next) }
                    return learn(in: solver)
                }
                enter(next, from: cell)
            }
            if end - start > limit {
                startReasons()
                for place in start...start + limit { addWhite(areas[place]) }
                return learn(in: solver)
            }
        }
        areaStarts[clue + 1] = Int32(truncatingIfNeeded: end)
        return true
    }

    /// Open cells beside a complete area, or between the areas of two clues, are sea.
    private func close(_ clue: Int, _ solver: SatSolver) -> Bool {
        let values = solver.values.base
        let area = area(clue)
        let isComplete = area.count == Int(clueCounts[clue])
        for place in area {
            let cell = areas[place]
            for step in 0..<4 {
                let next = neighbours[4 * Int(cell) + step]
                guard next >= 0, values[Int(codes[next])] == 0 else { continue }
                if isComplete {
                    startReasons()
                    for place in area { addWhite(areas[place]) }
                } else if let beyond = neighbour(of: next, where: { $0 > clue }) {
                    startReasons()
                    addPath(to: cell)
                    addPath(to: beyond)
                } else {
                    continue
                }
                add(codes[next])
                guard learn(in: solver) else { return false }
            }
        }
        return true
    }

    /// A cell beside this one that belongs to the area of a suitable clue.
    @inline(__always)
    func neighbour(of cell: Int32, where isSuitable: (Int) -> Bool) -> Int32? {
        for step in 0..<4 {
            let beside = neighbours[4 * Int(cell) + step]
            if beside >= 0, owner[beside] >= 0, isSuitable(Int(owner[beside])) { return beside }
        }
        return nil
    }

    /// A clue that reaches too few cells is a conflict; one that reaches just enough gets them all.
    private func reach(_ clue: Int, _ solver: SatSolver) -> Bool {
        let count = Int(clueCounts[clue])
        let floodCount = flood(clue)
        guard count < Int(Self.unlimited), Int(areaCounts[clue]) < count else { return true }
        guard floodCount <= count else {
            return passNecks(solver) { collect(clue, solver, explaining: true, steps: $0) }
        }
        guard listAreas(solver) else { return false }
        let values = solver.values.base
        let areaCount = area(clue).count
        startReasons()
        collect(clue, solver, explaining: true)
        if queueCount < count { return learn(in: solver) }
        let shared = reasonCount
        for place in areaCount..<queueCount where values[Int(codes[queue[place]])] == 0 {
            reasonCount = shared
            reasons[reasonCount] = codes[queue[place]] ^ 1
            reasonCount += 1
            guard learn(in: solver) else { return false }
        }
        return true
    }

    /// The only cell by which an area can grow to its size, or a white cell come to a clue, is white.
    /// - Parameter collect: explains why there is no other for the first so many steps.
    private func passNecks(_ solver: SatSolver, collect: (_ steps: Int32) -> Void) -> Bool {
        let values = solver.values.base
        for neck in 0..<neckCount where values[Int(codes[neckCells[neck]])] == 0 {
            guard listAreas(solver) else { return false }
            startReasons()
            collect(neckSteps[neck])
            add(codes[neckCells[neck]] ^ 1)
            guard learn(in: solver) else { return false }
        }
        return true
    }

    /// White cells without a clue must come to one.
    private func joinStrays(_ solver: SatSolver) -> Bool {
        let stray = findStray()
        return sets.forEach(stray) { cell in
            // A cell before it may have taken it along.
            guard sets.contains(cell, in: stray) else { return true }
            floodToArea(from: cell, within: stray)
            return passNecks(solver) { collect(from: cell, solver, steps: $0) }
        }
    }

    /// Cells without a clue that sea cuts off, in `flood`, are sea.
    private func abandonIsland(with cell: Int, _ solver: SatSolver) -> Bool {
        let flood = shared(.flood)
        startReasons()
        _ = sets.forEach(flood) { cell in
            for step in 0..<4 {
                let next = neighbours[4 * cell + step]
                if next >= 0, !sets.contains(Int(next), in: flood) { add(codes[next] ^ 1) }
            }
            return true
        }
        let rim = reasonCount
        return sets.forEach(flood) { cell in
            let values = solver.values.base
            guard values[Int(codes[cell])] <= 0 else { return true }
            reasonCount = rim
            reasons[reasonCount] = codes[cell]
            reasonCount += 1
            return learn(in: solver)
        }
    }

    /// A cell that no clue reaches is sea.
    private func abandon(_ cell: Int, _ solver: SatSolver) -> Bool {
        startReasons()
        add(codes[cell])
        for clue in 0..<clueCount {
            let place = Int(clueCells[clue])
            let steps = abs(place / size.width - cell / size.width) + abs(place % size.width - cell % size.width)
            if steps >= Int(clueCounts[clue]) { continue }
            for place in area(clue) { addWhite(areas[place]) }
            collect(clue, solver, explaining: true)
        }
        return learn(in: solver)
    }
}
