import Puzzles
import Satisfiability

/// The looks at the whole board, on sets of cells: they tell whether a rule has something to say, and the lists of
/// `IslandTheory` then say it. Most looks find nothing, and these are fast at that.
extension IslandTheory {
    /// The sets that all clues share; behind them lie two for each clue.
    enum CommonSet: Int, CaseIterable {
        case board, clues, sea, white
        /// Cells in or beside the area of a clue; of two clues at least.
        case near, contested
        /// Cells that some clue's area may come to hold.
        case reached
        case unreached
        /// White cells that no area holds.
        case stray
        /// Of a flood: the cells it has come to, those of its last step, those it may enter.
        case flood, edge, allowed

        static var count: Int { allCases.count }
    }

    @inline(__always)
    func shared(_ set: CommonSet) -> CellSets.Set { sets[set.rawValue] }

    var board: CellSets.Set { shared(.board) }
    var clueSet: CellSets.Set { shared(.clues) }
    var sea: CellSets.Set { shared(.sea) }
    var reached: CellSets.Set { shared(.reached) }
    var unreached: CellSets.Set { shared(.unreached) }

    /// The certain area of a clue.
    @inline(__always)
    func areaSet(_ clue: Int) -> CellSets.Set { sets[CommonSet.count + 2 * clue] }

    /// The area and the cells beside it.
    @inline(__always)
    func nearSet(_ clue: Int) -> CellSets.Set { sets[CommonSet.count + 2 * clue + 1] }

    /// The words in which the clue's island and the cells beside it lie.
    @inline(__always)
    func words(of clue: Int) -> ClosedRange<Int> { Int(firstWords[clue])...Int(lastWords[clue]) }

    /// Fills `sea` and `white`.
    func readValues(_ solver: SatSolver) {
        let values = solver.values.base
        let codes = self.codes.base
        let (sea, white) = (shared(.sea), shared(.white))
        var (word, seaBits, whiteBits) = (0, 0 as UInt64, 0 as UInt64)
        var bit = 0
        var cell = 0
        for _ in 0..<size.height {
            for _ in 0..<size.width {
                if bit &>> 6 != word {
                    (sea[word], white[word]) = (seaBits, whiteBits)
                    (word, seaBits, whiteBits) = (bit &>> 6, 0, 0)
                }
                let value = values[Int(codes[cell])]
                let shift = UInt64(truncatingIfNeeded: bit & 63)
                seaBits |= (value > 0 ? 1 : 0) &<< shift
                whiteBits |= (value < 0 ? 1 : 0) &<< shift
                cell &+= 1
                bit &+= 1
            }
            bit &+= sets.stride &- size.width
        }
        (sea[word], white[word]) = (seaBits, whiteBits)
    }

    /// Fills the clues' areas. False when one has two clues or too many cells.
    func findAreas() -> Bool {
        let white = shared(.white)
        let clues = shared(.clues)
        for clue in 0..<clueCount {
            let area = areaSet(clue)
            let near = nearSet(clue)
            let range = words(of: clue)
            for word in range { area[word] = 0 }
            sets.insert(Int(clueCells[clue]), into: area)
            var isGrowing = true
            while isGrowing {
                isGrowing = false
                // Not in place: a step is a step, whatever the order of the words.
                for word in range { near[word] = sets.spread(area, word) }
                for word in range {
                    let next = near[word] & white[word]
                    isGrowing = isGrowing || next != area[word]
                    area[word] = next
                }
            }
            var count = 0
            var clueCount = 0
            for word in range {
                count &+= area[word].nonzeroBitCount
                clueCount &+= (area[word] & clues[word]).nonzeroBitCount
            }
            if clueCount > 1 || count > Int(clueCounts[clue]) { return false }
        }
        return true
    }

    /// Fills `near` and `contested`.
    func findNeighbours() {
        let (near, contested) = (shared(.near), shared(.contested))
        for word in 0..<sets.words {
            near[word] = 0
            contested[word] = 0
        }
        for clue in 0..<clueCount {
            let own = nearSet(clue)
            for word in words(of: clue) {
                contested[word] |= near[word] & own[word]
                near[word] |= own[word]
            }
        }
    }

    /// Fills `stray`: white cells that no clue's area holds. Those beside an area are in it.
    func findStray() -> CellSets.Set {
        let (white, near, stray) = (shared(.white), shared(.near), shared(.stray))
        for word in 0..<sets.words { stray[word] = white[word] & ~near[word] }
        return stray
    }

