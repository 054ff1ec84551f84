extension HeyawakePuzzle {
    package func violation(in cells: [UInt8]) -> Violation? {
        // pzpr's rule: a board without any shaded cell is not solved.
        guard cells.contains(1) else { return Violation("no_shaded_cell", []) }
        var shaded = [Int](repeating: 0, count: numbers.count)
        for cell in 0..<size.count where cells[cell] == 1 {
            shaded[rooms[cell]] += 1
            if cell % size.width + 1 < size.width, cells[cell + 1] == 1 {
                return Violation("shaded_cells_touch", [cell, cell + 1])
            }
            if cell + size.width < size.count, cells[cell + size.width] == 1 {
                return Violation("shaded_cells_touch", [cell, cell + size.width])
            }
        }
        let white = Areas(size, where: { cells[$0] == 0 })
        if white.count > 1 { return Violation("white_cells_are_divided", white.smallest) }
        for room in numbers.indices where numbers[room] >= 0 && numbers[room] != shaded[room] {
            return Violation("room_has_wrong_count", rooms.indices.filter { rooms[$0] == room })
        }
        for row in 0..<size.height {
            if let line = longLine(from: row * size.width, step: 1, count: size.width, wallRight, cells) { return line }
        }
        for column in 0..<size.width {
            if let line = longLine(from: column, step: size.width, count: size.height, wallBelow, cells) {
                return line
            }
        }
        return nil
    }

    /// A run of white cells in one row or column that crosses two borders. Borders are counted, not rooms: a line
    /// that leaves a room and comes back has crossed two.
    private func longLine(
        from first: Int, step: Int, count: Int, _ walls: [Bool], _ cells: [UInt8]
    ) -> Violation? {
        var (start, crossed) = (first, 0)
        for cell in stride(from: first, to: first + count * step, by: step) {
            if cells[cell] == 1 {
                (start, crossed) = (cell + step, 0)
            } else if cell > start, walls[cell - step] {
                crossed += 1
                if crossed == 2 {
                    return Violation("line_crosses_two_borders", Array(stride(from: start, through: cell, by: step)))
                }
            }
        }
        return nil
    }
}
