import JSON

/// Finds the id in the start of a line that is not JSON as a whole, so that its error reaches the right request.
///
/// It walks over the members of the outermost object, as far as they go, and reads a value only when its key is `id`.
/// What follows the id may be anything. The first id counts.
struct IDScanner {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    static func id(in start: ArraySlice<UInt8>) -> RequestID? {
        var scanner = IDScanner(bytes: start, position: start.startIndex)
        return scanner.find()
    }

    private init(bytes: ArraySlice<UInt8>, position: Int) {
        self.bytes = bytes
        self.position = position
    }

    private var peek: UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func find() -> RequestID? {
        guard skip(UInt8(ascii: "{")) else { return nil }
        repeat {
            skipWhiteSpace()
            guard let key = string(), skip(UInt8(ascii: ":")) else { return nil }
            skipWhiteSpace()
            guard let value = value() else { return nil }
            // The longest spelling of "id" has an escape for each letter.
            if key.count <= 14, let name = try? JSON(parsing: key), name == "id" {
                return (try? JSON(parsing: value)).flatMap(RequestID.init)
            }
        } while skip(UInt8(ascii: ","))
        return nil
    }

    /// Steps over white space and then over one byte if it is next.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhiteSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A { position += 1 }
    }

    /// The string at the position, with its quotes; nil when it does not end.
    private mutating func string() -> ArraySlice<UInt8>? {
        guard peek == UInt8(ascii: "\"") else { return nil }
        let start = position
        position += 1
        while let byte = peek {
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return bytes[start..<position] }
        }
        return nil
    }

    /// The value at the position; nil when it is not certain where it ends.
    private mutating func value() -> ArraySlice<UInt8>? {
        if peek == UInt8(ascii: "\"") { return string() }
        let start = position
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                guard string() != nil else { return nil }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
                if depth == 0 { return bytes[start..<position] }
                if byte != UInt8(ascii: ",") { depth -= 1 }
            default: break
            }
            position += 1
        }
        // A number may go on.
        return nil
    }
}
