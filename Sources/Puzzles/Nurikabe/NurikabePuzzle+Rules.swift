extension NurikabePuzzle {
    package func violations(in cells: [UInt8]) -> [Violation] {
        var violations = cells.indices.filter { cells[$0] == 1 && clues[$0] != 0 }.map {
            Violation("clue_cell_is_sea", [$0])
        }
        violations += size.blocks(where: { cells[$0] == 1 }).map { Violation("sea_has_2x2_pool", $0) }
        violations += Areas(size, where: { cells[$0] == 1 }).cutOff.map { Violation("sea_is_divided", $0) }
        return violations + islandViolations(in: cells)
    }

    private func islandViolations(in cells: [UInt8]) -> [Violation] {
        var violations: [Violation] = []
        let islands = Areas(size, where: { cells[$0] == 0 })
        var clue = [Int](repeating: -1, count: islands.count)
        for cell in 0..<size.count where clues[cell] != 0 && cells[cell] == 0 {
            let island = Int(islands.area[cell])
            if clue[island] >= 0 {
                violations.append(Violation("island_has_two_numbers", [clue[island], cell]))
            } else {
                clue[island] = cell
            }
        }
        for (island, members) in islands.lists.enumerated() {
            if clue[island] < 0 {
                violations.append(Violation("island_has_no_number", members))
            } else if case let number = Int(clues[clue[island]]), number > 0, number != members.count {
                violations.append(Violation("island_has_wrong_size", members))
            }
        }
        return violations
    }
}
