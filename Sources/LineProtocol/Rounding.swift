import JSON

extension Double {
    /// The double closest to this value's first `digits` significant decimals, so that it is also written with no more.
    /// Values that are not finite stay as they are.
    func rounded(significantDigits digits: Int) -> Double {
        guard isFinite, self != 0 else { return self }
        let upper = (0..<digits).reduce(1.0) { power, _ in power * 10 }
        var mantissa = magnitude
        var exponent = 0
        while mantissa >= upper {
            mantissa /= 10
            exponent += 1
        }
        while mantissa < upper / 10 {
            mantissa *= 10
            exponent -= 1
        }
        // Reading decimals is the one exact way back: a quotient of powers of ten may be off in its last place.
        let rounded = Double("\(Int64(mantissa.rounded()))e\(exponent)") ?? self
        return self < 0 ? -rounded : rounded
    }
}

extension JSON {
    /// A number that a model made: six significant decimals, null when it is not finite.
    init(rounded value: Double) {
        let rounded = value.rounded(significantDigits: 6)
        self = value.isFinite && rounded.isFinite ? .number(rounded) : .null
    }

    /// A duration, to the microsecond; a negative one, from a clock that was set back, is 0.
    init(milliseconds value: Double) { self.init(thousandths: value) }

    /// A measured amount that is never negative, with three decimals.
    init(thousandths value: Double) {
        self = .number(value.isFinite ? max(0, (value * 1000).rounded() / 1000) : 0)
    }
}
