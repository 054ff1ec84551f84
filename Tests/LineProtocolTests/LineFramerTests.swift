import LineProtocol
import Randomness
import TestSupport
import Testing

@Suite struct LineFramerTests {
    /// The lines of a stream that comes in pieces of the given sizes (the last size repeats).
    private func frame(_ bytes: [UInt8], limit: Int = 16, pieces: [Int] = [.max]) -> [FramedLine] {
        var framer = LineFramer(maxLineBytes: limit)
        var lines: [FramedLine] = []
        var rest = bytes[...]
        var turn = 0
        while !rest.isEmpty {
            let size = min(max(1, pieces[min(turn, pieces.count - 1)]), rest.count)
            framer.push(Array(rest.prefix(size))) { lines.append($0) }
            rest = rest.dropFirst(size)
            turn += 1
        }
        framer.finish { lines.append($0) }
        return lines
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var input: String
        var lines: [(number: Int, text: String?)]
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "nothing", input: "", lines: []),
        Case(name: "one line", input: "a\n", lines: [(1, "a")]),
        Case(name: "last line without end", input: "a\nb", lines: [(1, "a"), (2, "b")]),
        Case(name: "CR LF", input: "a\r\nb\r\n", lines: [(1, "a"), (2, "b")]),
        Case(name: "last line ends with CR", input: "a\r", lines: [(1, "a")]),
        Case(name: "only one CR belongs to the end", input: "a\r\r\n", lines: [(1, "a\r")]),
        Case(name: "CR inside", input: "a\rb\n", lines: [(1, "a\rb")]),
        Case(name: "blank lines count", input: "\n\r\n \t \na\n\n", lines: [(4, "a")]),
        Case(name: "spaces are kept", input: " a \n", lines: [(1, " a ")]),
        Case(name: "byte order mark", input: "\u{FEFF}a\n", lines: [(1, "a")]),
        Case(name: "byte order mark alone", input: "\u{FEFF}\na\n", lines: [(2, "a")]),
        Case(name: "byte order mark later", input: "a\n\u{FEFF}b\n", lines: [(1, "a"), (2, "\u{FEFF}b")]),
        Case(name: "a byte 0", input: "a\0b\n", lines: [(1, "a\0b")]),
        Case(name: "at the limit", input: "0123456789abcdef\n", lines: [(1, "0123456789abcdef")]),
        Case(name: "at the limit, CR LF", input: "0123456789abcdef\r\nb", lines: [(1, "0123456789abcdef"), (2, "b")]),
        Case(name: "at the limit, mark", input: "\u{FEFF}0123456789abcdef\r\n", lines: [(1, "0123456789abcdef")]),
        Case(name: "at the limit, no end", input: "0123456789abcdef", lines: [(1, "0123456789abcdef")]),
        Case(name: "over the limit", input: "0123456789abcdefg\nb\n", lines: [(1, nil), (2, "b")]),
        Case(
            name: "over the limit, CR not at the end", input: "0123456789abcdef\rg\nb\n", lines: [(1, nil), (2, "b")]),
        Case(name: "over the limit, two CRs", input: "0123456789abcdef\r\r\nb\n", lines: [(1, nil), (2, "b")]),
        Case(name: "over the limit, mark", input: "\u{FEFF}0123456789abcdefg\nb\n", lines: [(1, nil), (2, "b")]),
        Case(name: "over the limit, no end", input: "a\n0123456789abcdefghijklmnopqrst", lines: [(1, "a"), (2, nil)]),
        Case(
            name: "over the limit twice", input: "0123456789abcdefg\n\n0123456789abcdefg\n",
            lines: [(1, nil), (3, nil)]),
        Case(name: "long and blank", input: "                 \nb\n", lines: [(1, nil), (2, "b")]),
    ]

    @Test(arguments: cases)
    func cutsLines(_ example: Case) {
        let expected = example.lines.map { number, text in
            let head = Array("0123456789abcdef".utf8)
            let blank = example.name == "long and blank"
            let content = text.map { FramedLine.Content.bytes(Array($0.utf8)) }
            return FramedLine(
                number: number,
                content: content ?? .tooLong(head: blank ? [UInt8](repeating: 0x20, count: 16) : head))
        }
        for size in [1, 2, 3, 5, 17, .max] {
            #expect(frame(Array(example.input.utf8), pieces: [size]) == expected, "in pieces of \(size)")
        }
    }

    /// Any split of the stream gives the same lines.
    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func splitsDoNotShow(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let alphabet: [UInt8] = [0x0A, 0x0A, 0x0D, 0x20, 0x61, 0x62, 0x00, 0xEF, 0xBB, 0xBF]
        let mark: [UInt8] = Bool.random(using: &random) ? [0xEF, 0xBB, 0xBF] : []
        let stream =
            mark
            + (0..<300).map { _ in
                // Runs of one letter, so that lines reach the limit.
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }.flatMap { [UInt8](repeating: $0, count: $0 == 0x61 ? Int.random(in: 1...9, using: &random) : 1) }
        let limit = Int.random(in: 3...12, using: &random)
        let whole = frame(stream, limit: limit)
        for _ in 0..<10 {
            let pieces = (0..<400).map { _ in Int.random(in: 1...7, using: &random) }
            #expect(frame(stream, limit: limit, pieces: pieces) == whole)
        }
        #expect(whole.map(\.number) == whole.map(\.number).sorted())
    }

    @Test func anEndlessLineTakesNoMemory() {
        var framer = LineFramer()
        let piece = [UInt8](repeating: UInt8(ascii: "["), count: 1 << 20)
        var events: [Int] = []
        var most = 0
        for _ in 0..<1024 {
            framer.push(piece) { events.append($0.number) }
            most = max(most, framer.bufferedBytes)
        }
        #expect(events == [1], "reported once, before its end")
        #expect(most <= 4 * Wire.maxLineBytes)
        #expect(framer.bufferedBytes == 0)
        var next: [FramedLine] = []
        framer.push(Array("]\nping\n".utf8)) { next.append($0) }
        #expect(next == [FramedLine(number: 2, content: .bytes(Array("ping".utf8)))])
    }

    /// What is given up is told once, and only that line is lost, wherever its pieces end.
    @Test(arguments: 1...9)
    func aLineThatIsGivenUp(cut: Int) {
        var framer = LineFramer()
        var lines: [FramedLine] = []
        framer.push(Array("a\n".utf8)) { lines.append($0) }
        let nothing = framer.giveUp()
        #expect(nothing == nil && framer.unfinishedBytes == 0)
        let text = Array("{\"id\":7,\n{}\n".utf8)
        framer.push(Array(text[..<min(cut, 8)])) { lines.append($0) }
        #expect(framer.unfinishedBytes > 0)
        let line = framer.giveUp()
        #expect(line == FramedLine(number: 2, content: .noRoom(head: Array(text[..<min(cut, 8)]))))
        let again = framer.giveUp()
        #expect(again == nil && framer.unfinishedBytes == 0)
        framer.push(Array(text[min(cut, 8)...])) { lines.append($0) }
        #expect(lines.map(\.number) == [1, 3] && lines.last?.content == .bytes(Array("{}".utf8)))
    }

    @Test func theLimitIsOneMebibyte() {
        let longest = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        #expect(frame(longest + [0x0D, 0x0A], limit: Wire.maxLineBytes).map(\.content) == [.bytes(longest)])
        let longer = frame(longest + [0x78, 0x0A, 0x61], limit: Wire.maxLineBytes)
        #expect(longer.map(\.content) == [.tooLong(head: Array(longest.prefix(2048))), .bytes([0x61])])
    }
}
