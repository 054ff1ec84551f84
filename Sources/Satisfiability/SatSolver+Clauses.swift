extension SatSolver {
    /// Adds a clause to the formula, at any time between two calls of `solve`.
    package func add(_ literals: [SatLiteral]) {
        begin()
        for literal in literals { append(literal) }
        commit()
    }

    package func add(_ literals: SatLiteral...) { add(literals) }

    /// Starts a clause that `append` and `commit` build without an array.
    package func begin() {
        backtrack(to: 0)
        clauseCount = 0
    }

    package func append(_ literal: SatLiteral) {
        clause.reserve(clauseCount + 1, keeping: clauseCount)
        clause[clauseCount] = literal.code
        clauseCount += 1
    }

    /// Adds the clause begun with `begin`, without its repeated and false literals.
    package func commit() {
        guard isConsistent else { return }
        guard let kept = simplifyScratch() else { return }
        switch kept {
        case 0: isConsistent = false
        case 1:
            enqueue(clause[0], reason: 0)
            if !propagate() { isConsistent = false }
        default: _ = store(count: kept, glue: 0)
        }
    }

    /// Takes repeated and false literals out of the clause under construction. Nil when it holds anyway.
    private func simplifyScratch() -> Int? {
        var kept = 0
        var holds = false
        for index in 0..<clauseCount {
            let literal = clause[index]
            holds = holds || values[literal] > 0
            guard values[literal] == 0 else { continue }
            // A mark for each of a variable's two literals.
            let mark: Int8 = literal & 1 == 0 ? 1 : 2
            let marks = seen[literal >> 1]
            guard marks & mark == 0 else { continue }
            holds = holds || marks != 0
            seen[literal >> 1] = marks | mark
            clause[kept] = literal
            kept += 1
        }
        for index in 0..<kept { seen[clause[index] >> 1] = 0 }
        return holds ? nil : kept
    }

    /// Copies the first `count` literals of `clause` into the arena; the first two are watched.
    func store(count: Int, glue: Int) -> Int32 {
        arena.reserve(arenaCount + Header.words + count, keeping: arenaCount)
        let offset = Int32(truncatingIfNeeded: arenaCount)
        let base = arena.base + arenaCount
        base[Header.size] = Int32(truncatingIfNeeded: count)
        base[Header.glue] = Int32(truncatingIfNeeded: glue)
        base[Header.used] = Int32(truncatingIfNeeded: conflicts)
        let literals = base + Header.words
        for index in 0..<count { literals[index] = clause[index] }
        for place in 0..<2 {
            base[Header.next + place] = heads[literals[place]]
            heads[literals[place]] = offset
        }
        arenaCount += Header.words + count
        if glue > 0 { learnedCount += 1 }
        return offset
    }

    /// From a theory: a clause that follows from its rule. Returns false when it contradicts the values so far; the theory
    /// must then return false from `examine` without handing over more.
    package func learn(_ literals: some Sequence<SatLiteral>) -> Bool {
        clauseCount = 0
        for literal in literals {
            if values[literal.code] > 0 { return true }
            append(literal)
        }
        return learnScratch()
    }

    /// `learn` for the clause built with `startLearning` and `append`.
    package func startLearning() { clauseCount = 0 }

    /// The clause under construction.
    var scratchLiterals: [SatLiteral] { (0..<clauseCount).map { SatLiteral(code: clause[$0]) } }

    package func learnScratch() -> Bool {
        // The theory stops, and the search sees to it.
        guard arenaCount <= arenaLimit else { return false }
        let count = clauseCount
        // The two literals that backtracking opens first are watched: open ones, then false ones of the highest level.
        for place in 0..<min(2, count) {
            var best = place
            for index in place..<count where rank(clause[index]) > rank(clause[best]) { best = index }
            let literal = clause[best]
            clause[best] = clause[place]
            clause[place] = literal
        }
        if count > 0, values[clause[0]] > 0 { return true }
        switch count {
        case 0:
            backtrack(to: 0)
            isConsistent = false
            return false
        case 1:
            let literal = clause[0]
            backtrack(to: 0)
            if values[literal] < 0 { isConsistent = false } else { enqueue(literal, reason: 0) }
            // The values the theory looked at are gone: it must look again.
            return false
        default:
            let offset = store(count: count, glue: max(1, countLevels(count)))
            if values[clause[0]] == 0 {
                if values[clause[1]] < 0 { enqueue(clause[0], reason: offset) }
                return true
            }
            backtrack(to: Int(levels[clause[0] >> 1]))
            conflict = offset
            return false
        }
    }

    private func rank(_ literal: Int32) -> Int32 {
        values[literal] > 0 ? .max : values[literal] == 0 ? .max - 1 : levels[literal >> 1]
    }

    /// The number of decision levels among the first `count` literals of `clause`.
    func countLevels(_ count: Int) -> Int {
        levelMark &+= 1
        var found = 0
        for index in 0..<count {
            let level = levels[clause[index] >> 1]
            if values[clause[index]] != 0, levelMarks[level] != levelMark {
                levelMarks[level] = levelMark
                found += 1
            }
        }
        return found
    }
}
