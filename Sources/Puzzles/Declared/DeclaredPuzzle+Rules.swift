extension DeclaredPuzzle {
    /// Givens that changed, then the rules in their order, then cells without a symbol.
    package func check(_ answer: PuzzleAnswer) -> Verdict {
        guard !declaration.rules.isEmpty else { return .unchecked }
        guard answer.cells.count == size.count else { return .broken(rule: "wrong_size", cells: []) }
        guard let violation = violation(in: answer.cells) else { return .valid }
        return .broken(rule: violation.rule, cells: size.cells(violation.cells))
    }

    private func violation(in cells: [UInt8]) -> Violation? {
        let changed = cells.indices.first { cell in
            declaration.givens[Int(symbols[cell])].map { Int(cells[cell]) != $0 + 1 } ?? false
        }
        if let changed { return Violation("given_changed", [changed]) }
        if let repeated = repeated(in: cells) { return repeated }
        let blanks = cells.indices.filter { cells[$0] == 0 }
        if !blanks.isEmpty { return Violation("cell_is_blank", blanks) }
        for rule in declaration.rules {
            guard case .count(let counted, let range) = rule.content else { continue }
            for group in declaration.groups(rule.groups, of: size) {
                let count = group.count { counted.contains(Int(cells[$0]) - 1) }
                if !range.contains(count) { return Violation(rule.name, group) }
            }
        }
        return nil
    }

    /// The first group with a symbol twice that may stand there once; cells without a symbol do not count.
    func repeated(in cells: [UInt8]) -> Violation? {
        for rule in declaration.rules {
            guard case .allDifferent(let different) = rule.content else { continue }
            for group in declaration.groups(rule.groups, of: size) {
                var seen: Set<UInt8> = []
                for cell in group where cells[cell] > 0 && different.contains(Int(cells[cell]) - 1) {
                    guard seen.insert(cells[cell]).inserted else {
                        return Violation(rule.name, group.filter { cells[$0] == cells[cell] })
                    }
                }
            }
        }
        return nil
    }
}
