import Testing
import YAML

@Suite struct YAMLParsingTests {
    /// A tree without places, for comparison.
    indirect enum Shape: Equatable, ExpressibleByStringLiteral {
        case plain(String)
        case quoted(String)
        case list([Shape])
        case map([String], [Shape])

        init(stringLiteral value: String) { self = .plain(value) }

        init(_ node: YAMLNode) {
            switch node.content {
            case .scalar(let text, let plain): self = plain ? .plain(text) : .quoted(text)
            case .sequence(let elements): self = .list(elements.map(Shape.init))
            case .mapping(let entries): self = .map(entries.map(\.name), entries.map { Shape($0.value) })
            }
        }
    }

    static let accepted: [(String, Shape)] = [
        ("a", "a"),
        ("--- a\n...\n", "a"),
        ("%YAML 1.1\n---\na\n", "a"),
        ("\u{FEFF}a: 1\n", .map(["a"], ["1"])),
        ("a: 1\r\nb: \"1\"\r\nc: '1'\r\n", .map(["a", "b", "c"], ["1", .quoted("1"), .quoted("1")])),
        ("a:\n  - x\n  - [y, {z: }]\n", .map(["a"], [.list(["x", .list(["y", .map(["z"], [""])])])])),
        ("a: |\n  one\n  two\nb: >\n  one\n  two\n", .map(["a", "b"], [.quoted("one\ntwo\n"), .quoted("one two\n")])),
        ("# comment\n\"a b\": x y # comment\n", .map(["a b"], ["x y"])),
        ("- \"\\u00e9 \\U0001F642 \\x41\\0\"\n- 'it''s'\n", .list([.quoted("é 🙂 A\0"), .quoted("it's")])),
        ("[]", .list([])),
        ("{}", .map([], [])),
        ("---\n", ""),
    ]

