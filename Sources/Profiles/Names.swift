import Spelling

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

    /// The name that was misspelt; else the first of which this is a part.
    static func nearest(to wrong: String, among names: [String]) -> String? {
        if let name = NearestName.of(wrong, among: names) { return name }
        // Two letters are a part of too many names; a text longer than every name is a part of none, and looking costs time.
        guard (3...64).contains(wrong.utf8.count) else { return nil }
        let part = wrong.lowercased()
        return names.first { $0.lowercased().contains(part) }
    }
}
