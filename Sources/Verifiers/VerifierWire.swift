package import JSON
package import Puzzles

/// The lines that go to a verifier and come from it.
package enum VerifierWire {
    /// The longest verdict in bytes; what is longer floods.
    package static let maxLineBytes = 1 << 20
    private static let maxRuleBytes = 200
    private static let maxCells = 10_000

    /// `{"id":7,"task":"sudoku","puzzle":"53..7...","answer":"534678..."}` and a line feed.
    package static func line(_ question: VerifierQuestion, id: UInt64) -> [UInt8] {
        var members: JSONObject = [
            "id": .integer(Int64(clamping: id)), "task": .string(question.task), "puzzle": question.puzzle,
            "answer": question.answer,
        ]
        members["test"] = question.test.map { .integer(Int64($0)) }
        var bytes: [UInt8] = []
        JSON.object(members).write(into: &bytes)
        bytes.append(0x0A)
        return bytes
    }

    /// Reads `{"id":7,"valid":false,"score":0.2,"rule":"row_repeats_digit","cells":[[0,1],[0,4]]}`; members that are not
    /// listed are ignored, so that a verifier may say more.
    /// - Parameters:
    ///   - id: the question's.
    ///   - settled: of the question before it, to which a second answer is one too many.
    package static func judgement(
        _ line: [UInt8], id: UInt64, settled: UInt64? = nil
    ) throws(VerifierFault) -> Judgement {
        guard let json = try? JSON(parsing: line), json.objectValue != nil, let named = json["id"] else {
            throw .malformed
        }
        guard let number = named.wholeNumber, number >= 0 else { throw .malformed }
        guard UInt64(number) == id else { throw UInt64(number) == settled ? .unasked : .wrongID }
        var score: Double?
        if let value = json["score"], !value.isNull {
            guard let number = value.doubleValue, number.isFinite else { throw .malformed }
            score = number
        }
        switch json["valid"] {
        case .bool(true)?: return Judgement(.valid, score: score)
        case .bool(false)?:
            return Judgement(.broken(rule: try rule(json["rule"]), cells: try cells(json["cells"])), score: score)
        case nil, .null?: return Judgement(.unchecked, score: score)
        default: throw .malformed
        }
    }

    private static func rule(_ value: JSON?) throws(VerifierFault) -> String {
        guard let value, !value.isNull else { return "refused" }
        guard let rule = value.stringValue, (1...maxRuleBytes).contains(rule.utf8.count) else { throw .malformed }
        return rule
    }

    private static func cells(_ value: JSON?) throws(VerifierFault) -> [Cell] {
        guard let value, !value.isNull else { return [] }
        guard let list = value.arrayValue, list.count <= maxCells else { throw .malformed }
        var cells: [Cell] = []
        for entry in list {
            guard let pair = entry.arrayValue?.compactMap(\.wholeNumber), pair.count == 2,
                pair.allSatisfy({ (0..<100_000).contains($0) })
            else { throw .malformed }
            cells.append(Cell(Int(pair[0]), Int(pair[1])))
        }
        return cells
    }
}

/// A candidate to be judged.
package struct VerifierQuestion: Sendable, Hashable {
    package var task: String
    package var puzzle: JSON
    package var answer: JSON
    /// ARC: which test input the answer is to.
    package var test: Int?

    package init(task: String, puzzle: JSON, answer: JSON, test: Int? = nil) {
        self.task = task
        self.puzzle = puzzle
        self.answer = answer
        self.test = test
    }
}
