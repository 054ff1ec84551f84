import JSON
import Randomness
import TestSupport
import Testing

/// Whatever the bytes are, the parser returns a value or an error whose offset lies in the text.
@Suite struct JSONFuzzTests {
    static let seeds = [
        #"{"id":"a1","task":"sudoku","puzzle":"53..7....6..195....","overrides":{"K":16,"sigma":0.2e-1},"seed":-1}"#,
        #"[[5,3,0],[true,false,null],"\uD83D\uDE42 \n é 漢",{"a":{"b":[1.5E+10]}}]"#,
    ]

    static func check(_ bytes: [UInt8]) {
        do {
            let value = try JSON(parsing: bytes)
            #expect(throws: Never.self) { try JSON(parsing: value.text) }
        } catch {
            #expect((0...bytes.count).contains(error.offset) && !error.message.isEmpty)
        }
    }

    @Test(arguments: seeds)
    func survivesChangedBytes(_ text: String) {
        var random = SplitMix(seed: 4)
        for _ in 0..<20_000 {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
                }
            }
            Self.check(bytes)
        }
    }

    @Test(arguments: seeds)
    func survivesEveryCut(_ text: String) {
        let bytes = Array(text.utf8)
        for end in bytes.indices {
            #expect(throws: JSONError.self) { try JSON(parsing: bytes[..<end]) }
        }
    }

    @Test func survivesRandomBytes() {
        var random = SplitMix(seed: 5)
        let alphabet = Array("{}[]\",:\\u0123456789eE+-.truefalsn \0".utf8) + [0x80, 0xC3, 0xFF]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...40, using: &random)
            Self.check((0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 })
        }
    }
}