    @Test(arguments: accepted)
    func reads(_ text: String, _ expected: Shape) throws {
        let root = try #require(try YAML.parse(Array(text.utf8)))
        #expect(Shape(root) == expected)
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "\u{FEFF}", "   "])
    func readsNothing(_ text: String) throws {
        #expect(try YAML.parse(Array(text.utf8)) == nil)
    }

    @Test func aByteOrderMarkIsPassedOver() throws {
        let root = try #require(try YAML.parse(Array("\u{FEFF}K: 5\n".utf8)))
        #expect(root.mapping?.first.map { [$0.key.line, $0.key.column] } == [1, 1])
    }

    @Test func placesCountFromOne() throws {
        let text = "profiles:\n  é:\n    K: 5\n    list: [1,\n      two]\n"
        let profile = try #require(try YAML.parse(Array(text.utf8))?["profiles"]?["é"])
        let K = try #require(profile.mapping?.first)
        #expect((K.key.line, K.key.column) == (3, 5))
        #expect((K.value.line, K.value.column) == (3, 8))
        let list = try #require(profile["list"]?.sequence)
        #expect(list.map { [$0.line, $0.column] } == [[4, 12], [5, 7]])
    }

    @Test func columnsCountCharacters() {
        #expect(throws: YAMLError(message: "aliases (*x) are not accepted; repeat the value", line: 1, column: 8)) {
            try YAML.parse(Array("éé🙂é: [*x]".utf8))
        }
    }

    /// Text, line, column, and what the message must contain.
    static let refused: [(String, Int, Int, String)] = [
        ("a: &x 1\n", 1, 4, "anchors (&x) are not accepted"),
        ("a: 1\nb: *x\n", 2, 4, "aliases (*x) are not accepted"),
        ("a: !!int 1\n", 1, 4, "tags (tag:yaml.org,2002:int) are not accepted"),
        ("a: !thing {b: 1}\n", 1, 4, "tags (!thing) are not accepted"),
        ("a: ! b\n", 1, 4, "tags (!) are not accepted"),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", 1, 1, "%TAG directives are not accepted"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document"),
        ("a: 1\nb: 2\n\"a\": 3\n", 3, 1, "duplicate key a, first written in line 1"),
        ("x: {a: 1, a: 2}\n", 1, 11, "duplicate key a, first written in line 1"),
        ("? [a, b]\n: 1\n", 1, 3, "a key must be a single word or string"),
        ("a: [1, 2\n", 2, 1, "while parsing a flow sequence: did not find expected ',' or ']'"),
        ("a: 1\n b: 2\n", 2, 3, "mapping values are not allowed in this context"),
        ("a:\n\t- b\n", 2, 1, "found character that cannot start any token"),
        ("a: \"x\n", 2, 1, "while scanning a quoted scalar: found unexpected end of stream"),
        ("a: \"\\q\"\n", 1, 5, "found unknown escape character"),
        ("a: \"\\ud800\"\n", 1, 7, "found invalid Unicode character escape code"),
        ("a: b\nc: \0d\n", 2, 4, "control characters are not allowed"),
        ("%YAML 3.0\n---\na\n", 1, 1, "found incompatible YAML document"),
        ("a: [1", 1, 6, "did not find expected ',' or ']'"),
        ("a: 1\rb: [\u{2028}*x]", 3, 1, "aliases (*x) are not accepted"),
        ("a: 1\r\nb: [\n\u{2029}", 4, 1, "did not find expected node content"),
        ("a: @b\n", 1, 4, "found character that cannot start any token"),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ line: Int, _ column: Int, _ message: String) {
        let error = #expect(throws: YAMLError.self) { try YAML.parse(Array(text.utf8)) }
        #expect(error?.line == line && error?.column == column, "\(text.debugDescription): \(error?.description ?? "")")
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test(
        arguments: [
            ([0x61, 0x3A, 0x20, 0xFF], 1, 4), ([0x61, 0x0A, 0xC3, 0xA9, 0xC3], 2, 2), ([0x80], 1, 1),
            ([0x61, 0x20, 0xED, 0xA0, 0x80], 1, 3),
        ] as [([UInt8], Int, Int)])
    func refusesInvalidUTF8(_ bytes: [UInt8], _ line: Int, _ column: Int) {
        let error = #expect(throws: YAMLError.self) { try YAML.parse(bytes) }
        #expect(error?.line == line && error?.column == column, "\(error?.description ?? "")")
    }

    /// What can be read past is listed, and the first of two equal keys stays.
    @Test func composeListsEveryProblem() throws {
        let text = "a: &x 1\nb: *x\na: !t 2\nc: {d: 1, d: 2}\n"
        let document = try YAML.compose(Array(text.utf8))
        #expect(document.problems.map { [$0.line, $0.column] } == [[1, 4], [2, 4], [3, 4], [3, 1], [4, 11]])
        #expect(document.root?.mapping?.map(\.name) == ["a", "b", "c"])
        #expect(document.root?["a"]?.integerValue == 1)
        #expect(document.root?["b"]?.isNull == true)
        let many = try YAML.compose(Array(String(repeating: "- *x\n", count: 1000).utf8))
        #expect(many.problems.count == 100)
    }

    @Test func limitsBytes() {
        let limits = YAMLLimits(maxBytes: 10)
        #expect(throws: Never.self) { try YAML.parse(Array("a: 3456789".utf8), limits: limits) }
        #expect(throws: YAMLError(message: "longer than 10 bytes", line: 1, column: 1)) {
            try YAML.parse(Array("a: 34567890".utf8), limits: limits)
        }
    }

    @Test(arguments: ["[", "- ", "{a: ", "? "])
    func limitsDepth(_ opening: String) {
        let limits = YAMLLimits(maxDepth: 5)
        func nested(_ depth: Int) -> [UInt8] {
            let closing = ["[": "]", "{a: ": "}"][opening] ?? ""
            return Array((String(repeating: opening, count: depth) + String(repeating: closing, count: depth)).utf8)
        }
        // Problems of content, such as the mappings as keys of "? ? ?", do not hide the limit.
        #expect(throws: Never.self) { try YAML.compose(nested(5), limits: limits) }
        let place = 5 * opening.utf8.count + 1
        #expect(throws: YAMLError(message: "nested deeper than 5", line: 1, column: place)) {
            try YAML.compose(nested(6), limits: limits)
        }
        #expect(throws: YAMLError(message: "nested deeper than 32", line: 1, column: 32 * opening.utf8.count + 1)) {
            try YAML.compose(nested(100_000))
        }
    }

    @Test func limitsNodes() {
        let limits = YAMLLimits(maxNodes: 4)
        #expect(throws: Never.self) { try YAML.parse(Array("[1, 2, 3]".utf8), limits: limits) }
        #expect(throws: YAMLError(message: "more than 4 nodes", line: 1, column: 11)) {
            try YAML.parse(Array("[1, 2, 3, 4]".utf8), limits: limits)
        }
    }
}
