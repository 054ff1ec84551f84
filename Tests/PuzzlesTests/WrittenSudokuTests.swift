import JSON
import Puzzles
import Testing

/// Sudoku as people paste them, and addresses as they get about.
@Suite struct WrittenSudokuTests {
    static let plain = "53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79"
    static let rows = (0..<9).map { row in
        String(plain.dropFirst(9 * row).prefix(9))
    }

    /// The board with lines between the boxes.
    static func drawn(bar: String, rule: String, blank: String = ".") -> String {
        rows.enumerated().map { row, text in
            let parts = [text.prefix(3), text.dropFirst(3).prefix(3), text.suffix(3)].map(String.init)
            let line = parts.joined(separator: bar).replacing(".", with: blank)
            return row % 3 == 0 && row > 0 ? rule + "\n" + line : line
        }.joined(separator: "\n")
    }

    static let texts: [(name: String, text: String)] = [
        ("newspaper", drawn(bar: "|", rule: "---+---+---")),
        ("newspaper, apart", drawn(bar: " | ", rule: "----+-----+----")),
        ("framed", "+---+---+---+\n" + drawn(bar: "|", rule: "+---+---+---+") + "\n+---+---+---+"),
        ("box drawing", drawn(bar: "│", rule: "───┼───┼───")),
        ("dashes for blanks", drawn(bar: "", rule: "", blank: "-")),
        ("dashes for blanks and between boxes", drawn(bar: "|", rule: "-----------", blank: "-")),
        ("X for blanks", drawn(bar: "", rule: "", blank: "X")),
        ("spaces for blanks", rows.map { $0.replacing(".", with: " ") }.joined(separator: "\n")),
        (
            "spaces for blanks, ends cut",
            rows.map { row in
                String(row.replacing(".", with: " ").reversed().drop { $0 == " " }.reversed())
            }.joined(separator: "\n")
        ),
        ("one line, X and dashes", plain.replacing("..", with: "X-")),
        ("sdk", "#ASomebody\n#DA remark with 5 words\n#B2026-11-30\n" + rows.joined(separator: "\n")),
        ("sections", "[Puzzle]\n" + rows.joined(separator: "\n") + "\n[State]\n" + String(repeating: "1", count: 81)),
        ("joined by slashes", rows.joined(separator: "/")),
        ("commas", rows.map { $0.map { $0 == "." ? "" : String($0) }.joined(separator: ",") }.joined(separator: "\n")),
    ]

    @Test(arguments: texts.map(\.name))
    func isRead(_ name: String) throws {
        let text = try #require(Self.texts.first { $0.name == name }).text
        #expect(try SudokuPuzzle(reading: .string(text)).notation == .string(Self.plain))
    }

    @Test func aRowOfBlanksWrittenAsDashesStaysARow() throws {
        let text = "1234\n----\n----\n----"
        #expect(try SudokuPuzzle(reading: .string(text)).notation == "1234............")
    }

    @Test(arguments: [
        "https://puzz.link/p?nurikabe/4/4/2zg", "https://puzz.link/p?nurikabe/4/4/2zg#share",
        "https://puzz.link/p?nurikabe/4/4/2zg&utm_source=x&b=1/2",
        "https%3A%2F%2Fpuzz.link%2Fp%3Fnurikabe%2F4%2F4%2F2zg",
        "https://puzz.link/p?type=editor&nurikabe/4/4/2zg", "  https://puzz.link/p?nurikabe/4/4/2zg\n",
    ])
    func addressesAsTheyGetAbout(_ text: String) throws {
        #expect(Tasks.task(ofLink: text)?.name == "nurikabe")
    }

    /// As pzpr, which stops at the last cell.
    @Test func whatFollowsTheLastCellIsNotRead() throws {
        let plain = try #require(Tasks.named("sudoku")).read("sudoku/4/4/1u55")
        #expect(plain.notation == "1...............")
        let longer = try #require(Tasks.named("heyawake")).read("heyawake/2/2/000g")
        let board = try #require(Tasks.named("heyawake")).read("heyawake/2/2/000")
        #expect(longer.notation == board.notation)
    }

    @Test(arguments: [
        ("https://swaroopg92.github.io/penpa-edit/#m=solve&p=7VbJ", "penpa"),
        ("https://app.crackingthecryptic.com/sudoku/abc", "SudokuPad"), ("https://sudokupad.app/xyz", "SudokuPad"),
        ("https://www.sudokuwiki.org/sudoku.htm?bd=0", "sudokuwiki"),
        ("https://example.org/puzzles/7", "a site without"),
    ])
    func addressesOfOtherSitesAreToldAsSuch(text: String, site: String) throws {
        #expect(Tasks.task(ofLink: text) == nil && Tasks.genre(ofLink: text) == nil)
        let error = #expect(throws: PuzzleError.self) { try SudokuPuzzle(reading: .string(text)) }
        #expect(error?.message.contains(site) == true && error?.message.contains("puzz.link") == true)
    }
}
