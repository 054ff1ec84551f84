/// "The cells whose literal is true hang together", side by side, on a rectangular board.
///
/// Looks at the cells that are not false. True cells in two pieces are a conflict; open cells of a piece without a true cell
/// must be false when there is a true cell elsewhere; an open cell whose loss would part two true cells must be true. Each
/// consequence is explained by the false cells around the piece that is cut off.
package final class ConnectivityTheory: SatTheory {
    private let sharesRims: Bool
    private let stride: Int32
    private let cellCount: Int
    private let cells: [Int32]
    /// The literal of each cell of the board with a rim around it; -1 on the rim.
    private let codes: UncheckedBlock<Int32>
    private let found: UncheckedBlock<Int32>  // the place in `order`, -1 for cells not met yet
    private let low: UncheckedBlock<Int32>  // the earliest place that the cell's subtree touches
    private let parent: UncheckedBlock<Int32>
    private let direction: UncheckedBlock<Int32>
    private let trueBelow: UncheckedBlock<Int32>  // true cells in the subtree
    private let order: UncheckedBlock<Int32>
    private let sides: RimSides
    // Unchecked: used by one call at a time, on one thread.
    @exclusivity(unchecked) private var orderCount = 0
    @exclusivity(unchecked) private var cuts: [Cut] = []

    private struct Cut {
        var cell: Int32
        /// The part of `order` that the cell's loss cuts off.
        var start: Int
        var end: Int
    }

    /// - Parameter sharesRims: whether the cells of a piece that is cut off have the same reason, and only those false cells
    ///   around it that the other side touches. Otherwise all of them count, and those that were dealt with before: longer
    ///   reasons, which generators keep for the sake of their puzzles.
    package init(width: Int, height: Int, literals: [SatLiteral], sharesRims: Bool = false) {
        self.sharesRims = sharesRims
        let stride = width + 2
        self.stride = Int32(truncatingIfNeeded: stride)
        cellCount = stride * (height + 2)
        codes = UncheckedBlock(capacity: cellCount)
        found = UncheckedBlock(capacity: cellCount)
        low = UncheckedBlock(capacity: cellCount)
        parent = UncheckedBlock(capacity: cellCount)
        direction = UncheckedBlock(capacity: cellCount)
        trueBelow = UncheckedBlock(capacity: cellCount)
        order = UncheckedBlock(capacity: cellCount)
        sides = RimSides(cellCount: cellCount)
        for cell in 0..<cellCount { codes[cell] = -1 }
        var cells: [Int32] = []
        for row in 0..<height {
            for column in 0..<width {
                let cell = (row + 1) * stride + column + 1
                codes[cell] = literals[row * width + column].code
                cells.append(Int32(truncatingIfNeeded: cell))
            }
        }
        self.cells = cells
        cuts.reserveCapacity(cellCount)
    }

    deinit {
        codes.free()
        found.free()
        low.free()
        parent.free()
        direction.free()
        trueBelow.free()
        order.free()
        sides.free()
    }

    @inline(__always)
    private func neighbour(of cell: Int32, _ step: Int) -> Int32 {
        switch step {
        case 0: cell - stride
        case 1: cell - 1
        case 2: cell + 1
        default: cell + stride
        }
    }

    package func examine(_ solver: SatSolver) -> Bool {
        let values = solver.values.base
        let codes = self.codes.base
        var trueCount: Int32 = 0
        var root: Int32 = -1
        for cell in cells where values[Int(codes[Int(cell)])] > 0 {
            trueCount += 1
            if root < 0 { root = cell }
        }
        guard root >= 0 else { return true }
        found.base.update(repeating: -1, count: cellCount)
        orderCount = 0
        cuts.removeAll(keepingCapacity: true)
        solver.work += 2 * cellCount
        walk(from: root, values: values)
        let rootLiteral = SatLiteral(code: codes[Int(root)])
        guard separate(solver, trueCount: trueCount, rootCell: root) else { return false }
        for cut in cuts {
            let literal = SatLiteral(code: codes[Int(cut.cell)])
            guard solver.value(literal) == 0 else { continue }
            solver.startLearning()
            solver.append(literal)
            solver.append(!rootLiteral)
            var witness: Int32 = -1
            for place in cut.start..<cut.end where solver.values[codes[Int(order[place])]] > 0 {
                witness = codes[Int(order[place])]
                break
            }
            solver.append(SatLiteral(code: witness ^ 1))
            appendReason(of: cut.start..<cut.end, seenFrom: root, without: cut.cell, to: solver)
            guard solver.learnScratch() else { return false }
        }
        return true
    }

    /// Depth first over the cells that are not false, and the cells that would cut true cells off from `root`.
    private func walk(from root: Int32, values: UnsafeMutablePointer<Int8>) {
        let codes = self.codes.base
        let found = self.found.base
        let low = self.low.base
        let parent = self.parent.base
        let direction = self.direction.base
        let trueBelow = self.trueBelow.base
        let order = self.order.base
        var count = orderCount

        func enter(_ cell: Int32, from origin: Int32) {
            let index = Int(cell)
            found[index] = Int32(truncatingIfNeeded: count)
            low[index] = Int32(truncatingIfNeeded: count)
            parent[index] = origin
            direction[index] = 0
            trueBelow[index] = values[Int(codes[index])] > 0 ? 1 : 0
            order[count] = cell
            count += 1
        }

        enter(root, from: -1)
        var cell = root
        while true {
            let index = Int(cell)
            let step = direction[index]
            if step < 4 {
                direction[index] = step + 1
                let neighbour = neighbour(of: cell, Int(step))
                let code = codes[Int(neighbour)]
                guard code >= 0, values[Int(code)] >= 0 else { continue }
                if found[Int(neighbour)] < 0 {
                    enter(neighbour, from: cell)
                    cell = neighbour
                } else if neighbour != parent[index] {
                    low[index] = min(low[index], found[Int(neighbour)])
                }
                continue
            }
            let origin = parent[index]
            guard origin >= 0 else { break }
            low[Int(origin)] = min(low[Int(origin)], low[index])
            trueBelow[Int(origin)] += trueBelow[index]
            if low[index] >= found[Int(origin)], origin != root, trueBelow[index] > 0,
                values[Int(codes[Int(origin)])] == 0
            {
                cuts.append(Cut(cell: origin, start: Int(found[index]), end: count))
            }
            cell = origin
        }
        orderCount = count
    }

    /// Deals with the cells that are not reached from the root. `order` keeps the root's piece at its front.
    private func separate(_ solver: SatSolver, trueCount: Int32, rootCell: Int32) -> Bool {
        let root = SatLiteral(code: codes[Int(rootCell)])
        let values = solver.values.base
        let rootCount = orderCount
        let reached = trueBelow[order[0]]
        for start in cells {
            let code = codes[start]
            guard found[start] < 0, values[Int(code)] >= 0 else { continue }
            if reached < trueCount, values[Int(code)] == 0 { continue }
            let first = orderCount
            collect(from: start, values: values)
            if values[Int(code)] > 0 {
                solver.startLearning()
                solver.append(SatLiteral(code: code ^ 1))
                solver.append(!root)
                appendShorterReason(rootCount: rootCount, first: first, to: solver)
                return solver.learnScratch()
            }
            var rim: [SatLiteral] = []
            if sharesRims {
                solver.startLearning()
                appendReason(of: first..<orderCount, seenFrom: rootCell, to: solver)
                rim = solver.scratchLiterals
            }
            for place in first..<orderCount {
                let literal = SatLiteral(code: codes[order[place]])
                guard solver.value(literal) == 0 else { continue }
                solver.startLearning()
                solver.append(!literal)
                solver.append(!root)
                if sharesRims {
                    for literal in rim { solver.append(literal) }
                } else {
                    appendRim(of: first..<orderCount, to: solver)
                }
                guard solver.learnScratch() else { return false }
            }
        }
        return true
    }

    /// Appends the piece of `start` to `order`.
    private func collect(from start: Int32, values: UnsafeMutablePointer<Int8>) {
        var head = orderCount
        found[start] = Int32(truncatingIfNeeded: orderCount)
        order[orderCount] = start
        orderCount += 1
        while head < orderCount {
            let cell = order[head]
            head += 1
            for step in 0..<4 {
                let neighbour = neighbour(of: cell, step)
                let code = codes[neighbour]
                guard code >= 0, found[neighbour] < 0, values[Int(code)] >= 0 else { continue }
                found[neighbour] = Int32(truncatingIfNeeded: orderCount)
                order[orderCount] = neighbour
                orderCount += 1
            }
        }
    }

    /// Of the root's piece and the one that was found last, the shorter reason for their being apart.
    private func appendShorterReason(rootCount: Int, first: Int, to solver: SatSolver) {
        let before = solver.clauseCount
        appendReason(of: 0..<rootCount, seenFrom: order[first], to: solver)
        let rootRim = solver.clauseCount - before
        solver.clauseCount = before
        appendReason(of: first..<orderCount, seenFrom: order[0], to: solver)
        if solver.clauseCount - before > rootRim {
            solver.clauseCount = before
            appendReason(of: 0..<rootCount, seenFrom: order[first], to: solver)
        }
    }

    /// Appends the false cells that keep a part of `order` apart from a cell outside of it.
    /// - Parameter cut: an open cell that would join them.
    private func appendReason(
        of part: Range<Int>, seenFrom outside: Int32, without cut: Int32 = -1, to solver: SatSolver
    ) {
        guard sharesRims else { return appendRim(of: part, to: solver) }
        let values = solver.values.base
        sides.begin(cut: cut)
        for place in part {
            let cell = order[place]
            for step in 0..<4 {
                let neighbour = neighbour(of: cell, step)
                let code = codes[neighbour]
                if code >= 0, values[Int(code)] < 0 { sides.addToRim(neighbour) }
            }
        }
        solver.work += sides.flood(from: outside, stride: stride, codes: codes) { code in
            solver.append(SatLiteral(code: code))
        }
    }

    /// Appends the literals of the false cells beside a part of `order`, each once.
    private func appendRim(of part: Range<Int>, to solver: SatSolver) {
        let values = solver.values.base
        for place in part {
            let cell = order[place]
            for step in 0..<4 {
                let neighbour = neighbour(of: cell, step)
                let code = codes[neighbour]
                guard code >= 0, values[Int(code)] < 0, found[neighbour] != -2 else { continue }
                found[neighbour] = -2
                solver.append(SatLiteral(code: code))
            }
        }
        for place in part {
            let cell = order[place]
            for step in 0..<4 {
                let neighbour = neighbour(of: cell, step)
                if found[neighbour] == -2 { found[neighbour] = -1 }
            }
        }
    }
}
