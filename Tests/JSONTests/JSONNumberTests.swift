import JSON
import Randomness
import TestSupport
import Testing

@Suite struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-1", -1), ("10", 10), ("9223372036854775807", .max),
            ("-9223372036854775808", .min), ("9007199254740993", 9_007_199_254_740_993),
        ] as [(String, Int64)])
    func readsIntegers(_ text: String, _ expected: Int64) throws {
        #expect(try JSON(parsing: text) == .integer(expected))
    }

    @Test(
        arguments: [
            ("0.0", 0), ("1.0", 1), ("1e0", 1), ("1E+2", 100), ("12.5e-1", 1.25), ("-2.5", -2.5), ("0.1", 0.1),
            ("1e22", 1e22), ("1e23", 1e23), ("9007199254740993.0", 9_007_199_254_740_992),
            ("9007199254740992e22", 9_007_199_254_740_992e22),
            ("123456789012345678901234567890.5", 1.2345678901234568e29),
            ("5e-324", .leastNonzeroMagnitude), ("4.9406564584124654e-324", .leastNonzeroMagnitude),
            ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown),
            ("1.7976931348623157e308", .greatestFiniteMagnitude), ("1e-400", 0), ("0e999999999999999999999", 0),
            ("0.000000000000000000000001e24", 1), ("1e+00000000000000000000001", 10), ("1e-9999999999999999999999", 0),
        ] as [(String, Double)])
    func readsNumbers(_ text: String, _ expected: Double) throws {
        let value = try JSON(parsing: text)
        #expect(value == .number(expected))
    }

    @Test func keepsTheSignOfZero() throws {
        for text in ["-0.0", "-0e0", "-1e-400"] {
            guard case .number(let value) = try JSON(parsing: text) else {
                Issue.record("\(text) is a number")
                continue
            }
            #expect(value.sign == .minus && value == 0)
        }
    }

    @Test(arguments: [
        ("9223372036854775808", 0, "number does not fit 64 bits"),
        ("-9223372036854775809", 0, "number does not fit 64 bits"),
        ("[99999999999999999999999999999]", 1, "number does not fit 64 bits"),
        ("1e309", 0, "number does not fit 64 bits"),
        ("-1.8e308", 0, "number does not fit 64 bits"),
        ("1e999999999999999999999", 0, "number does not fit 64 bits"),
        ("01", 0, "a number must not start with 0"),
        ("-01", 0, "a number must not start with 0"),
        ("00", 0, "a number must not start with 0"),
        ("00.5", 0, "a number must not start with 0"),
        ("-", 1, "expected a digit, found the end of the text"),
        ("--1", 1, "expected a digit, found '-'"),
        ("+1", 0, "expected a value, found '+'"),
        (".5", 0, "expected a value, found '.'"),
        ("1.", 2, "expected a digit, found the end of the text"),
        ("1.e3", 2, "expected a digit, found 'e'"),
        ("1e", 2, "expected a digit, found the end of the text"),
        ("1e+", 3, "expected a digit, found the end of the text"),
        ("1e1.5", 3, "expected the end of the text, found '.'"),
        ("0x10", 1, "expected the end of the text, found 'x'"),
        ("1_000", 1, "expected the end of the text, found '_'"),
        ("1,5", 1, "expected the end of the text, found ','"),
    ])
    func refuses(_ text: String, at offset: Int, _ message: String) {
        #expect(throws: JSONError(message: message, offset: offset)) { try JSON(parsing: text) }
    }

    @Test func readsAMegabyteOfDigits() throws {
        let digits = String(repeating: "7", count: 1 << 20)
        #expect(throws: JSONError(message: "number does not fit 64 bits", offset: 0)) { try JSON(parsing: digits) }
        #expect(try JSON(parsing: "0." + digits) == .number(7.0 / 9.0))
    }

    /// The fast path and the general one must round alike: both against the standard library's conversion.
    @Test func roundsLikeTheStandardLibrary() throws {
        var random = SplitMix(seed: 1)
        for _ in 0..<20_000 {
            let whole = Int64.random(in: 0...99_999_999, using: &random)
            let fraction = String(Int64.random(in: 0...99_999_999, using: &random))
            let exponent = Int.random(in: -30...30, using: &random)
            let text = "\(whole).\(fraction)e\(exponent)"
            #expect(try JSON(parsing: text).doubleValue == Double(text))
        }
    }

    @Test func everyFiniteDoubleComesBack() throws {
        var random = SplitMix(seed: 2)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            guard case .number(let back) = try JSON(parsing: JSON.number(value).text) else {
                Issue.record("\(value) did not come back as a number")
                continue
            }
            #expect(back.bitPattern == value.bitPattern)
        }
    }

    @Test func floatsAreWrittenShort() throws {
        #expect(JSON(Float(6.61)).text == "6.61")
        var random = SplitMix(seed: 3)
        for _ in 0..<5_000 {
            let value = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
            guard value.isFinite else { continue }
            let back = try #require(try JSON(parsing: JSON(value).text).doubleValue)
            #expect(Float(back) == value)
        }
    }
}
