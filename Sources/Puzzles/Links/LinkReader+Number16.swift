/// pzpr's number code: a hexadecimal digit for 0-15, `-hh` to 255, `+hhh` to 4095, `.` for `?`, a letter from `g` on
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
        let digits = String(value, radix: 16)
        if value < 16 { return digits }
        if value < 256 { return "-" + digits }
        return "+" + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
