import JSON
import LineProtocol
import Puzzles

/// `check_answer`: the exact rules.
enum CheckTool {
    static func result(_ arguments: ToolArguments, _ tasks: TaskTable) throws(WireError) -> ToolResult {
        let pasted = try PastedPuzzle(
            try arguments.required("puzzle", "the board, as text or as arrays of cells"),
            task: try arguments.string("task"), tasks)
        let written = try arguments.required("answer", "the complete answer")
        let answer = try pasted.readAnswer(written)
        let verdict = pasted.puzzle.examine(answer)
        var structured: JSONObject = [
            "task": .string(pasted.task.name), "puzzle": pasted.puzzle.notation, "answer": answer.notation,
            "valid": verdict.isRight.map(JSON.bool) ?? .null,
        ]
        let summary: String
        switch verdict {
        case .valid: summary = "The answer keeps every rule."
        case .unchecked: summary = "\(pasted.task.name) has no rules that can be checked."
        case .broken(let rule, let cells, _):
            structured["rule"] = .string(rule)
            structured["cells"] = .cells(cells)
            let place = cells.isEmpty ? "" : " at " + Cell.list(Array(cells.prefix(4)))
            summary = "The answer is wrong: it breaks the rule \(rule)\(place)."
        }
        let drawing = pasted.puzzle.drawing(answer: answer, style: .plain)
        structured["summary"] = .string(summary)
        structured["drawing"] = .string(drawing)
        return ToolResult(text: summary + "\n\n" + drawing, structured: structured)
    }
}
