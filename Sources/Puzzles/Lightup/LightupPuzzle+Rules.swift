extension LightupPuzzle {
    package func violations(in cells: [UInt8]) -> [Violation] {
        var violations = cells.indices.filter { cells[$0] == 1 && isBlack($0) }.map {
            Violation("lamp_on_black_cell", [$0])
        }
        var isLit = [Bool](repeating: false, count: size.count)
        for row in 0..<size.height {
            violations += light(from: row * size.width, step: 1, count: size.width, cells, &isLit)
        }
        for column in 0..<size.width {
            violations += light(from: column, step: size.width, count: size.height, cells, &isLit)
        }
        for cell in 0..<size.count where (0...4).contains(clues[cell]) {
            var lamps = 0
            size.forEachNeighbour(of: cell) { lamps += cells[$0] == 1 ? 1 : 0 }
            if lamps != Int(clues[cell]) { violations.append(Violation("number_of_lamps_is_wrong", [cell])) }
        }
        let dark = (0..<size.count).filter { !isLit[$0] && !isBlack($0) }
        if !dark.isEmpty { violations.append(Violation("cell_is_dark", dark)) }
        return violations
    }

    /// Lights one row or column; every two lamps in a row with no black cell between them are a violation.
    private func light(
        from first: Int, step: Int, count: Int, _ cells: [UInt8], _ isLit: inout [Bool]
    ) -> [Violation] {
        var pairs: [Violation] = []
        var start = first
        let end = first + count * step
        while start < end {
            var lamp = -1
            var cell = start
            while cell < end, clues[cell] < 0 {
                if cells[cell] == 1 {
                    if lamp >= 0 { pairs.append(Violation("two_lamps_see_each_other", [lamp, cell])) }
                    lamp = cell
                }
                cell += step
            }
            if lamp >= 0 {
                for lit in stride(from: start, to: cell, by: step) { isLit[lit] = true }
            }
            start = cell + step
        }
        return pairs
    }
}
