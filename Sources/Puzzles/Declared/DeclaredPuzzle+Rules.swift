extension DeclaredPuzzle {
    /// Givens that changed, then the rules in their order, then cells without a symbol.
    package func check(_ answer: PuzzleAnswer) -> Verdict {
        guard !declaration.rules.isEmpty else { return .unchecked }
        guard answer.cells.count == size.count else { return .broken(rule: "wrong_size", cells: []) }
        return Verdict(violations(in: answer.cells), on: size)
    }

    private func violations(in cells: [UInt8]) -> [Violation] {
        let changed = cells.indices.filter { cell in
            declaration.givens[Int(symbols[cell])].map { Int(cells[cell]) != $0 + 1 } ?? false
        }
        var violations = changed.map { Violation("given_changed", [$0]) }
        violations += repeated(in: cells)
        let blanks = cells.indices.filter { cells[$0] == 0 }
        if !blanks.isEmpty { violations.append(Violation("cell_is_blank", blanks)) }
        for rule in declaration.rules {
            guard case .count(let counted, let range) = rule.content else { continue }
            for group in declaration.groups(rule.groups, of: size) {
                let count = group.count { counted.contains(Int(cells[$0]) - 1) }
                if !range.contains(count) { violations.append(Violation(rule.name, group)) }
            }
        }
        return violations
    }

    /// The groups with a symbol twice that may stand there once; cells without a symbol do not count.
    func repeated(in cells: [UInt8]) -> [Violation] {
        var repeated: [Violation] = []
        for rule in declaration.rules {
            guard case .allDifferent(let different) = rule.content else { continue }
            for group in declaration.groups(rule.groups, of: size) {
                var counts: [UInt8: Int] = [:]
                for cell in group where cells[cell] > 0 && different.contains(Int(cells[cell]) - 1) {
                    counts[cells[cell], default: 0] += 1
                    if counts[cells[cell]] == 2 {
                        repeated.append(Violation(rule.name, group.filter { cells[$0] == cells[cell] }))
                    }
                }
            }
        }
        return repeated
    }
}
