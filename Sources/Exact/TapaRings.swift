import Puzzles
import Satisfiability
import Synchronization

/// What a Tapa clue says about the eight cells around it, as clauses.
///
/// A ring is a mask of eight bits, clockwise from the top left, 1 for shaded; cells outside the board are white.
package enum TapaRings {
    /// A clause over the ring: one of the cells in `care` differs from `value`.
    package struct Clause: Sendable {
        package var care: UInt8
        package var value: UInt8
    }

    /// The lengths of the runs of a ring in ascending order, as in `TapaClue.runs`: `[0]` for a white ring.
    package static func runs(of ring: UInt8) -> [Int8] {
        guard ring != 0 else { return [0] }
        guard ring != 255 else { return [8] }
        let start = (~ring).trailingZeroBitCount
        var runs: [Int8] = []
        var length: Int8 = 0
        for step in 1...8 {
            if ring >> ((start + step) & 7) & 1 == 1 {
                length += 1
            } else if length > 0 {
                runs.append(length)
                length = 0
            }
        }
        return runs.sorted()
    }

    /// Whether a clue's runs, some unknown, are those of a ring.
    package static func matches(_ clue: [Int8], _ runs: [Int8]) -> Bool {
        guard clue.count == runs.count else { return false }
        var left = runs
        for length in clue where length != TapaClue.unknown {
            guard let place = left.firstIndex(of: length) else { return false }
            left.remove(at: place)
        }
        return true
    }

    /// The clue code that tells everything about a ring.
    package static let exactCode: [UInt8] = (0...255).map { TapaClue.code(of: runs(of: UInt8($0))) ?? 0 }

    /// The shortest clauses that together allow exactly the rings of a clue: all prime implicates.
    package static func clauses(code: Int, absent: UInt8) -> [Clause] {
        tables[Int(shape[Int(absent)])].clauses(of: code) { primes(of: code, absent: absent) }
    }

    /// The cells of a ring that lie outside the board: none, a side, a corner, or more on narrow boards.
    private static let shapes: [UInt8] = {
        let sides: [UInt8] = [0b0000_0111, 0b0001_1100, 0b0111_0000, 0b1100_0001]
        return (0..<16).map { choice in
            sides.indices.reduce(0) { choice >> $1 & 1 == 1 ? $0 | sides[$1] : $0 }
        }
    }()

    private static let shape: [UInt8] = {
        var shape = [UInt8](repeating: 0, count: 256)
        for (index, absent) in shapes.enumerated() { shape[Int(absent)] = UInt8(index) }
        return shape
    }()

    /// Per shape and clue code, the clauses asked for so far: all of them take some 20 ms.
    private static let tables = shapes.map { _ in Table() }

    private final class Table: Sendable {
        private let table = Mutex<[[Clause]?]>(Array(repeating: nil, count: TapaClue.runs.count))

        func clauses(of code: Int, make: () -> [Clause]) -> [Clause] {
            table.withLock { table in
                if let known = table[code] { return known }
                let made = make()
                table[code] = made
                return made
            }
        }
    }

    private static func primes(of code: Int, absent: UInt8) -> [Clause] {
        guard code != 0 else { return [] }
        let clue = TapaClue.runs[code]
        let allowed = (0...255).map { ring in
            UInt8(ring) & absent == 0 && matches(clue, runs(of: UInt8(ring)))
        }
        return primes(allowed: allowed, present: ~absent)
    }

    private static func primes(allowed: [Bool], present: UInt8) -> [Clause] {
        // Per part of a ring and what it holds: whether an allowed ring has it so.
        var isPossible = [Bool](repeating: false, count: 1 << 16)
        for care in stride(from: 255, through: 0, by: -1) {
            let open = ~care & 255
            let bit = open & -open
            var value = care
            while true {
                isPossible[care << 8 | value] =
                    open == 0
                    ? allowed[value]
                    : isPossible[(care | bit) << 8 | value] || isPossible[(care | bit) << 8 | value | bit]
                if value == 0 { break }
                value = (value - 1) & care
            }
        }
        var primes: [Clause] = []
        let cares = (0...255).map { UInt8($0) }.filter { $0 & ~present == 0 }
        for care in cares.sorted(by: { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }) {
            var value = care
            while true {
                if !isPossible[Int(care) << 8 | Int(value)],
                    !primes.contains(where: { $0.care & care == $0.care && value & $0.care == $0.value })
                {
                    primes.append(Clause(care: care, value: value))
                }
                if value == 0 { break }
                value = (value - 1) & care
            }
        }
        return primes
    }
}
