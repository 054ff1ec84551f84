package import Randomness

/// A small CDCL solver for formulas of a few hundred variables that are solved thousands of times under changing
/// assumptions: what a puzzle generator asks when it looks for clues that leave one solution.
///
/// Two watched literals per clause, VSIDS with a heap, first unique implication points with minimisation, phase saving,
/// Luby restarts, assumptions with a final core, clauses added at any time, and theories (`SatTheory`). The same calls give
/// the same answers: there is no randomness but what `shuffle` is given.
///
/// Clauses lie one behind the other in one block of 32-bit words; the watchers of a literal are a list linked through that
/// block, so that moving a watch allocates nothing.
package final class SatSolver {
    package enum Outcome: Sendable, Hashable {
        case satisfiable
        case unsatisfiable
        /// The conflict limit ran out.
        case undecided
    }

    /// The words before a clause's literals in `arena`.
    enum Header {
        static let size = 0
        /// The next clause in the watch list of the clause's first literal; the word after it, of the second.
        static let next = 1
        /// 0 for clauses of the formula; for learned ones the number of decision levels among the literals (glue).
        static let glue = 3
        /// The conflict count when the clause last took part in a conflict.
        static let used = 4
        static let words = 5
    }

    @exclusivity(unchecked) package private(set) var variableCount = 0
    /// False once the clauses contradict each other without any assumption.
    @exclusivity(unchecked) package internal(set) var isConsistent = true
    /// After `.unsatisfiable`: assumptions that cannot hold together, a subset of those given.
    package internal(set) var core: [SatLiteral] = []

    @exclusivity(unchecked) package internal(set) var conflicts = 0
    @exclusivity(unchecked) package internal(set) var decisions = 0
    @exclusivity(unchecked) package internal(set) var propagations = 0
    /// Looks at clauses and cells so far, for slices of about the same length: see `search`. Theories add theirs.
    @exclusivity(unchecked) package var work = 0

    /// Learned clauses kept at the moment.
    package var learnedClauseCount: Int { learnedCount }

    /// Bytes that the clauses and the tables of variables take, without what theories keep.
    package var memory: Int { 4 * arena.capacity + 64 * variableCount }

    // The search reads and writes all of these many times per propagation. `@exclusivity(unchecked)`: no method hands out
    // a reference to one of them across a call, and the class is not Sendable, so accesses never overlap.

    @exclusivity(unchecked) var theories: [any SatTheory] = []

    // One entry per literal.
    // 1 true, -1 false, 0 open.
    @exclusivity(unchecked) @usableFromInline package internal(set) var values = UncheckedBlock<Int8>(capacity: 512)
    // The first clause that watches the literal, 0 for none.
    @exclusivity(unchecked) var heads = UncheckedBlock<Int32>(capacity: 512)

    // One entry per variable.
    @exclusivity(unchecked) var levels = UncheckedBlock<Int32>(capacity: 256)
    // The clause that forced the value, 0 for none.
    @exclusivity(unchecked) var reasons = UncheckedBlock<Int32>(capacity: 256)
    // The value a decision gives, as in `values`.
    @exclusivity(unchecked) var phases = UncheckedBlock<Int8>(capacity: 256)
    // Whether the search decides on the variable.
    @exclusivity(unchecked) var isDecided = UncheckedBlock<Bool>(capacity: 256)
    @exclusivity(unchecked) var seen = UncheckedBlock<Int8>(capacity: 256)
    @exclusivity(unchecked) var model = UncheckedBlock<Int8>(capacity: 256)
    @exclusivity(unchecked) var activities = UncheckedBlock<Double>(capacity: 256)
    @exclusivity(unchecked) var heap = UncheckedBlock<Int32>(capacity: 256)
    // -1 when not in the heap.
    @exclusivity(unchecked) var heapPlaces = UncheckedBlock<Int32>(capacity: 256)
    @exclusivity(unchecked) var heapCount = 0
    @exclusivity(unchecked) var activityStep = 1.0

    @exclusivity(unchecked) var trail = UncheckedBlock<Int32>(capacity: 256)
    @exclusivity(unchecked) var trailCount = 0
    @exclusivity(unchecked) var trailHead = 0
    @exclusivity(unchecked) var levelStarts = UncheckedBlock<Int32>(capacity: 257)
    @exclusivity(unchecked) var level = 0

    @exclusivity(unchecked) var arena = UncheckedBlock<Int32>(capacity: 1 << 14)
    /// Words that the clauses take.
    @exclusivity(unchecked) package internal(set) var arenaCount = 1
    @exclusivity(unchecked) var learnedCount = 0
    @exclusivity(unchecked) var learnedLimit = 4000
    /// The search gives up when the clauses take more words of four bytes than this.
    @exclusivity(unchecked) package var arenaLimit = Int(Int32.max)

    /// The most levels in a row at which theories are not asked; 0 to ask them always. Pays on boards of thousands of cells,
    /// where a look at all of them takes long.
    @exclusivity(unchecked) package var patience = 0

    // What `start` sets and `search` goes on with.
    @exclusivity(unchecked) var assumptions: [SatLiteral] = []
    @exclusivity(unchecked) var restarts = 0
    @exclusivity(unchecked) var untilRestart = 0
    /// The levels that the theories are passed over at after the next silence of theirs, those left of the last, whether
    /// they have not seen all values, and how many values there were before they were last asked (-1 after the answer).
    @exclusivity(unchecked) var gap = 0
    @exclusivity(unchecked) var passes = 0
    @exclusivity(unchecked) var isUnheard = false
    @exclusivity(unchecked) var assignedBefore = -1
    /// The conflicts when the clauses last came near `arenaLimit`.
    @exclusivity(unchecked) var crowdedAt = -64

    /// The clause a failed propagation or a theory stopped at.
    @exclusivity(unchecked) var conflict: Int32 = 0
    /// Scratch for clauses under construction.
    @exclusivity(unchecked) var clause = UncheckedBlock<Int32>(capacity: 256)
    @exclusivity(unchecked) var clauseCount = 0
    @exclusivity(unchecked) var stack = UncheckedBlock<Int32>(capacity: 256)
    @exclusivity(unchecked) var toClear = UncheckedBlock<Int32>(capacity: 256)
    @exclusivity(unchecked) var toClearCount = 0
    /// For counting levels: the clause number that last met each level.
    @exclusivity(unchecked) var levelMarks = UncheckedBlock<Int32>(capacity: 257)
    @exclusivity(unchecked) var levelMark: Int32 = 0

    package init() {}

    deinit {
        values.free()
        heads.free()
        levels.free()
        reasons.free()
        phases.free()
        isDecided.free()
        seen.free()
        model.free()
        activities.free()
        heap.free()
        heapPlaces.free()
        trail.free()
        levelStarts.free()
        arena.free()
        clause.free()
        stack.free()
        toClear.free()
        levelMarks.free()
    }

    /// A new variable. The search tries `false` first unless told otherwise; variables that are not `decided` (selectors,
    /// say) stay open when nothing forces them, and read as false.
    @discardableResult
    package func addVariable(phase: Bool = false, decided: Bool = true) -> SatLiteral {
        let variable = variableCount
        reserve(variable + 1)
        variableCount += 1
        values[2 * variable] = 0
        values[2 * variable + 1] = 0
        heads[2 * variable] = 0
        heads[2 * variable + 1] = 0
        levels[variable] = 0
        reasons[variable] = 0
        phases[variable] = phase ? 1 : -1
        isDecided[variable] = decided
        seen[variable] = 0
        model[variable] = 0
        activities[variable] = 0
        heapPlaces[variable] = -1
        levelMarks[variable] = 0
        levelMarks[variable + 1] = 0
        if decided { insertIntoHeap(Int32(variable)) }
        return SatLiteral(variable: variable)
    }

    package func addVariables(_ count: Int, phase: Bool = false, decided: Bool = true) -> [SatLiteral] {
        (0..<count).map { _ in addVariable(phase: phase, decided: decided) }
    }

    package func add(_ theory: any SatTheory) { theories.append(theory) }

    private func reserve(_ needed: Int) {
        guard needed > levels.capacity else { return }
        let count = max(needed, 2 * levels.capacity)
        let kept = variableCount
        values.reserve(2 * count, keeping: 2 * kept)
        heads.reserve(2 * count, keeping: 2 * kept)
        levels.reserve(count, keeping: kept)
        reasons.reserve(count, keeping: kept)
        phases.reserve(count, keeping: kept)
        isDecided.reserve(count, keeping: kept)
        seen.reserve(count, keeping: kept)
        model.reserve(count, keeping: kept)
        activities.reserve(count, keeping: kept)
        heap.reserve(count, keeping: heapCount)
        heapPlaces.reserve(count, keeping: kept)
        trail.reserve(count, keeping: trailCount)
        levelStarts.reserve(count + 1, keeping: level + 1)
        clause.reserve(count, keeping: clauseCount)
        stack.reserve(count, keeping: 0)
        toClear.reserve(count, keeping: toClearCount)
        levelMarks.reserve(count + 1, keeping: kept + 1)
    }

    /// The value in the last model; false for a variable that was left open.
    package func isTrue(_ literal: SatLiteral) -> Bool { (model[literal.variable] > 0) != literal.isNegated }

    /// How many variables have a value now.
    package var assignedCount: Int { trailCount }

    /// The value now, for theories: 1 true, -1 false, 0 open.
    @inlinable @inline(__always)
    package func value(_ literal: SatLiteral) -> Int8 { values[literal.code] }

    /// The value that the next decision on the variable gives it.
    package func prefer(_ literal: SatLiteral) { phases[literal.variable] = literal.isNegated ? -1 : 1 }

    /// Makes the search decide on the variable before those that were favoured by less, until conflicts change the order.
    package func favour(_ literal: SatLiteral, by weight: Double) {
        backtrack(to: 0)
        activities[literal.variable] = activityStep * weight
        let place = Int(heapPlaces[literal.variable])
        guard place >= 0 else { return }
        siftUp(place)
        siftDown(Int(heapPlaces[literal.variable]))
    }

    /// Makes the search start from a random order of the variables, each first tried true with probability `share`.
    package func shuffle(_ variables: [SatLiteral], trueShare share: Double, using random: inout SplitMix) {
        backtrack(to: 0)
        for literal in variables {
            let variable = literal.variable
            activities[variable] = activityStep * random.unit()
            phases[variable] = random.unit() < share ? 1 : -1
            if heapPlaces[variable] >= 0 {
                siftUp(Int(heapPlaces[variable]))
                siftDown(Int(heapPlaces[variable]))
            }
        }
    }
}
