// Spelling guesses what a misspelt name was meant to be: in requests, in profiles, on the command line.

/// Finds the name that was probably meant.
///
///     NearestName.of("sigmo", among: ["K", "D", "sigma"])  // "sigma"
package enum NearestName {
    /// The known name closest to an unknown one, when it is close: at most a third of the letters differ (and at least
    /// one may), a swap of neighbours counting once. Case does not matter. Of equally close names the first wins.
    package static func of(_ name: String, among known: [String]) -> String? {
        // Longer than every name by more than any tolerance: not worth a table.
        guard name.utf8.count <= 64 else { return nil }
        let wanted = Array(name.lowercased().unicodeScalars)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let letters = Array(candidate.lowercased().unicodeScalars)
            let distance = distance(wanted, letters)
            guard distance <= max(1, max(wanted.count, letters.count) / 3) else { continue }
            // One letter that differs from one letter is no likeness.
            guard distance < max(wanted.count, letters.count) else { continue }
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
    package static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var cost = min(replaced, last[column] + 1, current[column - 1] + 1)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, beforeLast[column - 2] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
