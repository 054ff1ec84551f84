import Puzzles
import Satisfiability

/// The looks at the whole board, on sets of cells: they tell whether a rule has something to say, and the lists of
/// `IslandTheory` then say it. Most looks find nothing, and these are fast at that: what was found out about a clue holds
/// until a cell changes that it depended on.
extension IslandTheory {
    /// The sets that all clues share; behind them lie two for each clue.
    enum CommonSet: Int, CaseIterable {
        case board, clues, sea, white
        /// Cells in or beside the area of a clue; of two clues at least.
        case near, contested
        /// Cells that some clue's area may come to hold.
        case reached
        case unreached
        /// `sea` and `white` of the look before, and where they differ from now.
        case lastSea, lastWhite, changed
        /// Where cells have come to lie in or beside a clue's area, or do so no longer.
        case moved
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

    /// The sets of each clue, in the words that its island can lie in.
    enum ClueSet: Int, CaseIterable {
        /// The certain area; the area and the cells beside it.
        case area, near
        /// The cells that the area may come to hold; those and the cells beside them, which it depends on.
        case reach, basis
    }

    @inline(__always)
    func own(_ set: ClueSet, _ clue: Int) -> CellSets.Set {
        // So that words have the numbers that they have in shared sets.
        let (first, last) = (Int(firstWords[clue]), Int(lastWords[clue]))
        let span = last - first + 1 + 2 * sets.margin
        return ownSets.base + (Int(ownStarts[clue]) + set.rawValue * span + sets.margin - first)
    }

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

    /// Finds what changed since the last time and the clues that it concerns.
    func noteChanges() {
        let (sea, white, lastSea, lastWhite) = (shared(.sea), shared(.white), shared(.lastSea), shared(.lastWhite))
        let changed = shared(.changed)
        var any: UInt64 = 0
        for word in 0..<sets.words {
            changed[word] = (sea[word] ^ lastSea[word]) | (white[word] ^ lastWhite[word])
            any |= changed[word]
            (lastSea[word], lastWhite[word]) = (sea[word], white[word])
        }
        guard any != 0 else { return }
        for clue in 0..<clueCount {
            let (near, basis) = (own(.near, clue), own(.basis, clue))
            var (nearChanges, basisChanges) = (0 as UInt64, 0 as UInt64)
            for word in words(of: clue) {
                nearChanges |= changed[word] & near[word]
                basisChanges |= changed[word] & basis[word]
            }
            if nearChanges != 0 { isAreaKnown[clue] = false }
            if basisChanges != 0 { isSettled[clue] = false }
        }
    }

    /// Fills the clues' areas. False when one has two clues or too many cells.
    func findAreas() -> Bool {
        for clue in 0..<clueCount where !isAreaKnown[clue] { guard findArea(clue) else { return false } }
        return true
    }

    private func findArea(_ clue: Int) -> Bool {
        let (white, clues, last, moved) = (shared(.white), shared(.clues), shared(.edge), shared(.moved))
        let (area, near, range) = (own(.area, clue), own(.near, clue), words(of: clue))
        for word in range {
            last[word] = near[word]
            area[word] = 0
        }
        sets.insert(Int(clueCells[clue]), into: area)
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            work += 2 * range.count
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
            moved[word] |= last[word] ^ near[word]
            count &+= area[word].nonzeroBitCount
            clueCount &+= (area[word] & clues[word]).nonzeroBitCount
        }
        areaCounts[clue] = Int32(truncatingIfNeeded: count)
        isSettled[clue] = false
        guard clueCount == 1, count <= Int(clueCounts[clue]) else { return false }
        isAreaKnown[clue] = true
        return true
    }

