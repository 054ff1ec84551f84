import ArgumentParser

/// Sizes as people write them: 512M, 4G, 1048576.
enum ByteSize {
    /// Smaller budgets have no room for a single search of the bundled models.
    private static let least = 1 << 20

    static func parse(_ text: String) throws -> Int {
        let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
        var digits = text[...]
        var shift = 0
        if let last = digits.last, let unit = units[Character(last.uppercased())] {
            digits = digits.dropLast()
            shift = unit
        }
        guard digits.allSatisfy(\.isASCII), let number = Int(digits), number >= 0, number <= Int.max >> (shift + 1),
            number << shift >= least
        else {
            throw ValidationError("expected a size from 1M on, such as 512M or 4G, found \(text)")
        }
        return number << shift
    }
}
