/// Comma-separated values by RFC 4180, byte by byte: quoted fields may hold commas, line ends and doubled quotes. Pure: whoever
/// drives it brings the bytes.
package struct CSVParser: Sendable {
    private enum State: Sendable {
        case fieldStart, plain, quoted, quoteInQuoted
    }

    package struct Row: Sendable, Hashable {
        /// The line on which the row begins, from 1.
        package var line: Int
        package var fields: [String]
    }

    package enum Failure: Error, Sendable, Hashable {
        /// Behind a quoted field stands something else than a comma or a line end.
        case textBehindQuotes(line: Int)
        case quotesNotClosed(line: Int)
        case tooLong(line: Int)
    }

    /// The byte order mark that spreadsheets write in front.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let separator: UInt8
    private let limit: Int
    private var state = State.fieldStart
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var line = 1
    private var rowLine = 1
    private var size = 0
    private var isFirst = true

    /// - Parameter limit: the longest row in bytes.
    package init(separator: UInt8 = UInt8(ascii: ","), limit: Int = 16 << 20) {
        self.separator = separator
        self.limit = limit
    }

    /// Takes the next bytes and gives the rows that they complete; lines without anything are none.
    package mutating func push(_ bytes: some Sequence<UInt8>, _ body: (Row) -> Void) throws(Failure) {
        for byte in bytes { try push(byte, body) }
    }

    /// The end: gives a last row that has no line end.
    package mutating func finish(_ body: (Row) -> Void) throws(Failure) {
        if state == .quoted { throw .quotesNotClosed(line: rowLine) }
        endRow(body)
    }

    private mutating func push(_ byte: UInt8, _ body: (Row) -> Void) throws(Failure) {
        size += 1
        guard size <= limit else { throw .tooLong(line: rowLine) }
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoted, _):
            if byte == 0x0A { line += 1 }
            field.append(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            field.append(byte)
            state = .quoted
        case (_, separator): endField()
        case (_, 0x0A):
            line += 1
            endRow(body)
        case (_, 0x0D): break
        case (.quoteInQuoted, _): throw .textBehindQuotes(line: line)
        case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
        case (.plain, UInt8(ascii: "\"")) where isFirst && field == Self.mark:
            field = []
            state = .quoted
        case (.fieldStart, _), (.plain, _):
            field.append(byte)
            state = .plain
        }
    }

    private mutating func endField() {
        if isFirst, field.starts(with: Self.mark) { field.removeFirst(Self.mark.count) }
        isFirst = false
        fields.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
        state = .fieldStart
    }

    private mutating func endRow(_ body: (Row) -> Void) {
        if !fields.isEmpty || !field.isEmpty || state == .quoteInQuoted {
            endField()
            body(Row(line: rowLine, fields: fields))
        }
        fields = []
        rowLine = line
        size = 0
        state = .fieldStart
    }
}
