import JSON
import TestSupport
import Testing

/// The reader, the masks and the matcher.
@Suite struct TranscriptTests {
    private func read(_ text: String) throws -> Transcript { try Transcript(parsing: Array(text.utf8), name: "t") }

    @Test func reads() throws {
        let transcript = try read(
            """
            # A remark: with a colon.
            # args: --ordered --profiles x.yaml
            # env: PTRM_ISA=generic A=b=c
            # exit: 1

            > {"a":1}
            >x 7b 7D00
            < {"id":1}
            # Between.
            <* {"id":"<string>"}
            >
            """)
        #expect(transcript.arguments == ["--ordered", "--profiles", "x.yaml"])
        #expect(transcript.isOrdered)
        #expect(transcript.environment == ["PTRM_ISA": "generic", "A": "b=c"])
        #expect(transcript.exitCode == 1)
        var shape: [String] = []
        for step in transcript.steps {
            switch step {
            case .send(let bytes): shape.append("> \(String(decoding: bytes, as: UTF8.self))")
            case .expect(let lines):
                shape += lines.map { "\($0.place) \($0.repeats ? "*" : "") \($0.pattern.text)" }
            }
        }
        #expect(
            shape == ["> {\"a\":1}", "> {}\0", "t:8  {\"id\":1}", "t:10 * {\"id\":\"<string>\"}", "> "])
    }

    @Test(arguments: [
        "x", "< {", "< ", "<*", "< {\"a\":\"<nummer>\"}", ">x 7", ">x zz", "# exit: one", "# env: NAME", ">{}",
    ])
    func refuses(line: String) {
        let error = #expect(throws: TranscriptError.self) { try read("# fine\n" + line) }
        #expect(error?.place == "t:2")
    }

    @Test(arguments: [
        ("{\"a\":1}", "{\"a\":1}", nil), ("{\"a\":1}", "{\"a\":2}", "a: expected 1, found 2"),
        ("{\"a\":1}", "{}", "a is missing"), ("{}", "{\"a\":1}", "a is not expected"),
        ("{\"...\":\"<any>\"}", "{\"a\":1}", nil),
        ("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "the line: members come as [\"b\", \"a\"], not as [\"a\", \"b\"]"),
        ("{\"a\":{\"b\":[1,2]}}", "{\"a\":{\"b\":[1,3]}}", "a.b[1]: expected 2, found 3"),
        ("[1,\"...\"]", "[1,2,3]", nil), ("[1,\"...\"]", "[]", "the line: 0 elements, expected 1 or more"),
        ("[1]", "[1,2]", "the line: 2 elements, expected 1"),
        ("\"<number>\"", "1", nil), ("\"<number>\"", "1.5", nil),
        ("\"<integer>\"", "1.5", "the line: expected <integer>, found 1.5"),
        ("\"<number|null>\"", "null", nil),
        ("\"<number|null>\"", "\"x\"", "the line: expected <number|null>, found \"x\""),
        ("\"<string>\"", "\"x\"", nil), ("\"<boolean>\"", "true", nil), ("\"<array>\"", "[1]", nil),
        ("\"<object>\"", "[]", "the line: expected <object>, found []"), ("\"<any>\"", "null", nil),
        ("0", "0.0", "the line: expected 0, found 0.0"),
    ])
    func masks(pattern: String, value: String, mismatch: String?) throws {
        #expect(TranscriptMask.mismatch(try JSON(parsing: pattern), try JSON(parsing: value)) == mismatch)
    }

    /// Feeds lines to a matcher; the number of the first line that is refused, -1 for none that is missing, 0 for fine.
    private func match(_ expected: [String], _ lines: [String], isOrdered: Bool = false) throws -> String {
        let text = expected.map { $0 + "\n" }.joined()
        guard case .expect(let expectations)? = try read(text).steps.first else { return "no expectations" }
        var matcher = TranscriptMatcher(expectations, isOrdered: isOrdered)
        for (index, line) in lines.enumerated() {
            if matcher.accept(try JSON(parsing: line)) != nil { return "refused \(index)" }
        }
        return matcher.isComplete ? "complete" : "missing \(matcher.missing.count)"
    }

    @Test func matching() throws {
        let one = "< {\"id\":1,\"n\":1}"
        let two = "< {\"id\":1,\"n\":2}"
        let other = "< {\"id\":2,\"n\":1}"
        let any = "<* {\"id\":1,\"p\":\"<any>\"}"
        let (l1, l2, l3, p) = ("{\"id\":1,\"n\":1}", "{\"id\":1,\"n\":2}", "{\"id\":2,\"n\":1}", "{\"id\":1,\"p\":0}")
        #expect(try match([one, two, other], [l1, l2, l3]) == "complete")
        #expect(try match([one, two, other], [l3, l1, l2]) == "complete")
        #expect(try match([one, two, other], [l1, l2, l3], isOrdered: true) == "complete")
        #expect(try match([one, two, other], [l1, l3, l2], isOrdered: true) == "refused 1")
        #expect(try match([one, two, other], [l2]) == "refused 0")
        #expect(try match([one, two, other], [l1, l3]) == "missing 1")
        #expect(try match([one], [l1, l1]) == "refused 1")
        #expect(try match([any, one], [l1]) == "complete")
        #expect(try match([any, one], [p, p, l1]) == "complete")
        #expect(try match([any, one], [p]) == "missing 1")
        #expect(try match([any, one, two], [l1, p]) == "refused 1")
        #expect(try match([any, one, other], [l3, p, l1]) == "complete")
    }

    @Test func playing() throws {
        let transcript = try read(
            """
            > a
            > b
            < {"id":1}
            <* {"id":3}
            < {"id":2}
            > c
            < {"id":4}
            """)
        var player = TranscriptPlayer(transcript)
        #expect(player.receive(["id": 1]) != nil, "nothing was sent yet")
        #expect(player.next() == .send([0x61]))
        #expect(player.next() == .send([0x62]))
        #expect(player.next() == .awaitLine)
        #expect(player.receive(["id": 2]) == nil)
        #expect(player.receive(["id": 3]) == nil)
        #expect(player.next() == .awaitLine)
        #expect(player.missing == ["t:3: {\"id\":1}"])
        #expect(player.receive(["id": 5]) == "not expected here: {\"id\":5}")
        #expect(player.receive(["id": 1]) == nil)
        #expect(player.next() == .send([0x63]))
        #expect(player.next() == .awaitLine)
        #expect(player.receive(["id": 4]) == nil)
        #expect(player.next() == .finished)
        #expect(player.missing == [])
    }
}
