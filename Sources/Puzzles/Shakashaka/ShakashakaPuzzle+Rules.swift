extension ShakashakaPuzzle {
    package func violations(in cells: [UInt8]) -> [Violation] {
        // pzpr's rule: a board without any triangle is not solved.
        guard cells.contains(where: { $0 != 0 }) else { return [Violation("no_triangle", [])] }
        var violations = cells.indices.filter { cells[$0] != 0 && isBlack($0) }.map {
            Violation("triangle_on_black_cell", [$0])
        }
        for cell in 0..<size.count where (0...4).contains(clues[cell]) {
            var triangles = 0
            size.forEachNeighbour(of: cell) { triangles += cells[$0] != 0 ? 1 : 0 }
            if triangles != Int(clues[cell]) { violations.append(Violation("number_of_triangles_is_wrong", [cell])) }
        }
        let areas = Areas(
            size, where: { !isBlack($0) },
            isOpen: { cell, neighbour in
                let step = neighbour - cell
                let side: Side = step == -size.width ? .up : step == size.width ? .down : step == 1 ? .right : .left
                return Self.isOpen(cells[cell], side) && Self.isOpen(cells[neighbour], side.opposite)
            })
        for (area, members) in areas.lists.enumerated() where !isRectangle(area, members, areas, cells) {
            violations.append(Violation("white_area_is_no_rectangle", members))
        }
        return violations
    }

    private enum Side {
        case up, right, down, left
        package var opposite: Side {
            switch self {
            case .up: .down
            case .right: .left
            case .down: .up
            case .left: .right
            }
        }
    }

    /// Whether a cell is white along a whole side; a triangle is black along the two sides of its corner.
    private static func isOpen(_ code: UInt8, _ side: Side) -> Bool {
        switch side {
        case .up: code < 3
        case .down: code == 0 || code > 2
        case .left: code == 0 || code == 2 || code == 3
        case .right: code == 0 || code == 1 || code == 4
        }
    }

    private func isRectangle(_ area: Int, _ members: [Int], _ areas: Areas, _ cells: [UInt8]) -> Bool {
        var (top, bottom, left, right, whole) = (size.height, 0, size.width, 0, 0)
        var isSlanted = true
        for cell in members {
            let (row, column, code) = (cell / size.width, cell % size.width, cells[cell])
            (top, bottom) = (min(top, row), max(bottom, row))
            (left, right) = (min(left, column), max(right, column))
            whole += code == 0 ? 1 : 0
            // A slanted rectangle goes on past every open side of its cells, and ends at every black one.
            let inside = { (cell: Int, isOnBoard: Bool) in isOnBoard && areas.area[cell] == Int32(area) }
            isSlanted =
                isSlanted
                && inside(cell - size.width, row > 0) == Self.isOpen(code, .up)
                && inside(cell + size.width, row + 1 < size.height) == Self.isOpen(code, .down)
                && inside(cell - 1, column > 0) == Self.isOpen(code, .left)
                && inside(cell + 1, column + 1 < size.width) == Self.isOpen(code, .right)
        }
        return isSlanted || whole == (bottom - top + 1) * (right - left + 1)
    }
}
