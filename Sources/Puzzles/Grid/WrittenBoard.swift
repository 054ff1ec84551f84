import JSON

/// A board as somebody wrote it, taken apart into cells but not yet understood: a text of lines, a list of lines, a
/// list of lists, or all cells in one text or list.
package struct WrittenBoard {
    package enum Entry {
        case text(Substring)
        case integer(Int64)
        case null
    }

    /// What spaces in a line mean.
    package enum Spaces {
        /// Cells, as in mazes.
        case cells
        /// Nothing; they and line ends only help the reader.
        case ignored
        /// Ends of cells, which may then have several characters; a line without spaces has one cell per character.
        case separators
    }

    package let size: GridSize
    package let entries: [Entry]

    /// - Parameters:
    ///   - field: the request field, for messages.
    ///   - rowsMayBeAlone: whether one row in a list of rows is a board of one row rather than all cells of another.
    ///   - flat: the size of a board with this number of cells that is written without lines; nil when there is none.
    init(
        _ value: JSON, field: String, spaces: Spaces, rowsMayBeAlone: Bool = false, flat: (Int) -> GridSize?
    ) throws(PuzzleError) {
        var rows: [[Entry]] = []
        var isRow = false
        switch value {
        case .string(let text):
            rows = Self.lines(of: text, spaces: spaces).map { Self.entries(of: $0, spaces: spaces) }
        case .array(let values):
            let isNested = values.contains { $0.arrayValue != nil || ($0.stringValue?.count ?? 0) > 1 }
            if !isNested { rows = [[]] }
            isRow = isNested && rowsMayBeAlone
            for (index, value) in values.enumerated() {
                let place = "\(field)[\(index)]"
                switch value {
                case .string(let line) where isNested:
                    rows.append(Self.entries(of: line[...], spaces: spaces))
                case .array(let cells):
                    var row: [Entry] = []
                    for (column, cell) in cells.enumerated() {
                        row.append(try Self.entry(cell, field: "\(place)[\(column)]"))
                    }
                    rows.append(row)
                default:
                    guard !isNested else {
                        throw PuzzleError("expected a row of cells, found \(value.typeName)", field: place)
                    }
                    rows[0].append(try Self.entry(value, field: place))
                }
            }
        default:
            throw PuzzleError("expected a text or nested arrays, found \(value.typeName)", field: field)
        }
        // Longer ones are boards of no row.
        if rows.count == 1, !isRow || rows[0].count > GridSize.longestSide, let size = flat(rows[0].count) {
            self.init(size: size, entries: rows[0])
            return
        }
        try self.init(rows: rows, field: field)
    }

    private init(size: GridSize, entries: [Entry]) {
        self.size = size
        self.entries = entries
    }

    private init(rows: [[Entry]], field: String) throws(PuzzleError) {
        guard let width = rows.first?.count, width > 0 else { throw PuzzleError("the board is empty", field: field) }
        guard width <= GridSize.longestSide, rows.count <= GridSize.longestSide else {
            throw PuzzleError(
                "the board has \(rows.count) rows of \(width) cells, expected at most \(GridSize.longestSide) of each",
                field: field)
        }
        if let odd = rows.firstIndex(where: { $0.count != width }) {
            throw PuzzleError("row \(odd + 1) has \(rows[odd].count) cells, row 1 has \(width)", field: field)
        }
        self.init(size: GridSize(width: width, height: rows.count), entries: rows.flatMap { $0 })
    }

    private static func lines(of text: String, spaces: Spaces) -> [Substring] {
        if spaces == .ignored { return [Substring(text.filter { !$0.isWhitespace })] }
        var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }[...]
        while let last = lines.last, last.isEmpty { lines.removeLast() }
        while let first = lines.first, first.isEmpty { lines.removeFirst() }
        return Array(lines)
    }

    private static func entries(of line: Substring, spaces: Spaces) -> [Entry] {
        if spaces == .separators {
            let words = line.split { $0.isWhitespace }
            if words.count > 1 { return words.map { .text($0) } }
            return (words.first ?? "").indices.map { .text((words.first ?? "")[$0...$0]) }
        }
        let kept = spaces == .ignored ? Substring(line.filter { !$0.isWhitespace }) : line
        return kept.indices.map { .text(kept[$0...$0]) }
    }

    private static func entry(_ value: JSON, field: String) throws(PuzzleError) -> Entry {
        switch value {
        case .integer(let number): .integer(number)
        case .string(let text): .text(text[...])
        case .null: .null
        default: throw PuzzleError("expected a cell, found \(value.typeName)", field: field)
        }
    }
}

extension WrittenBoard.Entry {
    /// The entry as it was written, for messages.
    package var text: String {
        switch self {
        case .text(let text): "“\(text.prefix(20))”"
        case .integer(let number): String(number)
        case .null: "null"
        }
    }

    /// The value of an integer, or of a text of decimal digits.
    package var number: Int? {
        switch self {
        case .text(let text): Int(text)
        case .integer(let number): Int(exactly: number)
        case .null: nil
        }
    }
}
