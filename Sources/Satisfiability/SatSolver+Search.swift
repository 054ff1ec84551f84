extension SatSolver {
    /// Looks for a model in which every assumption holds. Afterwards the model is read with `isTrue`, or `core` holds the
    /// assumptions that clash. Ends `.undecided` after `conflictLimit` conflicts.
    package func solve(assuming assumptions: [SatLiteral] = [], conflictLimit: Int = .max) -> Outcome {
        start(assuming: assumptions)
        if let outcome = search(conflicts: conflictLimit) { return outcome }
        backtrack(to: 0)
        return .undecided
    }

    /// Begins a search that `search` carries on: `solve` in slices.
    package func start(assuming assumptions: [SatLiteral] = []) {
        backtrack(to: 0)
        core.removeAll(keepingCapacity: true)
        self.assumptions = assumptions
        restarts = 0
        untilRestart = 64
        crowdedAt = -64
        gap = 0
        passes = 0
        isUnheard = false
        assignedBefore = -1
    }

    /// Carries the search on for so many conflicts (at least one) or about so many units of work. Nil when it is not at its
    /// end; the next call then goes on as if there had been no break, so that slices of any size come to the same.
    /// `.undecided` says that the clauses have outgrown `arenaLimit`.
    ///
    /// A unit of work is a look at a clause or a cell, some 5 to 10 ns. Work is counted by propagation, analysis and the
    /// theories; one look of a theory at a whole board is the least that a slice does.
    package func search(conflicts slice: Int, work: Int = .max) -> Outcome? {
        let base = assumptions.isEmpty ? 0 : 1
        let lastWork = work == .max ? work : self.work + work
        var left = slice
        while true {
            guard isConsistent else { return .unsatisfiable }
            if isCrowded {
                backtrack(to: base)
                reduceLearned()
                // Crowded again so soon: what is learned is thrown away before it is of use, and that leads nowhere.
                guard !isCrowded, conflicts - crowdedAt >= 64 else { return .undecided }
                crowdedAt = conflicts
                continue
            }
            switch patience > 0 ? propagatePatiently(until: lastWork) : propagateAll(until: lastWork) {
            case .paused: return nil
            case .rest: break
            case .conflict:
                conflicts += 1
                guard isConsistent, level > 0 else {
                    isConsistent = false
                    core.removeAll(keepingCapacity: true)
                    backtrack(to: 0)
                    return .unsatisfiable
                }
                if level == base {
                    explain(conflict)
                    backtrack(to: 0)
                    return .unsatisfiable
                }
                resolveConflict()
                left -= 1
                untilRestart -= 1
                if left <= 0 { return nil }
                continue
            }
            if level < base {
                guard assume(assumptions) else {
                    backtrack(to: 0)
                    return .unsatisfiable
                }
                continue
            }
            if untilRestart <= 0 {
                restarts += 1
                untilRestart = 64 * Self.luby(restarts)
                backtrack(to: base)
                if learnedCount > learnedLimit { reduceLearned() }
                continue
            }
            guard let variable = nextDecision() else {
                if isUnheard {
                    // Every variable has a value, and the theories have not seen all of them.
                    passes = 0
                    continue
                }
                for variable in 0..<variableCount { model[variable] = values[2 * variable] }
                backtrack(to: 0)
                return .satisfiable
            }
            decisions += 1
            startLevel()
            enqueue(2 * variable + (phases[variable] > 0 ? 0 : 1), reason: 0)
        }
    }

    /// Puts all assumptions on level 1. False, with `core` set, when they clash under unit propagation; theories are asked
    /// only when all of them stand.
    private func assume(_ assumptions: [SatLiteral]) -> Bool {
        startLevel()
        for assumption in assumptions {
            let value = values[assumption.code]
            if value > 0 { continue }
            if value < 0 {
                explain(failed: assumption)
                return false
            }
            enqueue(assumption.code, reason: 0)
            if !propagate() {
                explain(conflict)
                return false
            }
        }
        return true
    }

    private func nextDecision() -> Int32? {
        while heapCount > 0 {
            let variable = popHeap()
            if values[2 * variable] == 0 { return variable }
        }
        return nil
    }

    /// 1, 1, 2, 1, 1, 2, 4, ...; `index` counts from 1.
    static func luby(_ index: Int) -> Int {
        var index = index
        while true {
            let power = Int.bitWidth - (index + 1).leadingZeroBitCount - 1
            if index == (1 << power) - 1 { return 1 << (power - 1) }
            index -= (1 << power) - 1
        }
    }
}

/// The heap of open variables, the most active on top.
extension SatSolver {
    func bump(_ variable: Int32) {
        activities[variable] += activityStep
        if activities[variable] > 1e100 {
            for index in 0..<variableCount { activities[index] *= 1e-100 }
            activityStep *= 1e-100
        }
        if heapPlaces[variable] >= 0 { siftUp(Int(heapPlaces[variable])) }
    }

    func insertIntoHeap(_ variable: Int32) {
        heap[heapCount] = variable
        heapPlaces[variable] = Int32(truncatingIfNeeded: heapCount)
        heapCount += 1
        siftUp(heapCount - 1)
    }

    func popHeap() -> Int32 {
        let top = heap[0]
        heapPlaces[top] = -1
        heapCount -= 1
        if heapCount > 0 {
            heap[0] = heap[heapCount]
            heapPlaces[heap[0]] = 0
            siftDown(0)
        }
        return top
    }

    func siftUp(_ place: Int) {
        let variable = heap[place]
        var place = place
        while place > 0 {
            let parent = (place - 1) >> 1
            guard activities[variable] > activities[heap[parent]] else { break }
            heap[place] = heap[parent]
            heapPlaces[heap[place]] = Int32(truncatingIfNeeded: place)
            place = parent
        }
        heap[place] = variable
        heapPlaces[variable] = Int32(truncatingIfNeeded: place)
    }

    func siftDown(_ place: Int) {
        let variable = heap[place]
        var place = place
        while true {
            var child = 2 * place + 1
            guard child < heapCount else { break }
            if child + 1 < heapCount, activities[heap[child + 1]] > activities[heap[child]] { child += 1 }
            guard activities[heap[child]] > activities[variable] else { break }
            heap[place] = heap[child]
            heapPlaces[heap[place]] = Int32(truncatingIfNeeded: place)
            place = child
        }
        heap[place] = variable
        heapPlaces[variable] = Int32(truncatingIfNeeded: place)
    }
}
