/// pzpr's files, `pzprv3` and lines for genre, rows, columns and cells, and the same joined by slashes inside an address, as pzpr's
/// "Duplicate" makes: brought into the code of addresses. What somebody has filled in is left out.
struct PzprFile {
    let link: PuzzleLink

    /// Whether a text is one, or an address with one in it.
    static func looksLike(_ text: String) -> Bool { text.firstRange(ofBytes: "pzprv3") != nil }

    /// The genre of such a text; nil when it says none.
    static func genre(of text: String) -> String? {
        let lines = lines(of: text)
        return lines.count > 1 ? lines[1].lowercased() : nil
    }

    init(parsing text: String, genres: [String]) throws(PuzzleError) {
        let lines = Self.lines(of: text)
        let genre = lines.count > 1 ? lines[1].lowercased() : ""
        guard genres.contains(genre) else {
            throw PuzzleError(
                "the file is for \(genre.isEmpty ? "no genre" : "“\(genre.prefix(40))”"), expected "
                    + genres.joined(separator: " or "))
        }
        // A sudoku's size is one number.
        let sizes = genre == "sudoku" ? 1 : 2
        let sides = lines.dropFirst(2).prefix(sizes).compactMap { Int($0) }
        guard sides.count == sizes, sides.allSatisfy({ (1...GridSize.longestSide).contains($0) }) else {
            throw PuzzleError("the file has no size from 1 to \(GridSize.longestSide) where it should be")
        }
        let size = GridSize(width: sides[sizes - 1], height: sides[0])
        var rest = Array(lines.dropFirst(2 + sizes))
        var writer = LinkWriter()
        switch genre {
        case "lightup", "akari":
            writer.append(
                fourCells: try Self.cells(&rest, size) { $0 == "-" ? 5 : Self.number($0, 0...4).map(Int8.init) })
        case "shakashaka":
            writer.append(fourCells: try Self.cells(&rest, size) { Self.number($0, 0...5).map(Int8.init) })
        case "heyawake":
            let rooms = try Self.rooms(&rest, size)
            writer.append(borders: size, right: rooms.right, below: rooms.below)
            let numbers = try Self.numbers(&rest, size)
            writer.append(
                numbers16: rooms.members.map { room in room.map { numbers[$0] }.first { $0 != .none } ?? .none })
        case "tapa":
            var clues: [[Int]] = []
            for words in try Self.rows(&rest, size) {
                for word in words {
                    let isClue = !["#", "+", "."].contains(word)
                    clues.append(isClue ? word.split(separator: ",").map { Int($0) ?? -2 } : [])
                }
            }
            for (cell, clue) in clues.enumerated() { try Self.append(clue, at: size.cell(cell), to: &writer) }
            writer.flush()
        default:
            writer.append(numbers16: try Self.numbers(&rest, size))
        }
        link = PuzzleLink(genre: genre, size: size, body: writer.body)
    }

    /// The lines from `pzprv3` on, whatever separates them.
    private static func lines(of text: String) -> [String] {
        guard let start = text.firstRange(ofBytes: "pzprv3") else { return [] }
        let rest = Substring(text[start.lowerBound...])
        let separator: (UInt8) -> Bool =
            rest.utf8.contains(0x0A)
            ? { $0 == 0x0A } : rest.utf8.contains(0x0D) ? { $0 == 0x0D } : { $0 == UInt8(ascii: "/") }
        // By bytes: characters cost ten times as much.
        var lines = rest.utf8.split(omittingEmptySubsequences: false, whereSeparator: separator).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        // pzprv3.1 and the like.
        if let first = lines.first { lines[0] = String(first.prefix { $0 != "." }) }
        return lines
    }

    private static func number(_ word: String, _ range: ClosedRange<Int>) -> Int? {
        Int(word).flatMap { range.contains($0) ? $0 : nil }
    }

    private static func rows(_ lines: inout [String], _ size: GridSize) throws(PuzzleError) -> [[String]] {
        guard lines.count >= size.height else {
            throw PuzzleError(
                "the file ends too early: \(size.height - lines.count) of \(size.height) rows are missing")
        }
        let rows = lines.prefix(size.height).map { $0.split(separator: " ").map(String.init) }
        lines.removeFirst(size.height)
        if let odd = rows.firstIndex(where: { $0.count != size.width }) {
            throw PuzzleError("row \(odd + 1) of the file has \(rows[odd].count) cells, expected \(size.width)")
        }
        return rows
    }

    /// Clues by cell, -1 where there is none: marks of a solver count as none.
    private static func cells(
        _ lines: inout [String], _ size: GridSize, _ clue: (String) -> Int8?
    ) throws(PuzzleError) -> [Int8] {
        var cells: [Int8] = []
        for word in try rows(&lines, size).joined() {
            if [".", "#", "+"].contains(word) {
                cells.append(-1)
            } else if let value = clue(word) {
                cells.append(value)
            } else {
                throw PuzzleError("“\(word.prefix(20))” at \(Cell.list([size.cell(cells.count)])) is no clue")
            }
        }
        return cells
    }

    private static func numbers(_ lines: inout [String], _ size: GridSize) throws(PuzzleError) -> [LinkNumber] {
        var numbers: [LinkNumber] = []
        for word in try rows(&lines, size).joined() {
            switch word {
            case ".", "#", "+": numbers.append(.none)
            case "-": numbers.append(.unknown)
            default:
                guard let value = number(word, 0...20_000) else {
                    throw PuzzleError("“\(word.prefix(20))” at \(Cell.list([size.cell(numbers.count)])) is no number")
                }
                numbers.append(.number(value))
            }
        }
        return numbers
    }

    private static func rooms(
        _ lines: inout [String], _ size: GridSize
    ) throws(PuzzleError) -> (right: [Bool], below: [Bool], members: [[Int]]) {
        guard !lines.isEmpty else { throw PuzzleError("the file ends before its rooms") }
        lines.removeFirst()
        let rooms = try rows(&lines, size).flatMap { $0 }
        let cells = rooms.indices
        var members: [String: [Int]] = [:]
        for cell in cells { members[rooms[cell], default: []].append(cell) }
        return (
            cells.map { ($0 + 1) % size.width != 0 && rooms[$0] != rooms[$0 + 1] },
            cells.map { $0 + size.width < size.count && rooms[$0] != rooms[$0 + size.width] },
            members.values.sorted { $0[0] < $1[0] }
        )
    }

    private static func append(_ clue: [Int], at cell: Cell, to writer: inout LinkWriter) throws(PuzzleError) {
        let known = clue.map { max($0, 0) }
        switch clue.count {
        case 0: writer.append(blank: 1)
        case 1 where clue[0] == -2: writer.append(".")
        case 1 where (0...8).contains(clue[0]): writer.append(String(clue[0]))
        case 2 where known.allSatisfy({ $0 < 6 }): writer.append(String(360 + known[0] * 6 + known[1], radix: 36))
        case 3 where known.allSatisfy({ $0 < 4 }):
            writer.append(String(396 + known[0] * 16 + known[1] * 4 + known[2], radix: 36))
        case 4 where known.allSatisfy({ $0 < 2 }):
            let number = known.reduce(0) { $0 * 2 + $1 }
            writer.append(number == 15 ? "9" : String(460 + number, radix: 36))
        default: throw PuzzleError("the clue at \(Cell.list([cell])) does not fit around a cell", cells: [cell])
        }
    }
}
