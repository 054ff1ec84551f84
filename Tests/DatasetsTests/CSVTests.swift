import Datasets
import JSON
import Randomness
import TestSupport
import Testing

@Suite struct CSVTests {
    static func rows(_ text: String, pieces: Int = 1) throws -> [[String]] {
        var parser = CSVParser()
        var rows: [[String]] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieces) {
            try parser.push(bytes[start..<min(bytes.count, start + pieces)]) { rows.append($0.fields) }
        }
        try parser.finish { rows.append($0.fields) }
        return rows
    }

    @Test(arguments: [
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]), ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        (#""a,1","b ""q"" c""# + "\n", [["a,1", #"b "q" c"#]]), ("\"x\ny\",z\n", [["x\ny", "z"]]),
        ("a,,\n", [["a", "", ""]]), ("\n\na\n\n", [["a"]]), ("\u{FEFF}a,b\n", [["a", "b"]]), ("\"\"\n", [[""]]),
        ("", []),
        (#"a"b,c"#, [[#"a"b"#, "c"]]),
    ])
    func readsWhatRFC4180Says(_ text: String, _ expected: [[String]]) throws {
        for pieces in [1, 2, 3, 100] { #expect(try Self.rows(text, pieces: pieces) == expected) }
    }

    @Test(arguments: [
        ("\"a\"b,c\n", CSVParser.Failure.textBehindQuotes(line: 1)), ("x\n\"a\n", .quotesNotClosed(line: 2)),
    ])
    func refusesWhatItCannotRead(_ text: String, _ failure: CSVParser.Failure) {
        #expect(throws: failure) { try Self.rows(text) }
    }

    @Test(arguments: [
        ["", "a,b", "\"", "a\nb", "plain", "“é”"],
        // Quotes, commas and line ends that are one character with their neighbour.
        ["c\"\u{33F}puz\"\"", "\u{600},", ",\u{300}", "a\r\nb", "x\"\u{FE0F}"],
    ])
    func whatIsWrittenReadsBack(_ fields: [String]) throws {
        let line = fields.map(CSVDataset.written).joined(separator: ",") + "\n"
        #expect(try Self.rows(line) == [fields])
    }

    @Test func tablesByTheirHeaders() throws {
        let folder = try TemporaryFolder()
        let board = String(repeating: ".", count: 80) + "1"
        let solved = String(repeating: "2", count: 81)
        for (name, text) in [
            ("extreme.csv", "source,question,answer,rating\np0,\(board),\(solved),7\n"),
            ("kaggle.csv", "quizzes,solutions\n\(board),\(solved)\n"), ("bare.csv", "\(board),\(solved)\n"),
        ] {
            let dataset = try #require(try Dataset(path: folder.write(text, as: name)))
            let item = try #require(try dataset.reader.next())
            #expect(item.puzzle == .string(board) && item.solution == .string(solved) && item.id == "1")
            let end = try dataset.reader.next()
            #expect(end == nil)
            if name == "extreme.csv" { #expect(item.meta["rating"] == "7" && item.meta["source"] == "p0") }
        }
        let wrong = try folder.write("a,b\nc,d\n", as: "wrong.csv")
        #expect(throws: DatasetError.self) { try Dataset(path: wrong)?.reader.next() }
    }

    @Test func anyBytesGiveRowsOrAFailure() {
        var random = SplitMix(seed: 4)
        let alphabet = Array("\",\n\r ab".utf8)
        for _ in 0..<2000 {
            var parser = CSVParser(limit: 100)
            let bytes = (0..<random.below(40)).map { _ in alphabet[random.below(alphabet.count)] }
            var fields = 0
            do {
                try parser.push(bytes) { fields += $0.fields.count }
                try parser.finish { fields += $0.fields.count }
                #expect(fields <= bytes.count + 1)
            } catch {
                continue
            }
        }
    }
}
