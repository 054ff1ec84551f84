/// Lists of names in messages, and the name that a wrong one was meant to be.
enum Names {
    /// "a", "a or b", "a, b or c".
    static func list(_ names: [String], conjunction: String = "or") -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }

    /// "; did you mean X?" when a name is near, else what can be named.
    static func hint(for wrong: String, among names: [String]) -> String {
        if let name = nearest(to: wrong, among: names) { return "; did you mean \(name)?" }
        return names.isEmpty ? "" : "; expected \(list(names))"
    }

    /// The name with the fewest edits, if they are few enough for a typing mistake: a third of the letters, and two
    /// for short names; else the first name of which it is a part. Upper and lower case count as the same, and the
    /// first of equally near names wins.
    static func nearest(to wrong: String, among names: [String]) -> String? {
        let wrongLetters = Array(wrong.lowercased().prefix(80))
        var best: (name: String, distance: Int)?
        for name in names {
            let letters = Array(name.lowercased())
            let allowed = min(max(2, letters.count / 3), letters.count - 1)
            let distance = distance(wrongLetters, letters)
            if distance <= allowed, distance < best?.distance ?? .max { best = (name, distance) }
        }
        if let best { return best.name }
        let part = wrong.lowercased()
        return part.utf8.count < 3 ? nil : names.first { $0.lowercased().contains(part) }
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var current = [i + 1]
            for j in b.indices {
                var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforePrevious[j - 1] + 1) }
                current.append(cost)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[b.count]
    }
}
