extension TapaPuzzle {
    package func violations(in cells: [UInt8]) -> [Violation] {
        // pzpr's rule: a board without any shaded cell is not solved.
        guard cells.contains(1) else { return [Violation("no_shaded_cell", [])] }
        var violations = cells.indices.filter { cells[$0] == 1 && clues[$0] != 0 }.map {
            Violation("clue_cell_is_shaded", [$0])
        }
        violations += size.blocks(where: { cells[$0] == 1 }).map { Violation("wall_has_2x2_block", $0) }
        let allows = TapaClue.allows
        for cell in 0..<size.count where clues[cell] != 0 {
            let pattern = pattern(around: cell) { cells[$0] == 1 }
            let isEmpty = pattern == 0 && asksForShaded(at: cell)
            if isEmpty || !allows[Int(clues[cell])][pattern] { violations.append(Violation("clue_is_wrong", [cell])) }
        }
        let wall = Areas(size, where: { cells[$0] == 1 })
        return violations + wall.cutOff.map { Violation("wall_is_divided", $0) }
    }

    /// Whether the cell has a clue of a single `?` that is not met by white cells alone.
    package func asksForShaded(at cell: Int) -> Bool {
        loneQuestion == .shaded && TapaClue.runs[Int(clues[cell])] == [TapaClue.unknown]
    }
}
