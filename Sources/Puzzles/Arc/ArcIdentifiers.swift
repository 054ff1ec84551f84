import JSON

/// The table of a checkpoint's puzzle-embedding rows: `identifiers.json`, a list of names whose places are the rows.
/// `<blank>` is row 0, a task's own name its unaltered row, `task|||tK|||perm` an augmentation's row.
package struct ArcIdentifiers: Sendable {
    /// One row: its number in the embedding table and how its grids were altered.
    package struct Row: Sendable, Hashable {
        package let identifier: Int
        package let augmentation: ArcAugmentation
    }

    /// A row in 16 bytes; public tables have more than a million.
    private struct Packed {
        var colours: UInt64
        var identifier: Int32
        var transform: UInt8
    }

    private let tasks: [String: [Packed]]
    /// Rows of the table, `<blank>` included.
    package let count: Int

    /// Reads the file's bytes. Throws on anything but a list of texts, and on a name with a malformed ending.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(PuzzleError) {
        var scanner = NameScanner(bytes: bytes)
        var tasks: [String: [Packed]] = [:]
        var count = 0
        while let name = try scanner.next() {
            if name != Array("<blank>".utf8) {
                let parts = Self.split(name)
                guard let packed = Self.packed(parts, identifier: count) else {
                    throw PuzzleError(
                        "“\(String(decoding: name.prefix(60), as: UTF8.self))”, expected a task's name, alone or with "
                            + "|||tK||| and ten colours", field: "identifiers[\(count)]")
                }
                tasks[String(decoding: parts[0], as: UTF8.self), default: []].append(packed)
            }
            count += 1
        }
        self.tasks = tasks
        self.count = count
    }

    /// The rows of a task, the unaltered one first, the others in the table's order; at most `limit`.
    /// Throws when the table does not know the task: no other row can stand for it.
    package func rows(ofTask name: String, limit: Int = .max) throws(PuzzleError) -> [Row] {
        guard let packed = tasks[name] else {
            throw PuzzleError("the model has no embedding for the task “\(name)”", field: "puzzle.name")
        }
        let isPlain = { (row: Packed) in row.transform == 0 && row.colours == Self.plainColours }
        let ordered = packed.filter(isPlain) + packed.filter { !isPlain($0) }
        return ordered.prefix(limit).map { row in
            let colours = (0..<10).map { UInt8(row.colours >> (4 * UInt64($0)) & 15) }
            let augmentation = ArcAugmentation(transform: row.transform, colours: colours) ?? .identity
            return Row(identifier: Int(row.identifier), augmentation: augmentation)
        }
    }

    private static let plainColours = pack(0..<10)

    private static func pack(_ colours: some Sequence<UInt8>) -> UInt64 {
        colours.enumerated().reduce(0) { $0 | UInt64($1.element) << (4 * UInt64($1.offset)) }
    }

    private static func packed(_ parts: [ArraySlice<UInt8>], identifier: Int) -> Packed? {
        guard let row = Int32(exactly: identifier) else { return nil }
        if parts.count == 1 { return Packed(colours: plainColours, identifier: row, transform: 0) }
        // The reference takes the first part as the name and the last two as the alteration.
        guard parts.count >= 3, let turn = parts.dropLast().last, turn.count == 2, turn.first == UInt8(ascii: "t"),
            let digits = parts.last, digits.count == 10
        else { return nil }
        let zero = UInt8(ascii: "0")
        let colours = digits.map { $0 &- zero }
        guard let last = turn.last, ArcAugmentation(transform: last &- zero, colours: colours) != nil else {
            return nil
        }
        return Packed(colours: pack(colours), identifier: row, transform: last &- zero)
    }

    private static func split(_ name: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index + 2 < name.count {
            if name[index..<(index + 3)].allSatisfy({ $0 == UInt8(ascii: "|") }) {
                parts.append(name[start..<index])
                index += 3
                start = index
            } else {
                index += 1
            }
        }
        parts.append(name[start...])
        return parts
    }
}

/// Reads a JSON list of texts one by one: a table of a million names need not become a million values first.
private struct NameScanner {
    let bytes: UnsafeRawBufferPointer
    var offset = 0
    var isOpen = false

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next text's bytes; nil after the closing bracket.
    mutating func next() throws(PuzzleError) -> [UInt8]? {
        skipSpace()
        if !isOpen {
            try take(UInt8(ascii: "["), "[")
            isOpen = true
            skipSpace()
            if peek == UInt8(ascii: "]") { return try finish() }
        } else {
            if peek == UInt8(ascii: "]") { return try finish() }
            try take(UInt8(ascii: ","), ", or ]")
            skipSpace()
        }
        return try text()
    }

    private var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte.isSpace { offset += 1 }
    }

    private mutating func take(_ byte: UInt8, _ expected: String) throws(PuzzleError) {
        guard peek == byte else { throw PuzzleError("expected \(expected) at byte \(offset)", field: "identifiers") }
        offset += 1
    }

    private mutating func finish() throws(PuzzleError) -> [UInt8]? {
        offset += 1
        skipSpace()
        guard offset == bytes.count else {
            throw PuzzleError("something follows the list at byte \(offset)", field: "identifiers")
        }
        return nil
    }

    private mutating func text() throws(PuzzleError) -> [UInt8] {
        let start = offset
        try take(UInt8(ascii: "\""), "a text")
        var hasEscape = false
        while let byte = peek, byte != UInt8(ascii: "\"") {
            hasEscape = hasEscape || byte == UInt8(ascii: "\\")
            offset += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        try take(UInt8(ascii: "\""), "the end of a text")
        if !hasEscape { return Array(bytes[(start + 1)..<(offset - 1)]) }
        guard let value = try? JSON(parsing: bytes[start..<offset]), let text = value.stringValue else {
            throw PuzzleError("a malformed text at byte \(start)", field: "identifiers")
        }
        return Array(text.utf8)
    }
}
