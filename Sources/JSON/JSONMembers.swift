/// The members of an object in a large text, each read only when it is asked for: a value takes some twenty times its bytes in
/// memory, and of a file of many only one is needed at a time.
///
///     guard let members = JSONMembers(bytes) else { return }
///     for index in members.keys.indices { use(members.keys[index], try members.value(index)) }
package struct JSONMembers: Sendable {
    /// In the order of the text.
    package private(set) var keys: [String] = []
    private var values: [Range<Int>] = []
    private let bytes: [UInt8]

    /// Nil when the text is no object. Values are looked at no closer than it takes to find their ends.
    package init?(_ bytes: [UInt8]) {
        self.bytes = bytes
        var position = 0
        func skipSpace() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }
        func take(_ character: Unicode.Scalar) -> Bool {
            skipSpace()
            guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
            position += 1
            return true
        }
        guard take("{") else { return nil }
        if !take("}") {
            repeat {
                skipSpace()
                let key = position..<Self.end(of: position, in: bytes)
                position = key.upperBound
                guard case .string(let name)? = try? JSON(parsing: bytes[key]), take(":") else { return nil }
                skipSpace()
                let value = position..<Self.end(of: position, in: bytes)
                position = value.upperBound
                guard !value.isEmpty else { return nil }
                keys.append(name)
                values.append(value)
            } while take(",")
            guard take("}") else { return nil }
        }
        skipSpace()
        // As in any other object a key stands once.
        guard position == bytes.count, Set(keys.map { Array($0.utf8) }).count == keys.count else { return nil }
    }

    /// Bytes that the text of a value takes.
    package func size(_ index: Int) -> Int { values[index].count }

    package func value(_ index: Int) throws(JSONError) -> JSON { try JSON(parsing: bytes[values[index]]) }

    /// Where the value that begins at `start` ends: at the comma or bracket behind it.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int {
        var depth = 0
        var isString = false
        var position = start
        while position < bytes.count {
            switch (bytes[position], isString) {
            case (UInt8(ascii: "\\"), true): position += 1
            case (UInt8(ascii: "\""), true):
                isString = false
                if depth == 0 { return position + 1 }
            case (_, true): break
            case (UInt8(ascii: "\""), false): isString = true
            case (UInt8(ascii: "["), false), (UInt8(ascii: "{"), false): depth += 1
            case (UInt8(ascii: "]"), false), (UInt8(ascii: "}"), false), (UInt8(ascii: ","), false):
                if depth == 0 { return position }
                if bytes[position] != UInt8(ascii: ",") { depth -= 1 }
                // The last bracket belongs to the value.
                if depth == 0, bytes[position] != UInt8(ascii: ",") { return position + 1 }
            default: break
            }
            position += 1
        }
        return min(position, bytes.count)
    }
}
