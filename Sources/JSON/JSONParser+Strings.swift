extension JSONParser {
    /// Reads a string whose opening quote is at the position.
    mutating func parseString() throws(JSONError) -> String {
        let opening = position
        position += 1
        let start = position
        scanPlainRun()
        if peek == UInt8(ascii: "\"") {
            let text = try decode(start..<position)
            position += 1
            return text
        }
        return try parseEscapedString(opening: opening, start: start)
    }

    /// The slow path: a string with at least one escape, assembled run by run.
    private mutating func parseEscapedString(opening: Int, start: Int) throws(JSONError) -> String {
        var text = try decode(start..<position)
        while true {
            switch peek {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text.unicodeScalars.append(try parseEscape())
            default:
                guard position < bytes.count else {
                    throw JSONError(message: "a string is not closed", offset: opening)
                }
                throw JSONError(message: "a control character in a string must be escaped", offset: position)
            }
            let run = position
            scanPlainRun()
            if run < position { text += try decode(run..<position) }
        }
    }

    /// Moves to the next quote, backslash or control character, or to the end.
    private mutating func scanPlainRun() {
        while position < bytes.count {
            let byte = bytes[position]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            position += 1
        }
    }

    private func decode(_ range: Range<Int>) throws(JSONError) -> String {
        let run = UnsafeBufferPointer(rebasing: bytes[range])
        if let text = String(validating: run, as: UTF8.self) { return text }
        throw JSONError(message: "invalid UTF-8", offset: range.lowerBound + Self.firstInvalid(in: run))
    }

    /// The start of the first sequence that is not UTF-8; called only when there is one.
    private static func firstInvalid(in run: UnsafeBufferPointer<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = run.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            offset += UTF8.width(scalar)
        }
        return offset
    }

    private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        let kind = peek
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape(start: start)
        default: throw JSONError(message: "unknown escape in a string", offset: start)
        }
    }

    /// The scalar of `\uXXXX`, or of two of them that make a surrogate pair.
    private mutating func parseUnicodeEscape(start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try parseHexDigits(start: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(UInt16(first)), peek == UInt8(ascii: "\\"),
            position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u")
        else { throw JSONError(message: "a lone surrogate in a string", offset: start) }
        let second = position
        position += 2
        let low = try parseHexDigits(start: second)
        guard UTF16.isTrailSurrogate(UInt16(low)),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (low - 0xDC00))
        else { throw JSONError(message: "a lone surrogate in a string", offset: start) }
        return scalar
    }

    /// Four hexadecimal digits: below 0x10000.
    private mutating func parseHexDigits(start: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(peek)).hexDigitValue, peek < 0x80 else {
                throw JSONError(message: "expected four hexadecimal digits after \\u", offset: start)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }
}
