/// A sudoku as newspapers, programs and forums write it, brought into plain rows: with lines between the boxes, with a
/// header and remarks (`.sdk`, `.ss`), with commas, with rows joined by slashes, and with other marks for blanks.
///
///     SudokuText("53.|.7.|...\n6..|195|...\n...")?.rows  // ["53..7....", "6..195...", …]
struct SudokuText {
    /// One row of characters for each row of the board, dots for blanks; as many rows as each has characters.
    let rows: [String]

    /// Whether a text is worth a look: neither plain already nor an address, and not far longer than any board.
    static func mayBe(_ text: String) -> Bool {
        text.utf8.count <= 16384 && !text.utf8.starts(with: "http".utf8)
            && !text.utf8.allSatisfy { $0 == 0x2E || ($0 >= 0x30 && $0 <= 0x39) }
    }

    /// Nil for a text that is no such board: it is left to the notations that all boards share.
    init?(_ text: String) {
        let lines = Self.lines(of: text)
        // Each costs a look at every character: none is tried once another has made a board.
        let ways: [() -> [[Character]]] = [
            { lines.count == 1 ? Self.square(Self.row(lines[0]) ?? []) : [] }, { Self.all(lines, Self.row) },
            { Self.all(lines.filter { !Self.isDashes($0) }, Self.row) }, { Self.all(lines, Self.spacedRow) },
        ]
        guard let rows = ways.lazy.map({ $0() }).first(where: Self.isBoard) else { return nil }
        self.rows = rows.map { String($0) }
    }

    /// Empty when a line is none of a board.
    private static func all(_ lines: [Substring], _ row: (Substring) -> [Character]?) -> [[Character]] {
        // More lines than the longest of these boards has rows, its lines between boxes and some to spare.
        guard lines.count <= 32 else { return [] }
        var rows: [[Character]] = []
        for line in lines {
            guard let row = row(line) else { return [] }
            rows.append(row)
        }
        return rows
    }

    /// All cells in one line, cut into rows; empty when they make no square.
    private static func square(_ cells: [Character]) -> [[Character]] {
        guard let side = SudokuPuzzle.sides.first(where: { $0 * $0 == cells.count }) else { return [] }
        return (0..<side).map { Array(cells[$0 * side..<($0 + 1) * side]) }
    }

    private static func isBoard(_ rows: [[Character]]) -> Bool {
        SudokuPuzzle.sides.contains(rows.count) && rows.count <= 9 && rows.allSatisfy { $0.count == rows.count }
    }

    /// The lines of the board: without remarks and headers, and of a file in sections those of its puzzle.
    private static func lines(of text: String) -> [Substring] {
        var lines = text.split(whereSeparator: \.isNewline)
        if lines.count == 1, text.contains("/"), !text.contains("?"), !text.contains(":") {
            lines = text.split(separator: "/", omittingEmptySubsequences: false)
        }
        if let puzzle = lines.firstIndex(where: { $0.hasPrefix("[") && $0.lowercased().hasPrefix("[puzzle]") }) {
            lines = Array(lines[(puzzle + 1)...].prefix { !$0.hasPrefix("[") })
        }
        return lines.filter { !$0.hasPrefix("#") && !$0.hasPrefix("[") && !isRule($0) }
    }

    private static let bars: Set<Character> = ["|", "│", "┃", "║", "¦", "!"]
    private static let rules: Set<Character> = [
        "+", "=", "─", "━", "═", "┼", "╋", "╬", "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┏", "┓", "┗", "┛", "┣", "┫",
        "┳",
        "┻", "╔", "╗", "╚", "╝", "╠", "╣", "╦", "╩", "╂", "┿", "┠", "┨", "┯", "┷", "╟", "╢", "╤", "╧", "╪", "╫",
    ]

    /// Whether a line only draws: it has no cell, and is not a row of blanks.
    private static func isRule(_ line: Substring) -> Bool {
        let marks = line.filter { !$0.isSpace }
        guard !marks.isEmpty else { return true }
        return marks.allSatisfy { $0 == "-" || bars.contains($0) || rules.contains($0) }
            && marks.contains { rules.contains($0) }
    }

    /// The numbers of a larger board, apart by spaces and with lines between the boxes; zeros for blanks. Nil for a text that
    /// is none.
    static func numbers(_ text: String) -> [[Int64]]? {
        let lines = lines(of: text).filter { !isDashes($0) }
        let side = lines.count
        guard side > 9, SudokuPuzzle.sides.contains(side) else { return nil }
        var rows: [[Int64]] = []
        for line in lines {
            let words = line.split { $0.isSpace || bars.contains($0) || $0 == "," || $0 == ";" }
            guard words.count == side else { return nil }
            var row: [Int64] = []
            for word in words {
                guard let number = number(word), number <= side else { return nil }
                row.append(number)
            }
            rows.append(row)
        }
        return rows
    }

    private static func number(_ word: Substring) -> Int64? {
        if word.allSatisfy({ ".-_*·".contains($0) }) { return 0 }
        if let number = Int64(word), number >= 0 { return number }
        guard word.utf8.count == 1, let letter = word.uppercased().utf8.first, (0x41...0x50).contains(letter) else {
            return nil
        }
        return Int64(letter) - 0x41 + 10
    }

    /// Whether a line is dashes alone, which is a line between boxes or a row of blanks.
    private static func isDashes(_ line: Substring) -> Bool {
        line.allSatisfy { $0 == "-" || $0.isSpace || bars.contains($0) }
    }

    /// The cells of a line in which spaces mean nothing; nil when it has something that is no cell.
    private static func row(_ line: Substring) -> [Character]? {
        if line.contains(",") || line.contains(";") {
            let fields = line.split(omittingEmptySubsequences: false) { $0 == "," || $0 == ";" }
            return cells(String(fields.map { field in field.first { !$0.isSpace && $0 != "\"" } ?? "." }))
        }
        return cells(String(line.filter { !$0.isSpace }))
    }

    /// The cells of a line in which a space is a blank.
    private static func spacedRow(_ line: Substring) -> [Character]? {
        guard var cells = cells(String(line.map { $0.isSpace ? "." : $0 })) else { return nil }
        // Editors cut the spaces at the end of a line.
        while cells.count < 9 { cells.append(".") }
        return cells
    }

    /// Nil when something in it is no cell.
    private static func cells(_ text: String) -> [Character]? {
        var cells: [Character] = []
        for character in text where !bars.contains(character) {
            guard let cell = cell(character) else { return nil }
            cells.append(cell)
        }
        return cells
    }

    private static func cell(_ character: Character) -> Character? {
        switch character {
        case "1"..."9" where character.isASCII: character
        case "0", ".", "-", "_", "*", "x", "X", "·": "."
        default: nil
        }
    }
}

extension Character {
    /// White space; quick for ASCII, where looking into Unicode's tables is most of what reading a board costs.
    fileprivate var isSpace: Bool { asciiValue?.isSpace ?? isWhitespace }
}
