extension SatSolver {
    /// "When the selector holds, exactly `count` of the literals are true", written out; for a handful of literals.
    package func add(when selector: SatLiteral, exactly count: Int, of literals: [SatLiteral]) {
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
    package func forbid(_ variables: [SatLiteral], valued solution: [Bool], when selector: SatLiteral? = nil) {
        begin()
        if let selector { append(!selector) }
        for (variable, value) in zip(variables, solution) { append(value ? !variable : variable) }
        commit()
    }
}
