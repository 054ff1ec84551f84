extension HeyawakePuzzle {
    package func violations(in cells: [UInt8]) -> [Violation] {
        // pzpr's rule: a board without any shaded cell is not solved.
        guard cells.contains(1) else { return [Violation("no_shaded_cell", [])] }
        var violations: [Violation] = []
        var shaded = [Int](repeating: 0, count: numbers.count)
        for cell in 0..<size.count where cells[cell] == 1 {
            shaded[rooms[cell]] += 1
            if cell % size.width + 1 < size.width, cells[cell + 1] == 1 {
                violations.append(Violation("shaded_cells_touch", [cell, cell + 1]))
            }
            if cell + size.width < size.count, cells[cell + size.width] == 1 {
                violations.append(Violation("shaded_cells_touch", [cell, cell + size.width]))
            }
        }
        let white = Areas(size, where: { cells[$0] == 0 })
        violations += white.cutOff.map { Violation("white_cells_are_divided", $0) }
        let wrong = numbers.indices.filter { numbers[$0] >= 0 && numbers[$0] != shaded[$0] }
        if !wrong.isEmpty {
            var cellsOfRoom = [[Int]](repeating: [], count: numbers.count)
            for (cell, room) in rooms.enumerated() { cellsOfRoom[room].append(cell) }
            violations += wrong.map { Violation("room_has_wrong_count", cellsOfRoom[$0]) }
        }
        for row in 0..<size.height {
            violations += longLines(from: row * size.width, step: 1, count: size.width, wallRight, cells)
        }
        for column in 0..<size.width {
            violations += longLines(from: column, step: size.width, count: size.height, wallBelow, cells)
        }
        return violations
    }

    /// The runs of white cells in one row or column that cross two borders; of a run that crosses more, each part that
    /// crosses two. Borders are counted, not rooms: a line that leaves a room and comes back has crossed two.
    private func longLines(
        from first: Int, step: Int, count: Int, _ walls: [Bool], _ cells: [UInt8]
    ) -> [Violation] {
        var lines: [Violation] = []
        // Where the present run begins, and where it has crossed a border since.
        var start = first
        var crossing: Int?
        for cell in stride(from: first, to: first + count * step, by: step) {
            if cells[cell] == 1 {
                (start, crossing) = (cell + step, nil)
            } else if cell > start, walls[cell - step] {
                if let last = crossing {
                    lines.append(
                        Violation("line_crosses_two_borders", Array(stride(from: start, through: cell, by: step))))
                    start = last
                }
                crossing = cell
            }
        }
        return lines
    }
}
