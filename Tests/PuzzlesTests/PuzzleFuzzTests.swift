import JSON
import Puzzles
import Randomness
import TestSupport
import Testing

/// Nonsense of many kinds goes through every codec and checker: an error is fine, a crash is not, and whatever is
/// accepted must write and read back as the same puzzle.
@Suite struct PuzzleFuzzTests {
    /// Reads a value as a puzzle of every task and, when one takes it, runs everything that a puzzle can do.
    static func exercise(_ value: JSON, _ random: inout SplitMix) throws -> Int {
        var accepted = 0
        for task in Tasks.all {
            guard let puzzle = try? task.read(value) else { continue }
            accepted += 1
            #expect(try task.read(puzzle.notation).notation == puzzle.notation, "\(task.name): \(value.text)")
            if let link = puzzle.link { #expect(try task.read(.string(link)).notation == puzzle.notation) }
            let side = Int.random(in: 1...12, using: &random)
            let shape = InputShape(seqLen: side * side, vocabSize: Int.random(in: 1...300, using: &random))
            let view = puzzle.symmetry(
                in: shape.seqLen >= 81 ? shape : InputShape(seqLen: 81, vocabSize: 300), using: &random)
            #expect(view.then(view.inverse).isIdentity)
            _ = puzzle.drawing(answer: nil, style: .plain)
            guard (try? puzzle.tokens(in: shape)) != nil else { continue }
            let tokens = (0..<shape.seqLen).map { _ in Int32.random(in: -2...310, using: &random) }
            let answer = puzzle.answer(from: tokens, in: shape)
            _ = puzzle.check(answer)
            _ = puzzle.examine(answer)
            _ = puzzle.drawing(answer: answer, style: .ansi)
            _ = puzzle.svg(answer: answer)
            _ = try? puzzle.readAnswer(value)
            let empty = PuzzleAnswer(notation: .null, cells: [])
            _ = puzzle.check(empty)
            _ = puzzle.drawing(answer: empty, style: .plain)
        }
        return accepted
    }

    @Test func mutatedAddresses() throws {
        var random = SplitMix(seed: 20)
        let characters = Array("0123456789abcdefghijklmnopqrstuvwxyz./-+?%&=_v:é")
        var accepted = 0
        for _ in 0..<4000 {
            var text = Array(VerdictVector.all.randomElement(using: &random)?.url ?? "")
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<max(text.count, 1), using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text.insert(characters.randomElement(using: &random) ?? "0", at: min(place, text.count))
                case 1 where !text.isEmpty: text.remove(at: min(place, text.count - 1))
                case 2 where !text.isEmpty:
                    text[min(place, text.count - 1)] = characters.randomElement(using: &random) ?? "0"
                default: text = Array(text.prefix(place))
                }
            }
            accepted += try Self.exercise(.string(String(text)), &random)
        }
        #expect(accepted > 100)
    }

    @Test func randomGridsAndTexts() throws {
        var random = SplitMix(seed: 21)
        let alphabets = ["..#01234", ".123456789", "# .SGo", "..... 1?23", "\u{0}\n\r\t é0🙂"].map(Array.init)
        var accepted = 0
        for _ in 0..<4000 {
            let alphabet = alphabets.randomElement(using: &random) ?? []
            let (width, height) = (Int.random(in: 0...6, using: &random), Int.random(in: 0...6, using: &random))
            let lines = (0..<height).map { _ in
                String((0..<width).map { _ in alphabet.randomElement(using: &random) ?? "." })
            }
            accepted += try Self.exercise(.string(lines.joined(separator: "\n")), &random)
            accepted += try Self.exercise(.array(lines.map { .string($0) }), &random)
        }
        #expect(accepted > 1000)
    }

    @Test func randomValues() throws {
        var random = SplitMix(seed: 22)
        var accepted = 0
        for _ in 0..<6000 { accepted += try Self.exercise(Self.value(3, &random), &random) }
        #expect(accepted > 100)
    }

    static func value(_ depth: Int, _ random: inout SplitMix) -> JSON {
        switch Int.random(in: depth == 0 ? 3...8 : 0...8, using: &random) {
        case 0, 1:
            let count = Int.random(in: 0...5, using: &random)
            let shared = Self.value(depth - 1, &random)
            let isUniform = Bool.random(using: &random)
            return .array((0..<count).map { _ in isUniform ? shared : Self.value(depth - 1, &random) })
        case 2:
            var members: JSONObject = [:]
            for key in ["name", "train", "test", "input", "output", "tokens", "puzzle_identifier"]
            where Bool.random(using: &random) { members[key] = Self.value(depth - 1, &random) }
            return .object(members)
        case 3: return .null
        case 4: return .bool(true)
        case 5: return .number(1.5)
        case 6:
            return .string(["", ".", "#", "?", "12", "S G", "S.G", "akari/2/2/j"].randomElement(using: &random) ?? "")
        case 7: return .integer(Int64.random(in: -2...10, using: &random))
        default: return .integer([Int64.min, Int64.max, 1 << 31, 99].randomElement(using: &random) ?? 0)
        }
    }
}
