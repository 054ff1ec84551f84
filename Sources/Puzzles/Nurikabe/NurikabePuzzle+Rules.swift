extension NurikabePuzzle {
    package func violation(in cells: [UInt8]) -> Violation? {
        if let cell = cells.indices.first(where: { cells[$0] == 1 && clues[$0] != 0 }) {
            return Violation("clue_cell_is_sea", [cell])
        }
        if let pool = size.block(where: { cells[$0] == 1 }) { return Violation("sea_has_2x2_pool", pool) }
        let sea = Areas(size, where: { cells[$0] == 1 })
        if sea.count > 1 { return Violation("sea_is_divided", sea.smallest) }
        return islandViolation(in: cells)
    }

    private func islandViolation(in cells: [UInt8]) -> Violation? {
        let islands = Areas(size, where: { cells[$0] == 0 })
        var clue = [Int](repeating: -1, count: islands.count)
        for cell in 0..<size.count where clues[cell] != 0 {
            let island = Int(islands.area[cell])
            if clue[island] >= 0 { return Violation("island_has_two_numbers", [clue[island], cell]) }
            clue[island] = cell
        }
        for island in 0..<islands.count {
            guard clue[island] >= 0 else { return Violation("island_has_no_number", islands.cells(of: island)) }
            let number = Int(clues[clue[island]])
            if number > 0, number != islands.counts[island] {
                return Violation("island_has_wrong_size", islands.cells(of: island))
            }
        }
        return nil
    }
}
