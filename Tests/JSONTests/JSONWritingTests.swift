import JSON
import Randomness
import TestSupport
import Testing

@Suite struct JSONWritingTests {
    @Test(
        arguments: [
            (nil, "null"), (true, "true"), (false, "false"), (-12, "-12"), (1.0, "1.0"), (0.1, "0.1"), (1e-5, "1e-05"),
            (1e300, "1e+300"), ([], "[]"), ([:], "{}"), ([1, "a", nil, [2.5]], "[1,\"a\",null,[2.5]]"),
            (["b": 1, "a": ["c": []]], "{\"b\":1,\"a\":{\"c\":[]}}"),
            ("é/漢🙂\u{7F}\u{2028}", "\"é/漢🙂\u{7F}\u{2028}\""),
            ("\"\\\n\r\t\u{8}\0\u{1F}", #""\"\\\n\r\t\u0008\u0000\u001f""#),
            (.number(.infinity), "null"), (.number(.nan), "null"),
        ] as [(JSON, String)])
    func writes(_ value: JSON, _ expected: String) {
        #expect(value.text == expected)
        #expect(value.description == expected)
    }

    @Test func appendsToWhatIsThere() {
        var output = Array("> ".utf8)
        JSON.array([1]).write(into: &output)
        JSONObject().write(into: &output)
        #expect(output == Array("> [1]{}".utf8))
    }

    @Test func writesForPeople() {
        let value: JSON = ["a": [1, "x", nil], "b": [:], "c": [], "d": ["e": [[1], ["f": true]]]]
        #expect(
            value.prettyText == """
                {
                  "a": [1, "x", null],
                  "b": {},
                  "c": [],
                  "d": {
                    "e": [
                      [1],
                      {
                        "f": true
                      }
                    ]
                  }
                }

                """)
        #expect((7 as JSON).prettyText == "7\n")
    }

    @Test(arguments: 0..<50)
    func everyValueComesBack(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<100 {
            let value = JSON.random(depth: 5, using: &random)
            let text = value.text
            #expect(try JSON(parsing: text) == value)
            #expect(try JSON(parsing: value.prettyText) == value)
            #expect(!text.utf8.contains(UInt8(ascii: "\n")))
        }
    }

    /// A value that was read is written as the same bytes when the text was compact.
    @Test func objectsKeepTheirOrder() throws {
        let text = #"{"z":1,"a":{"y":[],"b":2.5},"m":"x"}"#
        var value = try #require(try JSON(parsing: text).objectValue)
        #expect(JSON.object(value).text == text)
        #expect(value.keys == ["z", "a", "m"])
        value["a"] = 5
        value["new"] = true
        value["z"] = nil
        value["absent"] = nil
        #expect(JSON.object(value).text == #"{"a":5,"m":"x","new":true}"#)
        #expect(value.map(\.key) == ["a", "m", "new"])
        #expect(["a": 1, "b": 2] as JSON != ["b": 2, "a": 1])
    }

    @Test func accessorsTellTypesApart() throws {
        let value = try JSON(parsing: #"{"i":7,"n":7.0,"s":"7","b":true,"a":[1],"o":{},"z":null}"#)
        #expect(value["i"]?.integerValue == 7 && value["n"]?.integerValue == nil)
        #expect(value["i"]?.wholeNumber == 7 && value["n"]?.wholeNumber == 7 && value["s"]?.wholeNumber == nil)
        #expect(JSON.number(7.5).wholeNumber == nil && JSON.number(.infinity).wholeNumber == nil)
        #expect(JSON.number(0x1p53).wholeNumber == 1 << 53 && JSON.number(0x1p54).wholeNumber == nil)
        #expect(value["i"]?.doubleValue == 7 && value["n"]?.doubleValue == 7 && value["s"]?.doubleValue == nil)
        #expect(value["s"]?.stringValue == "7" && value["b"]?.boolValue == true && value["a"]?.arrayValue == [1])
        #expect(value["o"]?.objectValue == JSONObject() && value["z"]?.isNull == true && value["absent"] == nil)
        #expect(value["a"]?["i"] == nil)
        let names = ["z", "b", "i", "n", "s", "a", "o"].compactMap { value[$0]?.typeName }
        #expect(names == ["null", "a boolean", "an integer", "a number", "a string", "an array", "an object"])
    }
}

extension JSON {
    /// A value with every kind of node, odd strings and numbers of every size.
    static func random(depth: Int, using random: inout SplitMix) -> JSON {
        switch Int.random(in: 0..<(depth == 0 ? 5 : 7), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .integer(Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
        case 3:
            let value = Double(bitPattern: random.next())
            return .number(value.isFinite ? value : 0.5)
        case 4: return .string(randomString(using: &random))
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            var object = JSONObject()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                object[randomString(using: &random)] = .random(depth: depth - 3 < 0 ? 0 : depth - 3, using: &random)
            }
            return .object(object)
        }
    }

    private static func randomString(using random: inout SplitMix) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &random) {
            let limits: [UInt32] = [0x20, 0x7F, 0x7FF, 0xFFFF, 0x10FFFF]
            let limit = limits.randomElement(using: &random) ?? 0x7F
            if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
