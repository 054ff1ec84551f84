/// The areas of a board: cells of one kind that hang together by their sides.
package struct Areas {
    /// Per cell: the area's number, in the reading order of first cells; -1 outside every area.
    private(set) var area: [Int32]
    /// Per area: how many cells it has.
    private(set) var counts: [Int] = []

    /// - Parameters:
    ///   - isMember: whether a cell belongs to an area.
    ///   - isOpen: whether two neighbouring members are connected.
    @inline(__always)
    package init(
        _ size: GridSize, where isMember: (Int) -> Bool,
        isOpen: (_ cell: Int, _ neighbour: Int) -> Bool = { _, _ in true }
    ) {
        area = [Int32](repeating: -1, count: size.count)
        // Every cell enters the list once: cells before `next` are done, the others wait.
        var list: [Int32] = []
        list.reserveCapacity(size.count)
        for first in 0..<size.count where area[first] < 0 && isMember(first) {
            let number = Int32(counts.count)
            let start = list.count
            area[first] = number
            list.append(Int32(first))
            var next = start
            while next < list.count {
                let cell = Int(list[next])
                next += 1
                size.forEachNeighbour(of: cell) { neighbour in
                    if area[neighbour] < 0, isMember(neighbour), isOpen(cell, neighbour) {
                        area[neighbour] = number
                        list.append(Int32(neighbour))
                    }
                }
            }
            counts.append(list.count - start)
        }
    }

    package var count: Int { counts.count }

    /// The cells of an area, in ascending order.
    package func cells(of number: Int) -> [Int] { area.indices.filter { area[$0] == Int32(number) } }

    /// The cells of each area, in ascending order.
    package var lists: [[Int]] {
        var lists = [[Int]](repeating: [], count: count)
        for (cell, number) in area.enumerated() where number >= 0 { lists[Int(number)].append(cell) }
        return lists
    }

    /// The cells of every area but one of the largest, the smallest first and of equals the later one: what is cut off when
    /// there ought to be one area.
    package var cutOff: [[Int]] {
        guard count > 1 else { return [] }
        let lists = lists
        return counts.indices.sorted { (counts[$0], -$0) < (counts[$1], -$1) }.dropLast().map { lists[$0] }
    }
}
