extension Double {
    /// Rounded to this number of digits after the point.
    func rounded(digits: Int) -> Double {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        return isFinite ? (self * scale).rounded() / scale : self
    }

    /// With this number of digits after the point, without Foundation; `-` for what is not finite.
    ///
    ///     0.12345.text(2)  // "0.12"
    package func text(_ digits: Int) -> String {
        guard isFinite, abs(self) < 1e15 else { return "-" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int64((abs(self) * scale).rounded())
        let sign = self < 0 && scaled != 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int64(scale))
        return "\(sign)\(scaled / Int64(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension String {
    /// Padded with spaces on the left.
    func right(_ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }

    /// Padded with spaces on the right.
    func left(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}

extension Collection where Element == Double {
    /// The arithmetic mean; NaN of nothing.
    var mean: Double { reduce(0, +) / Double(count) }

    /// The middle value, or the mean of the two in the middle; NaN of nothing.
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
