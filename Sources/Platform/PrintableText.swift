extension String {
    /// The text as a terminal may show it. What a terminal would obey, or what would make a text look like another, is
    /// written out as `\u{1B}`: control characters, and those that turn the direction of writing.
    ///
    ///     "a\u{1B}[2Jb".printable()  // #"a\u{1B}[2Jb"#, visible
    ///
    /// - Parameters:
    ///   - keepsLines: whether line ends and tabs stay as they are.
    ///   - limit: the most characters that are kept; what is longer ends in `…`.
    package func printable(keepsLines: Bool = true, limit: Int = 4000) -> String {
        var text = ""
        var count = 0
        for scalar in unicodeScalars {
            guard count < limit else { return text + "…" }
            count += 1
            if scalar.obeysOrMisleads, !(keepsLines && (scalar == "\n" || scalar == "\t")) {
                text += #"\u{\#(String(scalar.value, radix: 16, uppercase: true))}"#
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    fileprivate var obeysOrMisleads: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0: true  // C0, DEL, C1
        // Marks of direction, ends of lines, nothing to see; tags.
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xE0000...0xE007F: true
        default: false
        }
    }
}
