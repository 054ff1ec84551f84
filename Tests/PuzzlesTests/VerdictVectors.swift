import FoundationEssentials
import JSON
import Puzzles
import TestSupport

/// Boards and answers with the verdict of pzpr.js, made by `Tests/Fixtures/puzzles/make_verdicts.py`.
struct VerdictVector: Sendable {
    let task: PuzzleTask
    let url: String
    /// The answer in the task's solution codes.
    let codes: [UInt8]
    let valid: Bool
    let line: Int

    static let genres = ["sudoku", "lightup", "nurikabe", "heyawake", "tapa", "shakashaka"]

    static let all: [VerdictVector] = {
        let path = RepositoryFiles.fixture("puzzles/verdicts.ndjson")
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").enumerated().compactMap { index, line in
            guard let value = try? JSON(parsing: String(line)),
                let task = Tasks.named(value["task"]?.stringValue ?? ""),
                let url = value["url"]?.stringValue, let answer = value["answer"]?.stringValue,
                let valid = value["valid"]?.boolValue
            else { return nil }
            let codes = answer.utf8.map { $0 - UInt8(ascii: "0") }
            return VerdictVector(task: task, url: url, codes: codes, valid: valid, line: index + 1)
        }
    }()

    static func of(_ task: String) -> [VerdictVector] { all.filter { $0.task.name == task } }

    func puzzle() throws(PuzzleError) -> any Puzzle { try task.read(.string(url)) }
}

extension Puzzle {
    /// The smallest square shape that takes the puzzle.
    var shape: InputShape {
        get throws {
            for side in 1...36 {
                let shape = InputShape(seqLen: side * side, vocabSize: 300)
                if (try? tokens(in: shape)) != nil { return shape }
            }
            throw PuzzleError("no square shape takes the puzzle")
        }
    }

    /// The answer with these solution codes, by way of an output in tokens.
    func answer(codes: [UInt8]) throws -> PuzzleAnswer {
        let shape = try shape
        return answer(from: try tokens(of: PuzzleAnswer(notation: .null, cells: codes), in: shape), in: shape)
    }
}
