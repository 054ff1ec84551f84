extension SudokuPuzzle {
    package func violation(in cells: [UInt8]) -> Violation? {
        if let changed = cells.indices.first(where: { givens[$0] != 0 && givens[$0] != cells[$0] }) {
            return Violation("given_changed", [changed])
        }
        if let clash = repeatedDigit(in: cells) {
            return Violation("\(clash.unit)_repeats_digit", clash.cells)
        }
        let blanks = cells.indices.filter { cells[$0] == 0 }
        return blanks.isEmpty ? nil : Violation("cell_is_blank", blanks)
    }

    /// The first row, column or box (by name) with a digit twice, and the cells that have it; blanks do not count.
    package func repeatedDigit(in cells: [UInt8]) -> (unit: String, cells: [Int])? {
        for (index, unit) in units.enumerated() {
            var seen: UInt32 = 0
            for cell in unit where cells[cell] != 0 {
                let bit = UInt32(1) << cells[cell]
                if seen & bit != 0 {
                    return (["row", "column", "box"][index / side], unit.filter { cells[$0] == cells[cell] })
                }
                seen |= bit
            }
        }
        return nil
    }
}
