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
    func irreducible(using random: inout GeneratorRandom) -> [Int]? {
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

    private func core(assuming assumptions: [SatLiteral]) -> [SatLiteral]? {
        solver.solve(assuming: fixed + assumptions, conflictLimit: conflictLimit) == .unsatisfiable ? solver.core : nil
    }
}

extension SatSolver {
    /// "When the selector holds, exactly `count` of the literals are true", written out; for a handful of literals.
    func add(when selector: SatLiteral, exactly count: Int, of literals: [SatLiteral]) {
        // Of any count + 1 one is false; of any n - count + 1 one is true.
        addSubsets(of: literals.map { !$0 }, taking: count + 1, when: selector)
        addSubsets(of: literals, taking: max(0, literals.count - count + 1), when: selector)
    }

    private func addSubsets(of literals: [SatLiteral], taking count: Int, when selector: SatLiteral) {
        guard count <= literals.count else { return }
        for mask in 0..<1 << literals.count where mask.nonzeroBitCount == count {
            begin()
            append(!selector)
            for index in literals.indices where mask >> index & 1 == 1 { append(literals[index]) }
            commit()
        }
    }

    /// "Some of these variables has another value than in `solution`", while `selector` holds.
    func forbid(_ variables: [SatLiteral], valued solution: [Bool], when selector: SatLiteral? = nil) {
        begin()
        if let selector { append(!selector) }
        for (variable, value) in zip(variables, solution) { append(value ? !variable : variable) }
        commit()
    }
}