    /// Fills `near` and `contested` when areas have changed, and finds the clues that this concerns.
    func findNeighbours() {
        let (near, contested, moved) = (shared(.near), shared(.contested), shared(.moved))
        var any: UInt64 = 0
        for word in 0..<sets.words { any |= moved[word] }
        guard any != 0 else { return }
        for word in 0..<sets.words {
            near[word] = 0
            contested[word] = 0
        }
        for clue in 0..<clueCount {
            let (own, basis) = (self.own(.near, clue), self.own(.basis, clue))
            var changes: UInt64 = 0
            for word in words(of: clue) {
                contested[word] |= near[word] & own[word]
                near[word] |= own[word]
                changes |= moved[word] & basis[word]
            }
            if changes != 0 { isSettled[clue] = false }
        }
        for word in 0..<sets.words { moved[word] = 0 }
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
        guard !isSettled[clue] else { return false }
        let own = own(.near, clue)
        let isComplete = areaCounts[clue] == clueCounts[clue]
        for word in words(of: clue) {
            let open = own[word] & board[word] & ~sea[word] & ~white[word]
            if open & (isComplete ? ~0 : contested[word]) != 0 { return true }
        }
        return false
    }

    /// Fills `reached` with what the clues reach, as it was found last.
    func findReached() {
        for word in 0..<sets.words { reached[word] = 0 }
        var hasUnlimited = false
        for clue in 0..<clueCount {
            guard clueCounts[clue] != Self.unlimited else {
                hasUnlimited = true
                continue
            }
            let reach = own(.reach, clue)
            for word in words(of: clue) { reached[word] |= reach[word] }
        }
        if hasUnlimited { floodUnlimited() }
    }

    /// Adds what the clues without a number reach, all at once: where one of them comes beside the area of another, that other
    /// one is already.
    private func floodUnlimited() {
        let (near, contested, edge, allowed) = (shared(.near), shared(.contested), shared(.edge), shared(.allowed))
        let (flood, range) = (shared(.flood), 0...sets.words - 1)
        for word in range { (flood[word], allowed[word]) = (0, ~near[word]) }
        for clue in 0..<clueCount where clueCounts[clue] == Self.unlimited {
            let (area, own) = (self.own(.area, clue), self.own(.near, clue))
            for word in range {
                flood[word] |= area[word]
                allowed[word] |= own[word]
            }
        }
        for word in range { allowed[word] &= board[word] & ~sea[word] & ~contested[word] }
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for word in range { edge[word] = sets.spread(flood, word) & allowed[word] & ~flood[word] }
            for word in range where edge[word] != 0 {
                flood[word] |= edge[word]
                isGrowing = true
            }
            work += 2 * sets.words
        }
        for word in range { reached[word] |= flood[word] }
    }

    /// Whether the cells that hang together with this one, all that are not sea, hold no clue; fills `flood` with them.
    func isIsland(without clue: CellSets.Set, around cell: Int) -> Bool {
        let (edge, flood, range) = (shared(.edge), shared(.flood), 0...sets.words - 1)
        for word in range { flood[word] = 0 }
        sets.insert(cell, into: flood)
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            var clues: UInt64 = 0
            for word in range { edge[word] = sets.spread(flood, word) & board[word] & ~sea[word] & ~flood[word] }
            for word in range where edge[word] != 0 {
                flood[word] |= edge[word]
                clues |= edge[word] & clue[word]
                isGrowing = true
            }
            work += 2 * sets.words
            if clues != 0 { return false }
        }
        return true
    }

    /// How many cells a clue's area may come to hold: not sea, not beside another clue's area, and near enough for the
    /// cells it still lacks. Fills the clue's `reach` and `basis`.
    func flood(_ clue: Int) -> Int {
        let (near, contested, edge, allowed) = (shared(.near), shared(.contested), shared(.edge), shared(.allowed))
        let (area, own, range) = (self.own(.area, clue), self.own(.near, clue), words(of: clue))
        let (flood, basis) = (self.own(.reach, clue), self.own(.basis, clue))
        guard clueCounts[clue] != Self.unlimited else {
            // See `floodUnlimited`.
            for word in range { basis[word] = own[word] }
            return .max
        }
        for word in range {
            allowed[word] = board[word] & ~sea[word] & ~contested[word] & (own[word] | ~near[word])
            flood[word] = area[word]
        }
        let count = Int(clueCounts[clue])
        var floodCount = Int(areaCounts[clue])
        let steps = count - floodCount
        var step = 0
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
            work += 2 * range.count
            if edgeCount == 0 { break }
            if isThorough, edgeCount == 1, floodCount < count { addNeck(edge, last, step) }
            floodCount &+= edgeCount
        }
        for word in range { basis[word] = sets.spread(flood, word) }
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
