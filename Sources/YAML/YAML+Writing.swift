extension YAML {
    /// A string as a scalar that reads back as the same string: plain where that is safe, else in double quotes with
    /// everything escaped that YAML does not print or would fold.
    package static func text(of string: String) -> String {
        if isSafePlain(string) { return string }
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case " "..."~", "\u{A0}"..."\u{2027}", "\u{202A}"..."\u{D7FF}", "\u{E000}"..."\u{FEFE}",
                "\u{FF00}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                text.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
        return text + "\""
    }

    /// Conservative: starts with a letter, goes on with letters, digits and a few marks that have no meaning to YAML
    /// inside a word, and stands for nothing else in either version of YAML.
    private static func isSafePlain(_ string: String) -> Bool {
        let bytes = string.utf8
        guard let first = bytes.first, let last = bytes.last, isLetter(first), last != UInt8(ascii: " ") else {
            return false
        }
        return bytes.allSatisfy { isLetter($0) || isInnerMark($0) }
            && YAMLScalar(string, plain: true) == .string(string)
            && !booleansOfYAML11.contains(string.lowercased())
    }

    private static let booleansOfYAML11: Set<String> = ["y", "n", "yes", "no", "on", "off"]

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= byte | 0x20 || byte == UInt8(ascii: "_")
    }

    private static func isInnerMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: " "):
            true
        default: false
        }
    }
}
