import Satisfiability

/// "At least so many of these hold", for every number up to a most, as literals of their own: a count that clauses can speak of
/// (the totalizer of Bailleux and Boufkhad, 2003).
///
/// `CardinalityTheory` says the same of one fixed number, without any variables. A proof about how a count is shared out
/// over the parts of a room needs words for the counts of the parts.
struct UnaryCount {
    /// The literal at place `k` says that the count is at least `k + 1`.
    var atLeast: [SatLiteral]

    /// Of nothing.
    static let none = UnaryCount(atLeast: [])

    /// No more than this can hold.
    var most: Int { atLeast.count }

    /// How many of those that can hold do not.
    var complement: UnaryCount { UnaryCount(atLeast: atLeast.reversed().map { !$0 }) }

    /// Twice the count.
    var doubled: UnaryCount { UnaryCount(atLeast: atLeast.flatMap { [$0, $0] }) }

    /// The sum of two counts; more than `most` is ruled out.
    static func sum(_ first: UnaryCount, _ second: UnaryCount, most: Int = .max, in solver: SatSolver) -> UnaryCount {
        let (first, second) = (first.bounded(by: most, in: solver), second.bounded(by: most, in: solver))
        if first.most == 0 { return second }
        if second.most == 0 { return first }
        let sum = solver.addVariables(min(most, first.most + second.most), decided: false)
        for inFirst in 0...first.most {
            for inSecond in 0...second.most {
                let count = inFirst + inSecond
                if count > 0, count <= sum.count + 1 {
                    solver.begin()
                    if inFirst > 0 { solver.append(!first.atLeast[inFirst - 1]) }
                    if inSecond > 0 { solver.append(!second.atLeast[inSecond - 1]) }
                    // One more than the most has no consequence: it is ruled out.
                    if count <= sum.count { solver.append(sum[count - 1]) }
                    solver.commit()
                }
                if count < sum.count {
                    solver.begin()
                    if inFirst < first.most { solver.append(first.atLeast[inFirst]) }
                    if inSecond < second.most { solver.append(second.atLeast[inSecond]) }
                    solver.append(!sum[count])
                    solver.commit()
                }
            }
        }
        return UnaryCount(atLeast: sum)
    }

    /// The sum of counts, halves first: those that lie side by side come together first.
    static func sum(of counts: ArraySlice<UnaryCount>, in solver: SatSolver) -> UnaryCount {
        guard counts.count > 1 else { return counts.first ?? .none }
        let middle = counts.startIndex + counts.count / 2
        return sum(sum(of: counts[..<middle], in: solver), sum(of: counts[middle...], in: solver), in: solver)
    }

    private func bounded(by most: Int, in solver: SatSolver) -> UnaryCount {
        guard self.most > most else { return self }
        solver.add(!atLeast[most])
        return UnaryCount(atLeast: Array(atLeast[..<most]))
    }

    /// Wants exactly this number.
    func require(_ number: Int, in solver: SatSolver) {
        guard number <= most else { return solver.add([]) }
        if number > 0 { solver.add(atLeast[number - 1]) }
        if number < most { solver.add(!atLeast[number]) }
    }
}
