/// The side of a piece's rim that is seen from a cell outside.
///
/// A piece of a board is kept apart from the rest by the false cells around it. Those in its holes, and those that face another
/// pocket of the board, have no part in its being apart from a given cell: every way from there meets the rim first
/// at a cell beside what can be reached without crossing the rim, and those cells alone keep the two apart.
final class RimSides {
    /// Per cell: `round * 4` and what the cell is in that round.
    private let marks: UncheckedBlock<Int32>
    private let queue: UncheckedBlock<Int32>
    // Unchecked: used by one call at a time, on one thread.
    @exclusivity(unchecked) private var round: Int32 = 0
    @exclusivity(unchecked) private var rimCount = 0

    private enum Mark {
        static let rim: Int32 = 1
        static let met: Int32 = 2
    }

    init(cellCount: Int) {
        marks = UncheckedBlock(capacity: cellCount)
        queue = UncheckedBlock(capacity: cellCount)
        marks.base.update(repeating: 0, count: marks.capacity)
    }

    func free() {
        marks.free()
        queue.free()
    }

    /// Starts with an empty rim.
    /// - Parameter cut: a cell that counts as closed without being of the rim; -1 for none.
    func begin(cut: Int32) {
        if round >= Int32.max / 4 - 1 {
            marks.base.update(repeating: 0, count: marks.capacity)
            round = 0
        }
        round += 1
        rimCount = 0
        if cut >= 0 { marks[cut] = round * 4 + Mark.met }
    }

    func addToRim(_ cell: Int32) {
        guard marks[cell] != round * 4 + Mark.rim else { return }
        marks[cell] = round * 4 + Mark.rim
        rimCount += 1
    }

    /// Hands out the code of each cell of the rim that is beside what can be reached from `start`. Ends early when those are
    /// all. `codes` is -1 at the edge of the board.
    /// - Returns: the cells that were looked at.
    func flood(
        from start: Int32, stride: Int32, codes: UncheckedBlock<Int32>, take: (Int32) -> Void
    ) -> Int {
        let isRim = round * 4 + Mark.rim
        let isMet = round * 4 + Mark.met
        var (head, count, left) = (0, 1, rimCount)
        marks[start] = isMet
        queue[0] = start
        while head < count, left > 0 {
            let cell = queue[head]
            head += 1
            for step in 0..<4 {
                let neighbour = step == 0 ? cell - stride : step == 1 ? cell - 1 : step == 2 ? cell + 1 : cell + stride
                let code = codes[neighbour]
                guard code >= 0, marks[neighbour] != isMet else { continue }
                if marks[neighbour] == isRim {
                    take(code)
                    left -= 1
                } else {
                    queue[count] = neighbour
                    count += 1
                }
                marks[neighbour] = isMet
            }
        }
        return head
    }
}
