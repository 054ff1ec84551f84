/// A recursive-descent reader over bytes that outlive it. Every access is bounded by `peek` or by an explicit
/// comparison with `bytes.count`.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let maxDepth: Int
    var position = 0
    private var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    /// The byte at the position, or 0 at the end; a 0 byte is valid nowhere, so the two need no telling apart until
    /// an error is described.
    var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

    mutating func parseText() throws(JSONError) -> JSON {
        skipWhiteSpace()
        let value = try parseValue()
        skipWhiteSpace()
        guard position == bytes.count else { throw unexpected("the end of the text") }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSON {
        switch peek {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func parseArray() throws(JSONError) -> JSON {
        try open()
        var elements: [JSON] = []
        if !close(UInt8(ascii: "]")) {
            repeat {
                skipWhiteSpace()
                elements.append(try parseValue())
            } while try separator(orClosing: UInt8(ascii: "]"), "',' or ']'")
        }
        return .array(elements)
    }

    private mutating func parseObject() throws(JSONError) -> JSON {
        try open()
        var keys = KeySet()
        var members: [(key: String, value: JSON)] = []
        if !close(UInt8(ascii: "}")) {
            repeat {
                skipWhiteSpace()
                guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
                let start = position
                let key = try parseString()
                guard keys.insert(key, among: members) else {
                    throw JSONError(message: "duplicate key \(JSON.string(key).text)", offset: start)
                }
                skipWhiteSpace()
                guard peek == UInt8(ascii: ":") else { throw unexpected("':' after a key") }
                position += 1
                skipWhiteSpace()
                members.append((key, try parseValue()))
            } while try separator(orClosing: UInt8(ascii: "}"), "',' or '}'")
        }
        return .object(JSONObject(uniqueMembers: members))
    }

    /// Steps over the opening bracket.
    private mutating func open() throws(JSONError) {
        guard depth < maxDepth else {
            throw JSONError(message: "nested deeper than \(maxDepth)", offset: position)
        }
        depth += 1
        position += 1
        skipWhiteSpace()
    }

    /// Steps over the closing bracket if it is next.
    private mutating func close(_ bracket: UInt8) -> Bool {
        guard peek == bracket else { return false }
        depth -= 1
        position += 1
        return true
    }

    /// True after a comma, false after the closing bracket.
    private mutating func separator(orClosing bracket: UInt8, _ expected: String) throws(JSONError) -> Bool {
        skipWhiteSpace()
        if close(bracket) { return false }
        guard peek == UInt8(ascii: ",") else { throw unexpected(expected) }
        position += 1
        return true
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        let start = position
        for index in 0..<word.utf8CodeUnitCount {
            guard peek == word.utf8Start[index] else {
                position = start
                throw unexpected("a value")
            }
            position += 1
        }
        return value
    }

    private mutating func skipWhiteSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// "expected `expected`, found …" for the byte at the position.
    func unexpected(_ expected: String) -> JSONError {
        JSONError(message: "expected \(expected), found \(found)", offset: position)
    }

    private var found: String {
        guard position < bytes.count else { return "the end of the text" }
        let byte = bytes[position]
        guard (0x21...0x7E).contains(byte) else {
            return "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
        }
        return "'\(Character(UnicodeScalar(byte)))'"
    }
}

/// Finds repeated keys: by comparison while there are few, by hashing once there are many (a checkpoint's header has
/// one key per tensor).
private struct KeySet {
    private static let few = 16
    private var hashed: Set<[UInt8]> = []

    mutating func insert(_ key: String, among members: [(key: String, value: JSON)]) -> Bool {
        guard members.count >= Self.few else { return !members.contains { $0.key.isIdentical(to: key) } }
        if hashed.isEmpty { hashed = Set(members.lazy.map { Array($0.key.utf8) }) }
        return hashed.insert(Array(key.utf8)).inserted
    }
}
