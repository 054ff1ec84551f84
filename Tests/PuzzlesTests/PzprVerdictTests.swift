import FoundationEssentials
import JSON
import Puzzles
import TestSupport
import Testing

/// Boards and answers with the verdict of pzpr.js, made by `Tests/Fixtures/puzzles/make_verdicts.py`.
@Suite struct PzprVerdictTests {
    struct Case {
        let task: PuzzleTask
        let url: String
        let codes: [UInt8]
        let valid: Bool
        let line: Int
    }

    static let cases: [Case] = {
        guard
            let text = try? String(contentsOfFile: RepositoryFiles.fixture("puzzles/verdicts.ndjson"), encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").enumerated().compactMap { index, line in
            guard let value = try? JSON(parsing: String(line)),
                let task = Tasks.named(value["task"]?.stringValue ?? ""),
                let url = value["url"]?.stringValue, let answer = value["answer"]?.stringValue,
                let valid = value["valid"]?.boolValue
            else { return nil }
            return Case(
                task: task, url: url, codes: answer.utf8.map { $0 - UInt8(ascii: "0") }, valid: valid, line: index + 1)
        }
    }()

    @Test(arguments: ["sudoku", "lightup", "nurikabe", "heyawake", "tapa", "shakashaka"])
    func everyVerdictIsThatOfPzpr(_ task: String) throws {
        let cases = Self.cases.filter { $0.task.name == task }
        #expect(cases.count >= 500)
        #expect(cases.count { $0.valid } >= 100)
        for entry in cases {
            do {
                let puzzle = try entry.task.read(.string(entry.url))
                // Also through the notation of answers, so that what is checked is what users send.
                let answer = try puzzle.readAnswer(PuzzleAnswer.notation(entry.codes, of: puzzle))
                #expect(answer.cells == entry.codes, "line \(entry.line): \(entry.url)")
                #expect(
                    puzzle.check(answer).isValid == entry.valid,
                    "line \(entry.line): \(entry.url) \(puzzle.check(answer))\n\(puzzle.drawing(answer: answer, style: .plain))"
                )
            } catch let error as PuzzleError {
                // A board refused for its givens has no solution at all.
                #expect(!entry.valid, "line \(entry.line): \(entry.url) \(error)")
            }
        }
    }

    @Test func decodingAndEncodingAnAddressGivesItBack() throws {
        for entry in Self.cases {
            guard let puzzle = try? entry.task.read(.string(entry.url)) else { continue }
            let link = try #require(puzzle.link)
            let same = try entry.task.read(.string(link))
            #expect(same.notation == puzzle.notation)
            // pzpr keeps the order of a Tapa clue's runs; here a clue is a set of runs.
            if entry.task.name != "tapa" { #expect(link == entry.url) }
        }
    }
}

extension PuzzleAnswer {
    /// The notation of an answer with these solution codes, by way of an output in tokens.
    static func notation(_ codes: [UInt8], of puzzle: any Puzzle) throws -> JSON {
        let frame = Frame(seqLen: 81, vocabSize: 300)
        for side in [4, 6, 9, 10, 12] {
            let frame = Frame(seqLen: side * side, vocabSize: 300)
            let answer = PuzzleAnswer(notation: .null, cells: codes)
            if let tokens = try? puzzle.tokens(of: answer, in: frame) {
                return puzzle.answer(from: tokens, in: frame).notation
            }
        }
        throw PuzzleError("no frame of \(frame.seqLen) or other positions")
    }
}
