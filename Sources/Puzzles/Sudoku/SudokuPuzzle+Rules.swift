extension SudokuPuzzle {
    package func violations(in cells: [UInt8]) -> [Violation] {
        var violations = cells.indices.filter { givens[$0] != 0 && givens[$0] != cells[$0] }.map {
            Violation("given_changed", [$0])
        }
        violations += repeatedDigits(in: cells).map { Violation("\($0.unit)_repeats_digit", $0.cells) }
        let blanks = cells.indices.filter { cells[$0] == 0 }
        if !blanks.isEmpty { violations.append(Violation("cell_is_blank", blanks)) }
        return violations
    }

    /// The first row, column or box (by name) with a digit twice, and the cells that have it; blanks do not count.
    package func repeatedDigit(in cells: [UInt8]) -> (unit: String, cells: [Int])? { repeatedDigits(in: cells).first }

    /// The rows, columns and boxes (by name) with a digit twice, and the cells that have it.
    private func repeatedDigits(in cells: [UInt8]) -> [(unit: String, cells: [Int])] {
        var repeated: [(unit: String, cells: [Int])] = []
        for (index, unit) in units.enumerated() {
            var (seen, told): (UInt32, UInt32) = (0, 0)
            for cell in unit where cells[cell] != 0 {
                let bit = UInt32(1) << cells[cell]
                if seen & ~told & bit != 0 {
                    told |= bit
                    repeated.append(
                        (["row", "column", "box"][index / side], unit.filter { cells[$0] == cells[cell] }))
                }
                seen |= bit
            }
        }
        return repeated
    }
}
