/// The lines of one board as somebody drew it, brought into the plain rows that tasks read.
struct BoardLines {
    /// The ways in which the lines may be meant, each a text of plain rows.
    let variants: [String]

    init(_ lines: [Substring]) {
        let lines = lines.map(Self.trimmedEnd)
        let unlabelled = lines.map(Self.unlabelled)
        var texts: [String] = []
        func add(_ lines: [String]) {
            let text = lines.joined(separator: "\n")
            if !texts.contains(text), !lines.isEmpty { texts.append(text) }
        }
        for rows in [lines, unlabelled] {
            add(rows.map(String.init))
            let cells = Self.cells(rows) ?? []
            let bare = rows.filter { !Self.isRule($0) }.map(Self.withoutBars)
            for plain in [cells, bare] {
                add(plain)
                add(Self.withoutCoordinates(plain))
            }
        }
        variants = texts + texts.map(Self.withDots).filter { !texts.contains($0) }
    }

    private static let bars: Set<Character> = ["|", "│", "┃", "║", "¦"]
    private static let rules: Set<Character> = Set("+=─━═┼╋╬┌┐└┘├┤┬┴┏┓┗┛┣┫┳┻╔╗╚╝╠╣╦╩╂┿┠┨┯┷╟╢╤╧╪╫╞╡╥╨╭╮╰╯-:")

    private static func trimmedEnd(_ line: Substring) -> Substring {
        var line = line
        while let last = line.last, last.isWhitespace { line.removeLast() }
        return line
    }

    /// A row without `Row 3:`, `3:`, `R3:` or `- ` before it.
    static func unlabelled(_ line: Substring) -> Substring {
        let start = line.drop(while: \.isWhitespace)
        if let colon = start.firstIndex(of: ":"), start.distance(from: start.startIndex, to: colon) <= 8 {
            let label = start[..<colon].lowercased().replacing("row", with: "").replacing("line", with: "")
            let rest = label.filter { !$0.isWhitespace && !"*#`".contains($0) }
            if rest.count <= 3, rest.allSatisfy({ $0.isNumber || $0.isLetter }) {
                return start[start.index(after: colon)...]
            }
        }
        return line
    }

    /// Whether a line only draws.
    private static func isRule(_ line: Substring) -> Bool {
        let marks = line.filter { !$0.isWhitespace && !bars.contains($0) }
        guard marks.allSatisfy(rules.contains) else { return false }
        // Dashes apart by spaces are blanks.
        return marks.isEmpty || marks.contains { $0 != "-" } || line.contains("---")
    }

    private static func withoutBars(_ line: Substring) -> String {
        String(line.map { bars.contains($0) ? " " : $0 }).trimmed
    }

    /// The rows of a drawing or table in which every cell has bars around it, so that nothing between two bars is a
    /// blank; nil for another drawing.
    private static func cells(_ lines: [Substring]) -> [String]? {
        let rows = lines.filter { !isRule($0) }.map { line -> [String] in
            var fields = line.split(omittingEmptySubsequences: false) { bars.contains($0) }.map { String($0).trimmed }
            // What stands outside the outermost bars.
            if fields.count > 1, fields.first == "" { fields.removeFirst() }
            if fields.count > 1, fields.last == "" { fields.removeLast() }
            return fields
        }
        guard let width = rows.first?.count, width > 3, rows.allSatisfy({ $0.count == width }),
            rows.allSatisfy({ $0.allSatisfy { !$0.contains(" ") } })
        else { return nil }
        return rows.map { $0.map { $0.isEmpty ? "." : $0 }.joined(separator: " ") }
    }

    /// The rows without a first row and first column that only count: `1 2 3 …`, `A B C …`.
    private static func withoutCoordinates(_ rows: [String]) -> [String] {
        var cells = rows.map { $0.split(separator: " ").map(String.init) }
        guard let head = cells.first, cells.count > 2 else { return [] }
        func counts(_ names: [String]) -> Bool {
            guard names.count > 1 else { return false }
            return ["1", "0", "a", "A"].contains { first in
                names.enumerated().allSatisfy { index, name in
                    if let start = Int(first) {
                        return name == String(start + index) || name.lowercased() == "r\(start + index)"
                            || name.lowercased() == "c\(start + index)"
                    }
                    return first.unicodeScalars.first.flatMap { UnicodeScalar($0.value + UInt32(index)) }.map {
                        String(Character($0))
                    } == name
                }
            }
        }
        let body = Array(cells.dropFirst())
        let hasHead = counts(head) || (head.count > 1 && counts(Array(head.dropFirst())) && head[0] == ".")
        let kept = hasHead ? body : cells
        if counts(kept.map { $0.first ?? "" }) { cells = kept.map { Array($0.dropFirst()) } } else { cells = kept }
        return cells.map { $0.joined(separator: " ") }
    }

    /// Other marks for a blank.
    private static func withDots(_ text: String) -> String {
        String(text.map { "?·•∙□▢☐⬜◻＿･。○".contains($0) ? "." : $0 })
    }
}

extension String {
    /// Without spaces before and after.
    var trimmed: String {
        let start = drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
