extension Profile {
    /// What a name may be, for people.
    package static let nameRule = "a profile's name is 1 to 64 letters, digits, dots, dashes and underscores"

    /// Whether a profile may have this name.
    package static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                let letter = byte | 0x20
                return (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= letter
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
    }
}
