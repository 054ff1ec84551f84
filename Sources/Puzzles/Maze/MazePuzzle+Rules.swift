extension MazePuzzle {
    /// Any shortest way is a solution, and nothing but its cells may be marked.
    package func violations(in cells: [UInt8]) -> [Violation] {
        let outside = cells.indices.filter { cells[$0] == 1 && squares[$0] != .free }
        return outside.map { Violation("way_leaves_the_free_cells", [$0]) } + (way(in: cells).map { [$0] } ?? [])
    }

    /// What is wrong with the way as a whole.
    private func way(in cells: [UInt8]) -> Violation? {
        let marked = size.distances(from: start) { cells[$0] == 1 && squares[$0] == .free || $0 == goal }
        guard marked[goal] >= 0 else { return Violation("way_is_broken", [start, goal].sorted()) }
        guard Int(marked[goal]) == distance else { return Violation("way_is_not_shortest", []) }
        // A connected way of the right length uses distance - 1 cells between the ends; more marks are strays.
        var onWay = [Bool](repeating: false, count: size.count)
        var cell = goal
        while cell != start {
            onWay[cell] = true
            guard let next = size.neighbours(of: cell).first(where: { marked[$0] == marked[cell] - 1 }) else { break }
            cell = next
        }
        let strays = cells.indices.filter { cells[$0] == 1 && squares[$0] == .free && !onWay[$0] }
        return strays.isEmpty ? nil : Violation("cells_off_the_way", strays)
    }
}

extension GridSize {
    /// Steps from a cell to every cell over cells that satisfy the predicate; -1 where no way leads.
    package func distances(from start: Int, over isOpen: (Int) -> Bool) -> [Int32] {
        var distance = [Int32](repeating: -1, count: count)
        distance[start] = 0
        var list = [start]
        var next = 0
        while next < list.count {
            let cell = list[next]
            next += 1
            forEachNeighbour(of: cell) { neighbour in
                if distance[neighbour] < 0, isOpen(neighbour) {
                    distance[neighbour] = distance[cell] + 1
                    list.append(neighbour)
                }
            }
        }
        return distance
    }
}
