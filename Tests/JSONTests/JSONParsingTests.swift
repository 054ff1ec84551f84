import JSON
import Testing

@Suite struct JSONParsingTests {
    static let accepted: [(String, JSON)] = [
        ("null", nil), ("true", true), (" false\r\n\t", false), ("\"\"", ""), ("[]", []), ("{}", [:]), ("[ ]", []),
        ("{ }", [:]),
        ("[1,[2,{\"a\":[]}],\"x\"]", [1, [2, ["a": []]], "x"]),
        ("{\"b\":1,\"a\":{\"b\":null}}", ["b": 1, "a": ["b": nil]]),
        ("\"é 漢 🙂 \u{7F}\"", "é 漢 🙂 \u{7F}"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""a\u0041\u00e9\u6F22z""#, "aAé漢z"),
        (#""\u0000""#, "\0"),
        (#""\uD83D\uDE42 \ud800\udc00 \uDBFF\uDFFF""#, "🙂 \u{10000} \u{10FFFF}"),
        (#"{"\u0061":1}"#, ["a": 1]),
    ]

    @Test(arguments: accepted)
    func reads(_ text: String, _ expected: JSON) throws {
        #expect(try JSON(parsing: text) == expected)
        #expect(try JSON(parsing: Array(text.utf8)[...]) == expected)
        #expect(try JSON(parsing: AnyCollection(text.utf8)) == expected)
        #expect(try Array(text.utf8).withUnsafeBytes { try JSON(parsing: $0) } == expected)
    }

    /// Text, byte offset of the complaint, message.
    static let refused: [(String, Int, String)] = [
        ("", 0, "expected a value, found the end of the text"),
        ("  ", 2, "expected a value, found the end of the text"),
        ("nul", 0, "expected a value, found 'n'"),
        ("truE", 0, "expected a value, found 't'"),
        ("NaN", 0, "expected a value, found 'N'"),
        ("Infinity", 0, "expected a value, found 'I'"),
        ("-Infinity", 1, "expected a digit, found 'I'"),
        ("nullx", 4, "expected the end of the text, found 'x'"),
        ("{} {}", 3, "expected the end of the text, found '{'"),
        ("[1,]", 3, "expected a value, found ']'"),
        ("[1 2]", 3, "expected ',' or ']', found '2'"),
        ("[1", 2, "expected ',' or ']', found the end of the text"),
        ("[,1]", 1, "expected a value, found ','"),
        ("[1}", 2, "expected ',' or ']', found '}'"),
        ("{\"a\"}", 4, "expected ':' after a key, found '}'"),
        ("{\"a\":}", 5, "expected a value, found '}'"),
        ("{\"a\":1,}", 7, "expected a key in quotes, found '}'"),
        ("{a:1}", 1, "expected a key in quotes, found 'a'"),
        ("{\"a\":1 \"b\":2}", 7, "expected ',' or '}', found '\"'"),
        ("{\"a\":1,\"b\":2,\"a\":3}", 13, "duplicate key \"a\""),
        (#"{"a":1,"\u0061":3}"#, 7, "duplicate key \"a\""),
        ("'a'", 0, "expected a value, found '''"),
        ("// x\n1", 0, "expected a value, found '/'"),
        ("\u{FEFF}1", 0, "expected a value, found byte 0xEF"),
        ("[1\0]", 2, "expected ',' or ']', found byte 0x00"),
        ("[1\u{B}]", 2, "expected ',' or ']', found byte 0x0B"),
        ("1\0", 1, "expected the end of the text, found byte 0x00"),
        ("\"abc", 0, "a string is not closed"),
        ("\"abc\\", 4, "unknown escape in a string"),
        ("\"a\\n", 0, "a string is not closed"),
        ("\"a\nb\"", 2, "a control character in a string must be escaped"),
        ("\"a\0b\"", 2, "a control character in a string must be escaped"),
        (#""\x41""#, 1, "unknown escape in a string"),
        (#""\u12G4""#, 1, "expected four hexadecimal digits after \\u"),
        (#""\u123"#, 1, "expected four hexadecimal digits after \\u"),
        (#""\u１２３４""#, 1, "expected four hexadecimal digits after \\u"),
        (#""a\uD83D""#, 2, "a lone surrogate in a string"),
        (#""\uD83Dx""#, 1, "a lone surrogate in a string"),
        (#""\uD83D\n""#, 1, "a lone surrogate in a string"),
        (#""\uD83D\u0041""#, 1, "a lone surrogate in a string"),
        (#""\uD83D\uD83D""#, 1, "a lone surrogate in a string"),
        (#""\uDE42""#, 1, "a lone surrogate in a string"),
        (#""\uD83D\u""#, 7, "expected four hexadecimal digits after \\u"),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, at offset: Int, _ message: String) {
        #expect(throws: JSONError(message: message, offset: offset)) { try JSON(parsing: text) }
    }

    /// Byte sequences that are not UTF-8: a stray continuation, overlong forms, an encoded surrogate, a scalar
    /// beyond U+10FFFF, a cut sequence.
    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80],
            [0xFF],
            [0xE6, 0xBC], [0xF0, 0x9F, 0x99],
        ] as [[UInt8]])
    func refusesInvalidUTF8(_ sequence: [UInt8]) {
        let plain = Array("[\"aé".utf8) + sequence + Array("z\"]".utf8)
        #expect(throws: JSONError(message: "invalid UTF-8", offset: 5)) { try JSON(parsing: plain) }
        let afterEscape = Array("[\"\\n".utf8) + sequence + Array("\"]".utf8)
        #expect(throws: JSONError(message: "invalid UTF-8", offset: 4)) { try JSON(parsing: afterEscape) }
        let key = Array("{\"".utf8) + sequence + Array("\":1}".utf8)
        #expect(throws: JSONError(message: "invalid UTF-8", offset: 2)) { try JSON(parsing: key) }
    }

    @Test(arguments: ["[", "{\"a\":"])
    func limitsDepth(_ opening: String) throws {
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth - 1) + opening.prefix(1)
                + String(repeating: closing, count: depth)
        }
        #expect(throws: Never.self) { try JSON(parsing: nested(64)) }
        #expect(throws: JSONError(message: "nested deeper than 64", offset: 64 * opening.utf8.count)) {
            try JSON(parsing: nested(65))
        }
        #expect(throws: JSONError(message: "nested deeper than 1", offset: opening.utf8.count)) {
            try JSON(parsing: nested(2), maxDepth: 1)
        }
        #expect(throws: JSONError(message: "nested deeper than 64", offset: 64 * opening.utf8.count)) {
            try JSON(parsing: String(repeating: opening, count: 10_000))
        }
        #expect(throws: JSONError(message: "nested deeper than 512", offset: 512 * opening.utf8.count)) {
            try JSON(parsing: nested(100_000), maxDepth: .max)
        }
    }

    /// Siblings do not add up to depth.
    @Test func depthIsGivenBack() throws {
        let wide = "[" + Array(repeating: "[[]],{\"a\":{}}", count: 200).joined(separator: ",") + "]"
        #expect(try JSON(parsing: wide, maxDepth: 3).arrayValue?.count == 400)
    }

    @Test(arguments: [3, 16, 17, 5000])
    func findsDuplicatesInObjectsOfAnySize(_ count: Int) throws {
        let members = (0..<count).map { "\"k\($0)\":\($0)" }
        let unique = try JSON(parsing: "{\(members.joined(separator: ","))}")
        #expect(unique.objectValue?.count == count)
        #expect(unique["k\(count - 1)"] == .integer(Int64(count - 1)))
        for repeated in [0, count / 2, count - 1] {
            let text = "{\(members.joined(separator: ",")),\"k\(repeated)\":0}"
            let offset = members.joined(separator: ",").utf8.count + 2
            #expect(throws: JSONError(message: "duplicate key \"k\(repeated)\"", offset: offset)) {
                try JSON(parsing: text)
            }
        }
    }

    /// Two spellings of one text are two names, in small objects and in large ones.
    @Test(arguments: [0, 40])
    func tellsSpellingsApart(others: Int) throws {
        let composed = "caf\u{E9}", decomposed = "cafe\u{301}"
        let members = (0..<others).map { "\"k\($0)\":0," }.joined()
        let object = try JSON(parsing: "{\(members)\"\(composed)\":1,\"\(decomposed)\":2}")
        #expect(object.objectValue?.count == others + 2)
        #expect(object[composed] == 1 && object[decomposed] == 2)
        #expect(throws: JSONError.self) {
            try JSON(parsing: "{\(members)\"\(decomposed)\":1,\"\(decomposed)\":2}")
        }
    }
}
