extension JSONParser {
    /// Reads a number whose sign or first digit is at the position.
    mutating func parseNumber() throws(JSONError) -> JSON {
        let start = position
        let isNegative = peek == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let digits = position
        // The integer's value, counted below zero so that -2^63 fits; nil once it does not fit any more.
        var negated: Int64? = 0
        while let digit = nextDigit() { negated = Self.appending(digit, to: negated) }
        guard digits < position else { throw unexpected("a digit") }
        guard bytes[digits] != UInt8(ascii: "0") || position == digits + 1 else {
            throw JSONError(message: "a number must not start with 0", offset: start)
        }
        if peek != UInt8(ascii: "."), peek | 0x20 != UInt8(ascii: "e") {
            guard let negated, isNegative || negated != .min else {
                throw JSONError(message: "number does not fit 64 bits", offset: start)
            }
            return .integer(isNegative ? negated : -negated)
        }
        return .number(try parseFraction(start: start, digits: digits, isNegative: isNegative))
    }

    /// The rest of a number with a fraction or an exponent, which is at the position.
    private mutating func parseFraction(start: Int, digits: Int, isNegative: Bool) throws(JSONError) -> Double {
        var scale = 0
        if peek == UInt8(ascii: ".") {
            position += 1
            let fraction = position
            while nextDigit() != nil {}
            scale = fraction - position
            guard scale < 0 else { throw unexpected("a digit") }
        }
        let mantissa = digits..<position
        if peek | 0x20 == UInt8(ascii: "e") {
            position += 1
            let isBelow = peek == UInt8(ascii: "-")
            if isBelow || peek == UInt8(ascii: "+") { position += 1 }
            var exponent = 0
            guard let first = nextDigit() else { throw unexpected("a digit") }
            exponent = Int(first)
            // Far beyond what a Double holds; stops growing before it could overflow.
            while let digit = nextDigit() { exponent = min(exponent * 10 + Int(digit), 1_000_000) }
            scale += isBelow ? -exponent : exponent
        }
        if let value = exact(mantissa, scale: scale) { return isNegative ? -value : value }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONError(message: "number does not fit 64 bits", offset: start)
        }
        return value
    }

    /// The value when a mantissa below 2^53 and a power of ten up to 10^22 are both exact, so that one rounding is
    /// the correct one (Clinger, "How to read floating point numbers accurately"). Nearly every number is of this kind.
    private func exact(_ mantissa: Range<Int>, scale: Int) -> Double? {
        guard mantissa.count <= 16, abs(scale) < Self.powersOfTen.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[mantissa] where byte != UInt8(ascii: ".") {
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        guard value < 1 << 53 else { return nil }
        let power = Self.powersOfTen[abs(scale)]
        return scale < 0 ? Double(value) / power : Double(value) * power
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    private static func appending(_ digit: UInt8, to negated: Int64?) -> Int64? {
        guard let negated else { return nil }
        let (shifted, overflow) = negated.multipliedReportingOverflow(by: 10)
        let (value, borrow) = shifted.subtractingReportingOverflow(Int64(digit))
        return overflow || borrow ? nil : value
    }

    private mutating func nextDigit() -> UInt8? {
        let digit = peek &- UInt8(ascii: "0")
        guard digit <= 9 else { return nil }
        position += 1
        return digit
    }
}
