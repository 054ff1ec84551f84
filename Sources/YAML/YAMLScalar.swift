/// What a scalar stands for: the core schema of YAML 1.2, without what YAML 1.1 reads otherwise.
///
/// `yes`, `no`, `on`, `off`, `1_000` and `017` mean different things to the two versions; here they are strings, so
/// that a key that wants a boolean or a number refuses them instead of guessing.
package enum YAMLScalar: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number with a fraction or an exponent, an integer that does not fit 64 bits, or `.inf` and `.nan`.
    case number(Double)
    case string(String)

    init(_ text: String, plain: Bool) {
        guard plain else {
            self = .string(text)
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .bool(true)
        case "false", "False", "FALSE": self = .bool(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": self = .number(-.infinity)
        case ".nan", ".NaN", ".NAN": self = .number(.nan)
        default: self = Self.integer(text) ?? Self.number(text) ?? .string(text)
        }
    }

    private static func integer(_ text: String) -> YAMLScalar? {
        let digits = text.utf8
        if text.hasPrefix("0x"), digits.dropFirst(2).allSatisfy(isHexadecimal) {
            return Int64(text.dropFirst(2), radix: 16).map(YAMLScalar.integer)
        }
        if text.hasPrefix("0o"), digits.dropFirst(2).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")) ~= $0 }) {
            return Int64(text.dropFirst(2), radix: 8).map(YAMLScalar.integer)
        }
        let unsigned = digits.first.map(isSign) == true ? digits.dropFirst() : digits[...]
        guard unsigned.allSatisfy(isDigit), unsigned.first != UInt8(ascii: "0") || unsigned.count == 1 else {
            return nil
        }
        return Int64(text).map(YAMLScalar.integer)
    }

    /// `[-+]? ( . digits | digits [ . digits? ] ) [ (e|E) [-+]? digits ]`; checked here because `Double` reads more,
    /// such as hexadecimal and `inf`.
    private static func number(_ text: String) -> YAMLScalar? {
        var rest = text.utf8[...]
        func skip(_ condition: (UInt8) -> Bool) -> Int {
            let count = rest.prefix(while: condition).count
            rest = rest.dropFirst(count)
            return count
        }
        func skipOne(_ condition: (UInt8) -> Bool) -> Bool {
            guard let first = rest.first, condition(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = skipOne(isSign)
        let hasLeadingZero = rest.first == UInt8(ascii: "0")
        let whole = skip(isDigit)
        guard whole <= 1 || !hasLeadingZero else { return nil }
        let fraction = skipOne { $0 == UInt8(ascii: ".") } ? skip(isDigit) : 0
        guard whole + fraction > 0 else { return nil }
        if skipOne({ $0 | 0x20 == UInt8(ascii: "e") }) {
            _ = skipOne(isSign)
            guard skip(isDigit) > 0 else { return nil }
        }
        guard rest.isEmpty else { return nil }
        return Double(text).map(YAMLScalar.number)
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")) ~= byte | 0x20
    }
}
