import Puzzles
import Satisfiability

/// The cells that reasons are made of.
extension IslandTheory {
    /// Fills `queue` with the cells that a clue's area may come to hold: not sea, not beside another clue's area, and near
    /// enough for the cells it still lacks. Explaining, notes what was in the way.
    /// - Parameter steps: how far it goes from the area; nil for as far as the cells that it lacks allow.
    func collect(_ clue: Int, _ solver: SatSolver, explaining: Bool, steps: Int32? = nil) {
        let values = solver.values.base
        mark &+= 1
        queueCount = 0
        let area = area(clue)
        for place in area {
            let cell = areas[place]
            queue[queueCount] = cell
            queueCount += 1
            marks[cell] = mark
            distances[cell] = 0
        }
        let limit = steps ?? clueCounts[clue] - Int32(truncatingIfNeeded: area.count)
        var head = 0
        defer { work += 16 * head }
        while head < queueCount {
            let cell = queue[head]
            head += 1
            guard distances[cell] < limit else { continue }
            for step in 0..<4 {
                let next = neighbours[4 * Int(cell) + step]
                guard next >= 0, marks[next] != mark else { continue }
                if values[Int(codes[next])] > 0 {
                    if explaining { add(codes[next] ^ 1) }
                    continue
                }
                if let beyond = neighbour(of: next, where: { $0 != clue }) {
                    if explaining { addPath(to: beyond) }
                    continue
                }
                if clueAt[next] >= 0 { continue }
                marks[next] = mark
                distances[next] = distances[cell] + 1
                queue[queueCount] = next
                queueCount += 1
            }
        }
    }

    /// Because the cell is white, and of the sea around what it comes to with so many steps.
    func collect(from cell: Int, _ solver: SatSolver, steps: Int32) {
        let values = solver.values.base
        mark &+= 1
        addWhite(Int32(cell))
        queue[0] = Int32(cell)
        marks[cell] = mark
        distances[cell] = 0
        queueCount = 1
        // White cells first: those that hang together with the cell are no step away.
        var head = 0
        while head < queueCount {
            let cell = queue[head]
            head += 1
            for step in 0..<4 {
                let next = neighbours[4 * Int(cell) + step]
                guard next >= 0, marks[next] != mark, values[Int(codes[next])] < 0 else { continue }
                marks[next] = mark
                distances[next] = 0
                queue[queueCount] = next
                queueCount += 1
            }
        }
        head = 0
        while head < queueCount {
            let cell = queue[head]
            head += 1
            guard distances[cell] < steps else { continue }
            for step in 0..<4 {
                let next = neighbours[4 * Int(cell) + step]
                guard next >= 0, marks[next] != mark else { continue }
                if values[Int(codes[next])] > 0 {
                    add(codes[next] ^ 1)
                    continue
                }
                marks[next] = mark
                distances[next] = distances[cell] + 1
                queue[queueCount] = next
                queueCount += 1
            }
        }
    }

    func startReasons() {
        reasonMark &+= 1
        reasonCount = 0
    }

    /// The part of a clause that says that a literal is true.
    func add(_ code: Int32) {
        let variable = code >> 1
        guard reasonMarks[variable] != reasonMark else { return }
        reasonMarks[variable] = reasonMark
        reasons[reasonCount] = code
        reasonCount += 1
    }

    /// Because the cell is white. Clue cells always are.
    func addWhite(_ cell: Int32) { if clueAt[cell] < 0 { add(codes[cell]) } }

    /// Because of the white cells between a clue and a cell of its area.
    func addPath(to cell: Int32) {
        var cell = cell
        while cell >= 0 {
            addWhite(cell)
            cell = before[cell]
        }
    }

    func learn(in solver: SatSolver) -> Bool {
        solver.startLearning()
        for place in 0..<reasonCount { solver.append(SatLiteral(code: reasons[place])) }
        return solver.learnScratch()
    }
}
