extension LightupPuzzle {
    package func violation(in cells: [UInt8]) -> Violation? {
        if let cell = cells.indices.first(where: { cells[$0] == 1 && isBlack($0) }) {
            return Violation("lamp_on_black_cell", [cell])
        }
        var isLit = [Bool](repeating: false, count: size.count)
        for row in 0..<size.height {
            if let pair = light(from: row * size.width, step: 1, count: size.width, cells, &isLit) { return pair }
        }
        for column in 0..<size.width {
            if let pair = light(from: column, step: size.width, count: size.height, cells, &isLit) { return pair }
        }
        for cell in 0..<size.count where (0...4).contains(clues[cell]) {
            var lamps = 0
            size.forEachNeighbour(of: cell) { lamps += cells[$0] == 1 ? 1 : 0 }
            if lamps != Int(clues[cell]) { return Violation("number_of_lamps_is_wrong", [cell]) }
        }
        let dark = (0..<size.count).filter { !isLit[$0] && !isBlack($0) }
        return dark.isEmpty ? nil : Violation("cell_is_dark", dark)
    }

    /// Lights one row or column; two lamps with no black cell between them are the violation.
    private func light(
        from first: Int, step: Int, count: Int, _ cells: [UInt8], _ isLit: inout [Bool]
    ) -> Violation? {
        var start = first
        let end = first + count * step
        while start < end {
            var lamp = -1
            var cell = start
            while cell < end, clues[cell] < 0 {
                if cells[cell] == 1 {
                    if lamp >= 0 { return Violation("two_lamps_see_each_other", [lamp, cell]) }
                    lamp = cell
                }
                cell += step
            }
            if lamp >= 0 {
                for lit in stride(from: start, to: cell, by: step) { isLit[lit] = true }
            }
            start = cell + step
        }
        return nil
    }
}
