extension TapaClue {
    /// `allows[code][pattern]`: whether the clue allows this pattern of shaded cells around it. Bit k of a pattern is
    /// the k-th of `TapaPuzzle.ring`.
    package static let allows: [[Bool]] = runs.map { clue in (0..<256).map { fits(clue, around: $0) } }

    private static func fits(_ clue: [Int8], around pattern: Int) -> Bool {
        if clue.isEmpty { return true }
        var lengths = runLengths(pattern)
        guard lengths.count == clue.count else { return false }
        for run in clue where run != unknown {
            guard let match = lengths.firstIndex(of: run) else { return false }
            lengths.remove(at: match)
        }
        return true
    }

    /// Lengths of the runs of set bits on the ring of eight; `[0]` when no bit is set, as the clue 0 says.
    private static func runLengths(_ pattern: Int) -> [Int8] {
        if pattern == 0 { return [0] }
        if pattern == 255 { return [8] }
        // Begin after a gap, so that no run is cut in two.
        let gap = (0..<8).first { pattern >> $0 & 1 == 0 } ?? 0
        var lengths: [Int8] = []
        var length: Int8 = 0
        for step in 1...8 {
            if pattern >> ((gap + step) % 8) & 1 == 1 {
                length += 1
            } else if length > 0 {
                lengths.append(length)
                length = 0
            }
        }
        return lengths
    }

    /// The clue as people write it: `1 3`, `?`.
    package static func text(_ code: UInt8) -> String {
        runs[Int(code)].map { $0 == unknown ? "?" : String($0) }.joined()
    }
}
