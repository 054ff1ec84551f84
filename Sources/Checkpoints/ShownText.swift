extension String {
    /// The text as a message may show it: what a terminal would obey is escaped, and what is long is cut.
    var shown: String {
        let most = 120
        let cut = unicodeScalars.prefix(most)
        var result = ""
        for scalar in cut {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
                result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return cut.count < unicodeScalars.count ? result + "..." : result
    }
}

extension Collection<String> {
    /// The first few, and how many there are beside.
    func listed(most: Int = 6) -> String {
        let first = prefix(most).map(\.shown).joined(separator: ", ")
        return count > most ? "\(first) and \(count - most) more" : first
    }
}