    /// Whether there may be an open cell beside the clue's area that must be sea.
    func isClosable(_ clue: Int) -> Bool {
        let (sea, white, contested) = (shared(.sea), shared(.white), shared(.contested))
        let own = nearSet(clue)
        let isComplete = sets.count(areaSet(clue), words(of: clue)) == Int(clueCounts[clue])
        for word in words(of: clue) {
            let open = own[word] & board[word] & ~sea[word] & ~white[word]
            if open & (isComplete ? ~0 : contested[word]) != 0 { return true }
        }
        return false
    }

    /// Empties `reached`.
    func findReach() { for word in 0..<sets.words { reached[word] = 0 } }

    /// How many cells a clue's area may come to hold: not sea, not beside another clue's area, and near enough for the
    /// cells it still lacks. Adds them to `reached`.
    func flood(_ clue: Int) -> Int {
        let (near, contested, flood, allowed) = (shared(.near), shared(.contested), shared(.flood), shared(.allowed))
        let (edge, own, area, range) = (shared(.edge), nearSet(clue), areaSet(clue), words(of: clue))
        var areaCount = 0
        for word in range {
            allowed[word] = board[word] & ~sea[word] & ~contested[word] & (own[word] | ~near[word])
            flood[word] = area[word]
            areaCount &+= area[word].nonzeroBitCount
        }
        clear(flood, around: range)
        let count = Int(clueCounts[clue])
        let steps = clueCounts[clue] == Self.unlimited ? Int.max : count - areaCount
        var step = 0
        var floodCount = areaCount
        neckCount = 0
        while step < steps {
            step += 1
            for word in range { edge[word] = sets.spread(flood, word) & allowed[word] & ~flood[word] }
            var edgeCount = 0
            var last = 0
            for word in range where edge[word] != 0 {
                edgeCount &+= edge[word].nonzeroBitCount
                flood[word] |= edge[word]
                last = word
            }
            if edgeCount == 0 { break }
            if isThorough, edgeCount == 1, floodCount < count { addNeck(edge, last, step) }
            floodCount &+= edgeCount
        }
        for word in range { reached[word] |= flood[word] }
        return floodCount
    }

    /// The only cell that a flood came to with a step, told by the word it is in.
    @inline(__always)
    private func addNeck(_ edge: CellSets.Set, _ word: Int, _ step: Int) {
        guard neckCount < neckCells.capacity else { return }
        neckCells[neckCount] = Int32(sets.cell(ofBit: word * 64 + edge[word].trailingZeroBitCount))
        neckSteps[neckCount] = Int32(step)
        neckCount += 1
    }

    /// Takes out what another flood left in the words that a step looks at.
    private func clear(_ set: CellSets.Set, around range: ClosedRange<Int>) {
        for offset in 1...sets.margin {
            set[range.lowerBound - offset] = 0
            set[range.upperBound + offset] = 0
        }
    }

    /// Floods from the white cells that hang together with this one, without a clue among them, until it comes to a clue's
    /// area; only cells that are the whole of a step before that are of interest. Takes the white cells from `set`.
    func floodToArea(from cell: Int, within set: CellSets.Set) {
        let (white, near, flood, edge) = (
            self.shared(.white), self.shared(.near), self.shared(.flood), self.shared(.edge)
        )
        let range = 0...sets.words - 1
        for word in range { flood[word] = 0 }
        clear(flood, around: range)
        sets.insert(cell, into: flood)
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for word in range { edge[word] = sets.spread(flood, word) & white[word] & ~flood[word] }
            for word in range where edge[word] != 0 {
                flood[word] |= edge[word]
                isGrowing = true
            }
        }
        for word in range { set[word] &= ~flood[word] }
        neckCount = 0
        // A cell found to be white a moment ago may have tied them to an area.
        guard !range.contains(where: { flood[$0] & near[$0] != 0 }) else { return }
        var step = 0
        while true {
            step += 1
            var edgeCount = 0
            var last = 0
            for word in range {
                edge[word] = sets.spread(flood, word) & board[word] & ~sea[word] & ~flood[word]
                edgeCount &+= edge[word].nonzeroBitCount
                if edge[word] != 0 { last = word }
            }
            if edgeCount == 0 { break }
            if edgeCount == 1 { addNeck(edge, last, step) }
            var isThere = false
            for word in range {
                isThere = isThere || edge[word] & near[word] != 0
                flood[word] |= edge[word]
            }
            if isThere { break }
        }
    }
}
