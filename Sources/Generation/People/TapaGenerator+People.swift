import Exact
import Puzzles
import Randomness
import Satisfiability

extension TapaGenerator {
    /// One try to keep a plan; nil when it did not lead to a puzzle. The places of the clues come first, then the wall around
    /// them, so that they can be symmetric; then clues are left out while the solution stays the only one, and some come
    /// back until there are as many as planned.
    func attempt(_ plan: TapaPlan, using random: inout SplitMix) -> Draft<TapaPuzzle>? {
        let orbits = plan.symmetry.orbits(of: size)
        var isFree = [Bool](repeating: true, count: size.count)
        if plan.symmetry != .none {
            var reserved = 0
            for orbit in random.shuffled(orbits) where reserved < plan.clueCount * 8 / 5 {
                for cell in orbit { isFree[cell] = false }
                reserved += orbit.count
            }
        }
        let isShaded = growth.grow(target: plan.shadedCount, on: isFree, thinness: plan.thinness, using: &random)
        guard abs(isShaded.count { $0 } - plan.shadedCount) <= size.count / 25 else { return nil }
        var clues = TapaClueSet(size: size, isShaded: isShaded)
        let units = orbits.filter { $0.allSatisfy { !isShaded[$0] } }
        // Some are hidden before the choice, which then goes well with them, and some after it.
        let hiddenBefore = plan.vagueShare * (0.3 + 0.7 * random.unit())
        for cell in units.joined() where random.chance(hiddenBefore) { clues.hide(cell, using: &random) }
        guard clues.suffice(units),
            var kept = clues.few(of: units, most: plan.clueCount, tries: 6, using: &random),
            kept.joined().count <= plan.clueCount + size.count / 100
        else { return nil }
        let isKept = Set(kept.map { $0[0] })
        for unit in clues.ranked(units, using: &random).reversed() where !isKept.contains(unit[0]) {
            if kept.joined().count + unit.count <= plan.clueCount { kept.append(unit) }
        }
        guard clues.hideMore(of: kept, share: plan.vagueShare, using: &random) else { return nil }
        let board = TapaPuzzle(size: size, clues: clues.codes(at: kept))
        guard let effort = board.formula().effort(proving: clues.solution) else { return nil }
        return Draft(board: board, solution: clues.solution, difficulty: effort)
    }
}

/// The clues that a wall allows, one a cell, and which of them leave it the only solution.
private struct TapaClueSet {
    let solution: [UInt8]
    private let formula: TapaFormula
    /// Per cell the clue that may be given there: all about the cells around it, or with some of its runs hidden.
    private var codes: [UInt8]
    /// Per cell and code what switches the clue on.
    private var selectors: [[UInt8: SatLiteral]]

    init(size: GridSize, isShaded: [Bool]) {
        solution = isShaded.map { UInt8($0 ? 1 : 0) }
        formula = TapaFormula(size: size)
        formula.forbid(solution)
        codes = (0..<size.count).map { cell in
            var ring: UInt8 = 0
            for (bit, neighbour) in size.ring(around: cell).enumerated() {
                if let neighbour, isShaded[neighbour] { ring |= 1 << bit }
            }
            return TapaRings.exactCode[Int(ring)]
        }
        selectors = .init(repeating: [:], count: size.count)
    }

    /// A board's clues: those of the cells of some units.
    func codes(at units: [[Int]]) -> [UInt8] {
        var clues = [UInt8](repeating: 0, count: codes.count)
        for cell in units.joined() { clues[cell] = codes[cell] }
        return clues
    }

    /// Whether the clues of these units leave one solution, as far as a short search can tell.
    mutating func suffice(_ units: some Sequence<[Int]>) -> Bool {
        let clues = units.joined().map { selector($0) }
        return formula.solver.solve(assuming: clues, conflictLimit: 2_000) == .unsatisfiable
    }

    private mutating func selector(_ cell: Int) -> SatLiteral {
        if let known = selectors[cell][codes[cell]] { return known }
        let new = formula.addClue(codes[cell], at: cell)
        selectors[cell][codes[cell]] = new
        return new
    }

    /// Units from which none can be left out, the fewest of some choices or the first with at most so many clues. Each leaves out
    /// first what people give less gladly.
    mutating func few(of units: [[Int]], most: Int, tries: Int, using random: inout SplitMix) -> [[Int]]? {
        var best: [[Int]]?
        for _ in 0..<tries {
            var open = ranked(units, using: &random)[...]
            var needed: [[Int]] = []
            while let unit = open.popFirst() {
                if !suffice(needed + open) { needed.append(unit) }
            }
            if needed.joined().count < best?.joined().count ?? .max { best = needed }
            // Enough, or so many that another choice will hardly do.
            if needed.joined().count <= most || needed.joined().count > most * 4 / 3 { break }
        }
        return best
    }

    /// The units in random order, those that people give less gladly rather at the front.
    func ranked(_ units: [[Int]], using random: inout SplitMix) -> [[Int]] {
        var keyed: [(key: Double, unit: [Int])] = []
        for unit in units {
            let liking = unit.reduce(0) { $0 + TapaPlan.liking[Int(codes[$1])] } / Double(unit.count)
            keyed.append((random.unit() / liking, unit))
        }
        return keyed.sorted { $0.key > $1.key }.map(\.unit)
    }

    /// Puts `?` in the place of some runs of a cell's clue.
    mutating func hide(_ cell: Int, using random: inout SplitMix) {
        codes[cell] = TapaPlan.vague(codes[cell], using: &random)
    }

    /// Hides runs of one clue after the other until this share of them has a `?`, as long as the solution stays the only one.
    /// False when it comes out far from the share.
    mutating func hideMore(of units: [[Int]], share: Double, using random: inout SplitMix) -> Bool {
        let cells = units.flatMap(\.self)
        let wanted = Int((share * Double(cells.count)).rounded())
        var vague = cells.count { isVague($0) }
        for cell in random.shuffled(cells) where vague < wanted && !isVague(cell) {
            let exact = codes[cell]
            hide(cell, using: &random)
            if suffice(units) { vague += 1 } else { codes[cell] = exact }
        }
        return abs(vague - wanted) <= cells.count / 12
    }

    private func isVague(_ cell: Int) -> Bool { TapaClue.runs[Int(codes[cell])].contains(TapaClue.unknown) }
}
