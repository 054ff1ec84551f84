/// The 42 clues that fit around a cell: multisets of run lengths, 0 standing for `?` except in the clue "0" itself.
package enum TapaClue {
    package static let unknown: Int8 = -1

    /// Run lengths of each code, `unknown` for `?`, in ascending order; code 0 is "no clue".
    package static let runs: [[Int8]] = {
        var table: [[Int8]] = [[], [unknown]]
        for n in 0...8 { table.append([Int8(n)]) }
        // A run of n cells needs a gap after it, so the lengths and the number of runs sum to at most 8.
        for count in 2...4 {
            for clue in multisets(count: count, from: unknown) where fits(clue) { table.append(clue) }
        }
        return table
    }()

    /// The code of a list of runs in any order; nil when it cannot fit around a cell.
    package static func code(of runs: [Int8]) -> UInt8? {
        codes[runs.sorted()]
    }

    private static let codes: [[Int8]: UInt8] = Dictionary(
        uniqueKeysWithValues: runs.enumerated().map { ($1, UInt8($0)) })

    private static func fits(_ clue: [Int8]) -> Bool {
        clue.reduce(clue.count) { $0 + Int(max($1, 1)) } <= 8
    }

    /// Ascending lists of `count` lengths, each `least` or more; 0 never stands beside another run.
    private static func multisets(count: Int, from least: Int8) -> [[Int8]] {
        if count == 0 { return [[]] }
        return (least...5).filter { $0 != 0 }.flatMap { first in
            multisets(count: count - 1, from: first).map { [first] + $0 }
        }
    }
}
