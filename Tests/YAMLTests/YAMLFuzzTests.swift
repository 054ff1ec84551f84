import Randomness
import TestSupport
import Testing
import YAML

/// Whatever the bytes are, the result is a tree within the limits or an error with a place in the text.
@Suite struct YAMLFuzzTests {
    static let seeds = [
        """
        version: 1
        defaults: {first_rollout: deterministic, stop: first}
        profiles:
          sudoku:
            task: "sudoku" # checker
            ramp: {start: 1, factor: 2, every: 4}
            points: [[-1.5, 0], [2, .5]]
            text: |
              two
              lines

        """,
        "%YAML 1.1\n%TAG ! tag:a:\n---\n? &a !t 'x'\n: *a\n? >-\n  é\n: \"\\u00e9\\x41\"\n...\n--- b\n",
    ]

    static func check(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).count { $0.isNewline } + 1
        do {
            let limits = YAMLLimits(maxDepth: 8, maxNodes: 100)
            let document = try YAML.compose(bytes, limits: limits)
            #expect(document.root.map(depth) ?? 0 <= 9)
            for problem in document.problems { #expect((1...lines).contains(problem.line)) }
        } catch {
            #expect((1...lines).contains(error.line) && (1...bytes.count + 1).contains(error.column))
            #expect(!error.message.isEmpty)
        }
    }

    static func depth(_ node: YAMLNode) -> Int {
        switch node.content {
        case .scalar: 1
        case .sequence(let elements): 1 + (elements.map(depth).max() ?? 0)
        case .mapping(let entries): 1 + (entries.map { max(depth($0.key), depth($0.value)) }.max() ?? 0)
        }
    }

    @Test(arguments: seeds)
    func survivesChangedBytes(_ text: String) {
        var random = SplitMix(seed: 6)
        for _ in 0..<10_000 {
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
        for end in 0...bytes.count { Self.check(Array(bytes[..<end])) }
    }

    @Test func survivesRandomBytes() {
        var random = SplitMix(seed: 7)
        let alphabet = Array("{}[]\",:-?!&*|>%@#'\\ \n\t~01.eax\r\0".utf8) + [0x80, 0xC3, 0xA9, 0xEF, 0xBB, 0xBF, 0xFF]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...60, using: &random)
            Self.check((0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 })
        }
    }
}
