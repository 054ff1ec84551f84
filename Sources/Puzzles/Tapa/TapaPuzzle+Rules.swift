extension TapaPuzzle {
    package func violation(in cells: [UInt8]) -> Violation? {
        if let cell = cells.indices.first(where: { cells[$0] == 1 && clues[$0] != 0 }) {
            return Violation("clue_cell_is_shaded", [cell])
        }
        // pzpr's rule: a board without any shaded cell is not solved.
        guard cells.contains(1) else { return Violation("no_shaded_cell", []) }
        if let block = size.block(where: { cells[$0] == 1 }) { return Violation("wall_has_2x2_block", block) }
        let allows = TapaClue.allows
        for cell in 0..<size.count where clues[cell] != 0 {
            let pattern = pattern(around: cell) { cells[$0] == 1 }
            let isEmpty = pattern == 0 && asksForShaded(at: cell)
            if isEmpty || !allows[Int(clues[cell])][pattern] { return Violation("clue_is_wrong", [cell]) }
        }
        let wall = Areas(size, where: { cells[$0] == 1 })
        return wall.count > 1 ? Violation("wall_is_divided", wall.smallest) : nil
    }

    /// Whether the cell has a clue of a single `?` that is not met by white cells alone.
    package func asksForShaded(at cell: Int) -> Bool {
        loneQuestion == .shaded && TapaClue.runs[Int(clues[cell])] == [TapaClue.unknown]
    }
}
