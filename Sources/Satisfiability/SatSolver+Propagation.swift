extension SatSolver {
    @inline(__always)
    func enqueue(_ literal: Int32, reason: Int32) {
        values[literal] = 1
        values[literal ^ 1] = -1
        let variable = literal >> 1
        levels[variable] = Int32(truncatingIfNeeded: level)
        reasons[variable] = reason
        trail[trailCount] = literal
        trailCount += 1
    }

    /// Unit propagation of everything on the trail. False, with `conflict` set, when a clause became false.
    func propagate() -> Bool {
        let arena = self.arena.base
        let values = self.values.base
        let heads = self.heads.base
        let trail = self.trail.base
        var head = trailHead
        var looks = 0
        defer { work &+= looks }
        while head < trailCount {
            let falsified = trail[head] ^ 1
            head += 1
            var link = heads + Int(falsified)
            var offset = link.pointee
            nextClause: while offset != 0 {
                let base = arena + Int(offset)
                let literals = base + Header.words
                let place = literals[0] == falsified ? 0 : 1
                let other = literals[1 - place]
                let next = base + (Header.next + place)
                if values[Int(other)] > 0 {
                    link = next
                    offset = next.pointee
                    continue
                }
                let size = Int(base[Header.size])
                looks &+= 4
                var index = 2
                while index < size {
                    let candidate = literals[index]
                    if values[Int(candidate)] >= 0 {
                        literals[place] = candidate
                        literals[index] = falsified
                        link.pointee = next.pointee
                        next.pointee = heads[Int(candidate)]
                        heads[Int(candidate)] = offset
                        offset = link.pointee
                        looks &+= index
                        continue nextClause
                    }
                    index += 1
                }
                looks &+= size
                if values[Int(other)] < 0 {
                    conflict = offset
                    countPropagations(head - trailHead)
                    trailHead = trailCount
                    return false
                }
                enqueue(other, reason: offset)
                link = next
                offset = next.pointee
            }
        }
        countPropagations(head - trailHead)
        trailHead = head
        return true
    }

    private func countPropagations(_ count: Int) {
        propagations += count
        work &+= 8 * count
    }

    enum Propagation {
        /// Nothing more follows.
        case rest
        case conflict
        /// The work is used up; another call goes on as if there had been no break.
        case paused
    }

    /// Propagation by clauses and theories until nothing more follows.
    func propagateAll(until lastWork: Int) -> Propagation {
        while true {
            guard propagate() else { return .conflict }
            guard !theories.isEmpty else { return work < lastWork ? .rest : .paused }
            // Theories start from the values alone, so the next call finds everything as it is here.
            guard work < lastWork, !isCrowded else { return .paused }
            let before = trailCount
            var isDone = true
            for theory in theories {
                conflict = 0
                if !theory.examine(self) {
                    if conflict != 0 || !isConsistent { return .conflict }
                    isDone = false  // a clause of one literal sent the search back to level 0
                }
                isDone = isDone && trailCount == before
                guard isDone else { break }
            }
            if isDone { return .rest }
        }
    }

    /// `propagateAll` that passes over the theories at some levels: the longer they had nothing to say, the more, up to
    /// `patience`. What they would have said comes a few levels later, and is learned just as well.
    func propagatePatiently(until lastWork: Int) -> Propagation {
        if passes > 0 {
            passes -= 1
            isUnheard = true
            guard propagate() else {
                passes = 0
                return .conflict
            }
            if passes > 0 { return .rest }
        }
        // Kept over a pause.
        if assignedBefore < 0 { assignedBefore = trailCount }
        let propagation = propagateAll(until: lastWork)
        switch propagation {
        case .rest:
            isUnheard = false
            gap = trailCount == assignedBefore ? min(2 * gap + 1, patience) : gap / 2
            passes = gap
        case .conflict: gap = 0
        case .paused: return .paused
        }
        assignedBefore = -1
        return propagation
    }

    func startLevel() {
        levelStarts[level] = Int32(truncatingIfNeeded: trailCount)
        level += 1
    }

    func backtrack(to target: Int) {
        guard level > target else { return }
        let start = Int(levelStarts[target])
        var index = trailCount - 1
        while index >= start {
            let literal = trail[index]
            let variable = literal >> 1
            values[literal] = 0
            values[literal ^ 1] = 0
            phases[variable] = literal & 1 == 0 ? 1 : -1
            if isDecided[variable], heapPlaces[variable] < 0 { insertIntoHeap(variable) }
            index -= 1
        }
        trailCount = start
        trailHead = start
        level = target
    }
}
