/// pzpr's number code: a hexadecimal digit for 0-15, `-hh` to 255, `+hhh` to 4095, `=hhh` from 4096, `@hhh` (`%hhh` in
/// old addresses, with the percent sign escaped) from 8192 and `*hhhh` from 12240 on, `.` for `?`, a letter from `g` on
/// for a run of cells without number.
enum LinkNumber: Sendable, Hashable {
    case none
    case unknown
    case number(Int)
}

extension LinkReader {
    /// `count` cells (or rooms), all of them told.
    mutating func numbers16(_ count: Int, of what: String) throws(PuzzleError) -> [LinkNumber] {
        var numbers: [LinkNumber] = []
        while numbers.count < count {
            let character = try character(for: "\(count - numbers.count) of \(count) \(what) are")
            if let blanks = character.blankRun {
                guard numbers.count + blanks <= count else {
                    throw unexpected(character, "at most \(count - numbers.count) more \(what)")
                }
                numbers.append(contentsOf: repeatElement(.none, count: blanks))
            } else if let digit = character.digitValue(radix: 16) {
                numbers.append(.number(digit))
            } else if character == UInt8(ascii: "-") {
                numbers.append(.number(try hexadecimal(2)))
            } else if character == UInt8(ascii: "+") {
                numbers.append(.number(try hexadecimal(3)))
            } else if character == UInt8(ascii: "=") {
                numbers.append(.number(4096 + (try hexadecimal(3))))
            } else if character == UInt8(ascii: "@") || character == UInt8(ascii: "%") {
                numbers.append(.number(8192 + (try hexadecimal(3))))
            } else if character == UInt8(ascii: "*") {
                numbers.append(.number(12240 + (try hexadecimal(4))))
            } else if character == UInt8(ascii: ".") {
                numbers.append(.unknown)
            } else {
                throw unexpected(character, "a number or a letter from g to z")
            }
        }
        return numbers
    }
}

extension LinkWriter {
    mutating func append(numbers16 numbers: some Sequence<LinkNumber>) {
        for number in numbers {
            switch number {
            case .none: append(blank: 1)
            case .unknown: append(".")
            case .number(let value): append(Self.number16(value))
            }
        }
        flush()
    }

    private static func number16(_ value: Int) -> String {
        func hexadecimal(_ value: Int, _ length: Int) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: max(0, length - digits.count)) + digits
        }
        return switch value {
        case ..<16: hexadecimal(value, 1)
        case ..<256: "-" + hexadecimal(value, 2)
        case ..<4096: "+" + hexadecimal(value, 3)
        case ..<8192: "=" + hexadecimal(value - 4096, 3)
        case ..<12240: "@" + hexadecimal(value - 8192, 3)
        // No board has more cells than a number of this length reaches.
        default: "*" + hexadecimal(value - 12240, 4)
        }
    }
}
