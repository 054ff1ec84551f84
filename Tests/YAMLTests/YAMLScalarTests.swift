import Randomness
import TestSupport
import Testing
import YAML

@Suite struct YAMLScalarTests {
    static func scalar(_ text: String) throws -> YAMLScalar? {
        try YAML.parse(Array("v: \(text)\n".utf8))?["v"]?.scalar
    }

    @Test(
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nUll", .string("nUll")),
            ("true", .bool(true)), ("True", .bool(true)), ("FALSE", .bool(false)), ("tRue", .string("tRue")),
            ("yes", .string("yes")), ("no", .string("no")), ("on", .string("on")), ("off", .string("off")),
            ("0", .integer(0)), ("-0", .integer(0)), ("100", .integer(100)), ("+7", .integer(7)), ("-7", .integer(-7)),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("0x1F", .integer(31)), ("0o17", .integer(15)),
            ("017", .string("017")), ("1_000", .string("1_000")), ("0x", .string("0x")), ("0xG", .string("0xG")),
            ("0o8", .string("0o8")), ("-0x1", .string("-0x1")), ("0x-1", .string("0x-1")), ("0x1p3", .string("0x1p3")),
            ("0.25", .number(0.25)), ("-1.5", .number(-1.5)), (".5", .number(0.5)), ("5.", .number(5)),
            ("1e3", .number(1000)), ("1E+3", .number(1000)), ("1.5e-3", .number(0.0015)), ("1e400", .number(.infinity)),
            ("0.1", .number(0.1)), (".", .string(".")), ("+", .string("+")), ("e3", .string("e3")),
            ("1e", .string("1e")), ("1e+", .string("1e+")), ("1.2.3", .string("1.2.3")), ("1,5", .string("1,5")),
            ("00.5", .string("00.5")), ("01e3", .string("01e3")), ("inf", .string("inf")), ("nan", .string("nan")),
            (".inf", .number(.infinity)), ("-.INF", .number(-.infinity)), ("infinity", .string("infinity")),
            ("١٢", .string("١٢")), ("12 ", .integer(12)), ("1:30", .string("1:30")), ("\"100\"", .string("100")),
            ("'null'", .string("null")), ("\"\"", .string("")), ("sudoku-9x9", .string("sudoku-9x9")),
        ] as [(String, YAMLScalar)])
    func standsFor(_ text: String, _ expected: YAMLScalar) throws {
        #expect(try Self.scalar(text) == expected)
    }

    @Test func notANumber() throws {
        guard case .number(let value) = try Self.scalar(".nan") else {
            Issue.record(".nan is a number")
            return
        }
        #expect(value.isNaN)
    }

    @Test func accessors() throws {
        let node = try #require(try YAML.parse(Array("{i: 7, n: 7.0, s: '7', b: true, z: ~, l: [1], m: {}}".utf8)))
        #expect(node["i"]?.integerValue == 7 && node["n"]?.integerValue == nil && node["s"]?.integerValue == nil)
        #expect(node["i"]?.doubleValue == 7 && node["n"]?.doubleValue == 7 && node["s"]?.doubleValue == nil)
        #expect(node["s"]?.stringValue == "7" && node["b"]?.stringValue == nil && node["b"]?.boolValue == true)
        #expect(node["z"]?.isNull == true && node["l"]?.isNull == false && node["l"]?.sequence?.count == 1)
        #expect(node["m"]?.mapping?.isEmpty == true && node["x"] == nil && node["l"]?["x"] == nil)
    }

    @Test(arguments: [
        ("sudoku-9x9", "sudoku-9x9"), ("a b", "a b"), ("", "\"\""), ("null", "\"null\""), ("True", "\"True\""),
        ("no", "\"no\""), ("12", "\"12\""), ("1e3", "\"1e3\""), ("a: b", "\"a: b\""), ("a #b", "\"a #b\""),
        ("-", "\"-\""), ("a ", "\"a \""), (" a", "\" a\""), ("a\nb\t\"\\", #""a\nb\t\"\\""#),
        ("é\u{7F}\u{85}\u{2028}\u{FEFF}\0", #""é\u007F\u0085\u2028\uFEFF\u0000""#), ("../x.pt", "\"../x.pt\""),
    ])
    func writes(_ string: String, _ expected: String) {
        #expect(YAML.text(of: string) == expected)
    }

    @Test(arguments: 0..<20)
    func everyStringComesBack(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let limits: [UInt32] = [0x30, 0x7F, 0xA0, 0x2030, 0xFFFF, 0x10FFFF]
        for _ in 0..<300 {
            var string = ""
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let limit = limits.randomElement(using: &random) ?? 0x7F
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...limit, using: &random)) {
                    string.unicodeScalars.append(scalar)
                }
            }
            // In a block, in a flow collection, and as a key.
            let text = YAML.text(of: string)
            let bytes = Array("v: \(text)\nw: [\(text), {\(text): 1}]\n".utf8)
            let node = try #require(try YAML.parse(bytes))
            #expect(node["v"]?.stringValue == string)
            #expect(node["w"]?.sequence?.first?.stringValue == string)
            #expect(node["w"]?.sequence?.last?.mapping?.first?.name == string)
        }
    }
}
