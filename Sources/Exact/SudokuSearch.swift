import Puzzles
package import Randomness
import Satisfiability

/// Counts and finds the solutions of sudoku grids: digits as bits of masks, naked and hidden singles, then a guess on the
/// cell with the fewest candidates.
package final class SudokuSearch {
    package let side: Int
    /// Guesses of the last search: how hard it was.
    @exclusivity(unchecked) package private(set) var guesses = 0
    /// A search ends after so many guesses, with `isCutShort` set and a count that means nothing.
    @exclusivity(unchecked) package var guessLimit = Int.max
    @exclusivity(unchecked) package private(set) var isCutShort = false
    /// The last solution found, row by row.
    @exclusivity(unchecked) package private(set) var solution: [UInt8]

    private let cellCount: Int
    private let everyDigit: UInt32
    private let digits: UncheckedBlock<UInt8>
    /// Per row, column and box the digits it has, in the order of `units`.
    private let used: UncheckedBlock<UInt32>
    /// Per cell its three units.
    private let unitsOf: UncheckedBlock<Int32>
    /// Per unit its cells.
    private let units: UncheckedBlock<Int32>
    private let unitCount: Int
    private let trail: UncheckedBlock<Int32>
    @exclusivity(unchecked) private var trailCount = 0

    /// `side` is one of `SudokuPuzzle.sides`.
    package init(side: Int) {
        let puzzle = SudokuPuzzle(side: side, givens: [])
        self.side = side
        cellCount = side * side
        everyDigit = (1 << UInt32(side)) - 1
        solution = []
        digits = UncheckedBlock([UInt8](repeating: 0, count: cellCount))
        unitCount = puzzle.units.count
        used = UncheckedBlock([UInt32](repeating: 0, count: unitCount))
        units = UncheckedBlock(puzzle.units.flatMap { $0.map { Int32($0) } })
        unitsOf = UncheckedBlock(
            (0..<cellCount).flatMap { cell in
                puzzle.units.indices.filter { puzzle.units[$0].contains(cell) }.map { Int32($0) }
            })
        trail = UncheckedBlock([Int32](repeating: 0, count: cellCount))
    }

    deinit {
        digits.free()
        used.free()
        unitsOf.free()
        units.free()
        trail.free()
    }

    /// Up to `limit` different solutions.
    package func solutions(of givens: [UInt8], limit: Int) -> [[UInt8]] {
        var found: [[UInt8]] = []
        // The search is the same up to its n-th solution.
        while found.count < limit, count(givens, limit: found.count + 1) > found.count { found.append(solution) }
        return found
    }

    /// A solution of a grid other than the one given; nil when there is none.
    package func other(than known: [UInt8], givens: [UInt8]) -> [UInt8]? {
        solutions(of: givens, limit: 2).first { $0 != known }
    }

    /// How many solutions a grid has, counted up to `limit`. Guesses are made in random order when `random` is given.
    package func count(_ givens: [UInt8], limit: Int, using random: SplitMix? = nil) -> Int {
        for cell in 0..<cellCount { digits[cell] = 0 }
        for unit in 0..<unitCount { used[unit] = 0 }
        trailCount = 0
        guesses = 0
        isCutShort = false
        for (cell, digit) in givens.enumerated() where digit != 0 {
            guard candidates(of: cell) >> (UInt32(digit) - 1) & 1 == 1 else { return 0 }
            put(cell, 1 << (UInt32(digit) - 1))
        }
        var random = random
        return search(limit: limit, random: &random)
    }

    @inline(__always)
    private func candidates(of cell: Int) -> UInt32 {
        let first = 3 * cell
        return ~(used[unitsOf[first]] | used[unitsOf[first + 1]] | used[unitsOf[first + 2]]) & everyDigit
    }

    @inline(__always)
    private func put(_ cell: Int, _ bit: UInt32) {
        digits[cell] = UInt8(truncatingIfNeeded: bit.trailingZeroBitCount + 1)
        for place in 3 * cell..<3 * cell + 3 { used[unitsOf[place]] |= bit }
        trail[trailCount] = Int32(truncatingIfNeeded: cell)
        trailCount += 1
    }

    private func undo(to count: Int) {
        while trailCount > count {
            trailCount -= 1
            let cell = Int(trail[trailCount])
            let bit: UInt32 = 1 << (UInt32(digits[cell]) - 1)
            digits[cell] = 0
            for place in 3 * cell..<3 * cell + 3 { used[unitsOf[place]] &= ~bit }
        }
    }

    private func search(limit: Int, random: inout SplitMix?) -> Int {
        let start = trailCount
        defer { undo(to: start) }
        while true {
            guard let open = placeNakedSingles() else { return 0 }
            if open.cell < 0 {
                solution = (0..<cellCount).map { digits[$0] }
                return 1
            }
            if open.hasProgressed { continue }
            guard let hasProgressed = placeHiddenSingle() else { return 0 }
            if hasProgressed { continue }
            return guess(open.cell, limit: limit, random: &random)
        }
    }

    private func guess(_ cell: Int, limit: Int, random: inout SplitMix?) -> Int {
        guard guesses < guessLimit else {
            isCutShort = true
            return 0
        }
        var left = candidates(of: cell)
        var found = 0
        guesses += 1
        while left != 0, found < limit, !isCutShort {
            var bit = left & (~left &+ 1)
            if random != nil {
                for _ in 0..<(random?.below(left.nonzeroBitCount) ?? 0) { bit = Self.bit(after: bit, in: left) }
            }
            left &= ~bit
            let start = trailCount
            put(cell, bit)
            found += search(limit: limit - found, random: &random)
            undo(to: start)
        }
        return found
    }

    private static func bit(after bit: UInt32, in mask: UInt32) -> UInt32 {
        let rest = mask & ~(bit | (bit &- 1))
        return rest & (~rest &+ 1)
    }

    /// One pass over the open cells: fills those with one candidate. Nil when a cell has none; the cell is the one with
    /// the fewest candidates, -1 when no cell is open.
    private func placeNakedSingles() -> (cell: Int, hasProgressed: Bool)? {
        var best = -1
        var fewest = Int.max
        var hasProgressed = false
        for cell in 0..<cellCount where digits[cell] == 0 {
            let candidates = candidates(of: cell)
            let count = candidates.nonzeroBitCount
            if count == 0 { return nil }
            if count == 1 { put(cell, candidates) }
            hasProgressed = hasProgressed || count == 1
            if count < fewest {
                fewest = count
                best = cell
            }
        }
        return (best, hasProgressed)
    }

    /// Places a digit that has one place left in a unit. Nil when a unit has none for some digit.
    private func placeHiddenSingle() -> Bool? {
        for unit in 0..<unitCount {
            var once: UInt32 = 0
            var twice: UInt32 = 0
            for place in unit * side..<(unit + 1) * side where digits[units[place]] == 0 {
                let candidates = candidates(of: Int(units[place]))
                twice |= once & candidates
                once |= candidates
            }
            guard once | used[unit] == everyDigit else { return nil }
            let single = once & ~twice & ~used[unit]
            guard single != 0 else { continue }
            let bit = single & (~single &+ 1)
            for place in unit * side..<(unit + 1) * side where digits[units[place]] == 0 {
                let cell = Int(units[place])
                if candidates(of: cell) & bit != 0 {
                    put(cell, bit)
                    return true
                }
            }
        }
        return false
    }
}
