extension SatSolver {
    /// Whether the clauses take so much of `arenaLimit` that the search must throw some away or give up.
    var isCrowded: Bool { arenaCount > arenaLimit - arenaLimit / 4 }

    /// Throws away the worse half of the learned clauses (those that span many levels and were of no use for long), then
    /// closes the gaps in the arena. Clauses that are the reason for a value stay.
    func reduceLearned() {
        var learned: [Int32] = []
        learned.reserveCapacity(learnedCount)
        var offset = 1
        while offset < arenaCount {
            let base = arena.base + offset
            if base[Header.glue] > 2, !isReason(Int32(truncatingIfNeeded: offset)) {
                learned.append(Int32(truncatingIfNeeded: offset))
            }
            offset += Header.words + Int(base[Header.size])
        }
        learned.sort { first, second in
            let first = arena.base + Int(first)
            let second = arena.base + Int(second)
            if first[Header.glue] != second[Header.glue] { return first[Header.glue] > second[Header.glue] }
            return first[Header.used] < second[Header.used]
        }
        for offset in learned.prefix(learned.count / 2) { arena[Int(offset) + Header.glue] = -1 }
        compact()
        work &+= arenaCount / 8
        learnedLimit += 500
    }

    private func isReason(_ offset: Int32) -> Bool {
        for place in 0..<2 {
            let literal = arena[Int(offset) + Header.words + place]
            if values[literal] > 0, reasons[literal >> 1] == offset { return true }
        }
        return false
    }

    /// Moves the clauses that stay to the front and links their watchers anew.
    private func compact() {
        for literal in 0..<2 * variableCount { heads[literal] = 0 }
        learnedCount = 0
        var from = 1
        var to = 1
        while from < arenaCount {
            let base = arena.base + from
            let words = Header.words + Int(base[Header.size])
            if base[Header.glue] >= 0 {
                if base[Header.glue] > 0 { learnedCount += 1 }
                let old = Int32(truncatingIfNeeded: from)
                let new = Int32(truncatingIfNeeded: to)
                let target = arena.base + to
                if from != to { target.update(from: base, count: words) }
                for place in 0..<2 {
                    let literal = target[Header.words + place]
                    if values[literal] != 0, reasons[literal >> 1] == old { reasons[literal >> 1] = new }
                    target[Header.next + place] = heads[literal]
                    heads[literal] = new
                }
                to += words
            }
            from += words
        }
        arenaCount = to
    }
}
