extension SatSolver {
    /// Learns from `conflict` up to the first unique implication point, jumps back and asserts what was learned.
    func resolveConflict() {
        analyze()
        let count = clauseCount
        var target = 0
        if count > 1 {
            var highest = 1
            for index in 2..<max(count, 2) where levels[clause[index] >> 1] > levels[clause[highest] >> 1] {
                highest = index
            }
            let literal = clause[highest]
            clause[highest] = clause[1]
            clause[1] = literal
            target = Int(levels[literal >> 1])
        }
        let glue = countLevels(count)
        backtrack(to: target)
        let asserted = clause[0]
        enqueue(asserted, reason: count > 1 ? store(count: count, glue: glue) : 0)
        activityStep /= 0.95
    }

    /// Leaves the learned clause in `clause`, the asserted literal first.
    private func analyze() {
        clauseCount = 1
        toClearCount = 0
        var open = 0
        var literal: Int32 = -1
        var reason = conflict
        var index = trailCount - 1
        repeat {
            let base = arena.base + Int(reason)
            if base[Header.glue] > 0 { base[Header.used] = Int32(truncatingIfNeeded: conflicts) }
            let literals = base + Header.words
            work &+= Int(base[Header.size]) + 16
            for place in 0..<Int(base[Header.size]) {
                let other = literals[place]
                let variable = other >> 1
                guard other != literal, seen[variable] == 0, levels[variable] > 0 else { continue }
                mark(variable)
                bump(variable)
                if Int(levels[variable]) >= level {
                    open += 1
                } else {
                    clause[clauseCount] = other
                    clauseCount += 1
                }
            }
            while seen[trail[index] >> 1] == 0 { index -= 1 }
            literal = trail[index]
            index -= 1
            reason = reasons[literal >> 1]
            open -= 1
        } while open > 0
        clause[0] = literal ^ 1
        minimise()
        for place in 0..<toClearCount { seen[toClear[place]] = 0 }
    }

    private func mark(_ variable: Int32) {
        seen[variable] = 1
        toClear[toClearCount] = variable
        toClearCount += 1
    }

    /// Drops literals that the others imply.
    private func minimise() {
        var kept = 1
        for index in 1..<max(clauseCount, 1) {
            let literal = clause[index]
            if reasons[literal >> 1] == 0 || !isImplied(literal) {
                clause[kept] = literal
                kept += 1
            }
        }
        clauseCount = kept
    }

    /// Whether every path back from the literal ends in marked variables or level 0. Variables found to be so stay
    /// marked; on failure the marks of this walk are taken back.
    private func isImplied(_ literal: Int32) -> Bool {
        let marked = toClearCount
        var depth = 1
        stack[0] = literal >> 1
        while depth > 0 {
            depth -= 1
            let parent = stack[depth]
            let base = arena.base + Int(reasons[parent])
            let literals = base + Header.words
            for place in 0..<Int(base[Header.size]) {
                let variable = literals[place] >> 1
                guard variable != parent, seen[variable] == 0, levels[variable] > 0 else { continue }
                if reasons[variable] == 0 {
                    for index in marked..<toClearCount { seen[toClear[index]] = 0 }
                    toClearCount = marked
                    return false
                }
                mark(variable)
                stack[depth] = variable
                depth += 1
            }
        }
        return true
    }

    /// Sets `core` from a clause that is false under the assumptions alone.
    func explain(_ offset: Int32) {
        core.removeAll(keepingCapacity: true)
        toClearCount = 0
        markLiterals(of: offset)
        collectCore()
    }

    /// Sets `core` for an assumption that the ones before it made false.
    func explain(failed assumption: SatLiteral) {
        core.removeAll(keepingCapacity: true)
        core.append(assumption)
        toClearCount = 0
        if levels[assumption.variable] > 0 { mark(assumption.code >> 1) }
        collectCore()
    }

    private func markLiterals(of offset: Int32) {
        let base = arena.base + Int(offset)
        let literals = base + Header.words
        for place in 0..<Int(base[Header.size]) {
            let variable = literals[place] >> 1
            if seen[variable] == 0, levels[variable] > 0 { mark(variable) }
        }
    }

    private func collectCore() {
        let start = level > 0 ? Int(levelStarts[0]) : trailCount
        var index = trailCount - 1
        while index >= start {
            let literal = trail[index]
            index -= 1
            guard seen[literal >> 1] != 0 else { continue }
            let reason = reasons[literal >> 1]
            if reason == 0 { core.append(SatLiteral(code: literal)) } else { markLiterals(of: reason) }
        }
        for place in 0..<toClearCount { seen[toClear[place]] = 0 }
    }
}
