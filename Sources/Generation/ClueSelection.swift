import Randomness
import Satisfiability

/// Which clues of a board are needed for its solution to be the only one.
///
/// The solver holds the rules, "not our solution", and every clue behind a selector. While that is unsatisfiable under
/// some selectors, their clues leave one solution; the final core names a sufficient part at once, and the rest is tried
/// clue by clue.
struct ClueSelection {
    let solver: SatSolver
    /// One per clue: assumed true, the clue counts.
    let selectors: [SatLiteral]
    /// Assumed always.
    var fixed: [SatLiteral] = []
    /// A proof that takes more conflicts than this counts as failed; keeps the worst case of large boards bounded.
    var conflictLimit = 5_000

    /// The clues of a set from which none can be left out, in random order; nil when all of them are not enough.
    func irreducible(using random: inout SplitMix) -> [Int]? {
        var places: [SatLiteral: Int] = [:]
        for (index, selector) in selectors.enumerated() { places[selector] = index }
        var open = random.shuffled(selectors.indices)
        guard let first = core(assuming: open.map { selectors[$0] }) else { return nil }
        func keep(_ core: [SatLiteral]) {
            let kept = Set(core.compactMap { places[$0] })
            open.removeAll { !kept.contains($0) }
        }
        keep(first)
        var needed: [Int] = []
        while let clue = open.popLast() {
            if let smaller = core(assuming: (needed + open).map { selectors[$0] }) {
                keep(smaller)
            } else {
                needed.append(clue)
            }
        }
        return needed
    }

    /// Few clues that say much: of some tries the smallest set from which none can be left out, where the clues of less
    /// `worth` are left out first; nil when all of them are not enough.
    func sparse(worth: [Int], tries: Int, using random: inout SplitMix) -> [Int]? {
        var best: [Int]?
        for _ in 0..<tries {
            guard let found = irreducible(worth: worth, using: &random) else { return best }
            if found.count < best?.count ?? .max { best = found }
        }
        return best
    }

    private func irreducible(worth: [Int], using random: inout SplitMix) -> [Int]? {
        guard core(assuming: selectors) != nil else { return nil }
        // The last one is tried first. Shuffled before, clues of equal worth stay in random order.
        var open = random.shuffled(selectors.indices).enumerated()
            .sorted { (-worth[$0.element], $0.offset) < (-worth[$1.element], $1.offset) }.map(\.element)
        var needed: [Int] = []
        while let clue = open.popLast() {
            if let core = core(assuming: (needed + open).map { selectors[$0] }) {
                // What else the proof had no use for may go as well, unless it is worth more.
                let used = Set(core)
                open.removeAll { worth[$0] <= worth[clue] && !used.contains(selectors[$0]) }
            } else {
                needed.append(clue)
            }
        }
        return needed
    }

    private func core(assuming assumptions: [SatLiteral]) -> [SatLiteral]? {
        solver.solve(assuming: fixed + assumptions, conflictLimit: conflictLimit) == .unsatisfiable ? solver.core : nil
    }
}
