/// "When the selector holds, so many of these literals are true", for any number of groups.
package final class CardinalityTheory: SatTheory {
    private struct Group {
        package var selector: SatLiteral
        package var counts: ClosedRange<Int>
        package var literals: [SatLiteral]
    }

    private var groups: [Group] = []
    private var literalCount = 0

    package init() {}

    package func add(when selector: SatLiteral, _ counts: ClosedRange<Int>, of literals: [SatLiteral]) {
        literalCount += literals.count
        groups.append(Group(selector: selector, counts: counts, literals: literals))
    }

    package func examine(_ solver: SatSolver) -> Bool {
        solver.work += groups.count + literalCount / 2
        for index in groups.indices where solver.value(groups[index].selector) > 0 {
            guard examine(groups[index], in: solver) else { return false }
        }
        return true
    }

    private func examine(_ group: Group, in solver: SatSolver) -> Bool {
        var trueCount = 0
        var openCount = 0
        for literal in group.literals {
            let value = solver.value(literal)
            if value > 0 { trueCount += 1 } else if value == 0 { openCount += 1 }
        }
        if trueCount > group.counts.upperBound || trueCount == group.counts.upperBound && openCount > 0 {
            return force(group, in: solver, because: 1, limit: group.counts.upperBound)
        }
        let possible = trueCount + openCount
        if possible < group.counts.lowerBound || possible == group.counts.lowerBound && openCount > 0 {
            return force(group, in: solver, because: -1, limit: group.literals.count - group.counts.lowerBound)
        }
        return true
    }

    /// `limit` literals have the value `because`: every open one must get the other; one more of them is a conflict.
    private func force(_ group: Group, in solver: SatSolver, because: Int8, limit: Int) -> Bool {
        func startWithReasons() {
            solver.startLearning()
            solver.append(!group.selector)
            var reasons = 0
            for literal in group.literals where reasons <= limit && solver.value(literal) == because {
                solver.append(because > 0 ? !literal : literal)
                reasons += 1
            }
        }
        startWithReasons()
        if solver.clauseCount > limit + 1 { return solver.learnScratch() }
        for literal in group.literals where solver.value(literal) == 0 {
            startWithReasons()
            solver.append(because > 0 ? !literal : literal)
            guard solver.learnScratch() else { return false }
        }
        return true
    }
}
