import JSON
import LineProtocol
import Puzzles

/// `solve_puzzle`: a request of the line protocol and back.
enum SolveTool {
    /// Less than the minute after which most hosts give a call up.
    static let usualTime: Int64 = 45_000
    static let longest: Int64 = 86_400_000
    private static let progressEvery: Int64 = 250

    /// - Parameter id: the line's id.
    static func work(
        _ arguments: ToolArguments, _ tasks: TaskTable, id: Int, wantsProgress: Bool
    ) throws(WireError) -> ToolCall.Work {
        let written = try arguments.required("puzzle", "the board, as text or as arrays of cells")
        let profile = try arguments.string("profile")
        let task = try arguments.string("task")
        var line: JSONObject = ["id": .integer(Int64(id))]
        var puzzle: (any Puzzle)?
        var name = task
        if let task, tasks.named(task) == nil {
            // A task of the daemon's own; it says what is wrong with the name if it has none.
            line["puzzle"] = written
        } else if profile != nil, task == nil {
            // The profile says which task it is; what is no puzzle for any is left to the solver.
            let pasted = try? PastedPuzzle(written, task: nil, tasks)
            puzzle = pasted?.puzzle
            line["puzzle"] = pasted?.value ?? written
        } else {
            let pasted = try PastedPuzzle(written, task: task, tasks)
            name = pasted.task.name
            puzzle = pasted.puzzle
            line["puzzle"] = pasted.value
        }
        line["task"] = name.map(JSON.string)
        line["profile"] = profile.map(JSON.string)
        line["seed"] = try arguments.integer("seed", 0...Int64.max).map(JSON.integer)
        let time = try arguments.integer("time_limit_ms", 1...longest) ?? usualTime
        line["limits"] = ["time_ms": .integer(time)]
        var settings = JSONObject()
        if let given = arguments["settings"] {
            guard let members = given.objectValue else {
                throw .params("settings", "settings must be an object, not \(given.typeName)")
            }
            settings = members
        }
        if let engines = arguments["engines"] {
            settings["engines"] = engines.stringValue.map { .array([.string($0)]) } ?? engines
        }
        if !settings.isEmpty { line["overrides"] = .object(settings) }
        if try arguments.flag("unique") { line["include"] = ["unique"] }
        if wantsProgress { line["progress_every_ms"] = .integer(progressEvery) }
        return .solve(line: .object(line), puzzle: puzzle, task: name)
    }

    static func progress(_ reply: JSON) -> ProgressStep {
        let steps = reply["steps"]?.integerValue ?? 0
        let conflicts = reply["conflicts"]?.integerValue ?? 0
        var message = "\(steps) supervision steps, \(reply["rollouts"]?.integerValue ?? 0) rollouts"
        if conflicts > 0 { message += ", \(conflicts) conflicts of exact search" }
        if let q = reply["best"]?["q"]?.doubleValue { message += ", best Q logit \(q)" }
        return ProgressStep(done: Double(steps + conflicts), total: nil, message: message)
    }

    static func result(_ reply: JSON, puzzle: (any Puzzle)?, task: String?, warnings: [String]) -> ToolResult {
        var members = reply.objectValue ?? [:]
        for name in ["type", "id", "line"] { members[name] = nil }
        var structured: JSONObject = ["summary": .string(summary(reply)), "task": task.map(JSON.string) ?? .null]
        structured["puzzle"] = puzzle?.notation ?? .null
        structured = structured.merging(members)
        var text = summary(reply)
        if let puzzle {
            let written = reply["answers"].map { ["answers": $0] } ?? reply["answer"] ?? .null
            let answer = written.isNull ? nil : try? puzzle.readAnswer(written)
            let drawing = puzzle.drawing(answer: answer, style: .plain)
            structured["drawing"] = .string(drawing)
            text += "\n\n" + drawing
        }
        if !warnings.isEmpty { structured["warnings"] = .array(warnings.map(JSON.string)) }
        return ToolResult(text: text, structured: structured)
    }

    private static func summary(_ reply: JSON) -> String {
        var sentences: [String] = []
        switch (reply["status"]?.stringValue, reply["stop_reason"]?.stringValue) {
        case ("solved", _):
            let by =
                switch reply["engine"]?.stringValue {
                case "exact": "by exact search"
                case "ldt": "by deduction"
                default: "by the model"
                }
            let checked = reply["verified"] == true ? "; the answer keeps every rule" : "; nothing checks the answer"
            sentences.append("Solved \(by)\(checked).")
        case (_, "no_solution"):
            sentences.append("Proved: this puzzle has no solution. Check that it was copied right.")
        case (_, let reason):
            sentences.append("Not solved (\(reason ?? "unknown")).")
            if let rule = reply["verdict"]?["rule"]?.stringValue {
                let cells = cells(reply["verdict"]?["cells"])
                sentences.append("The best candidate breaks the rule \(rule)\(cells).")
            }
            if reason == "abstained" { sentences.append("The model that deduces abstains; nothing is proved.") }
            if reason == "time_limit" { sentences.append("A larger time_limit_ms may help.") }
        }
        switch reply["unique"] {
        case true: sentences.append("It is the only solution.")
        case false: sentences.append("It is not the only solution; other_answer is another.")
        case .null: sentences.append("Whether it is the only solution was not found out.")
        default: break
        }
        return sentences.joined(separator: " ")
    }

    /// ` at row 1 column 5 and row 1 column 8`; empty without cells.
    private static func cells(_ value: JSON?) -> String {
        let cells = (value?.arrayValue ?? []).compactMap { pair -> Cell? in
            guard let pair = pair.arrayValue, pair.count == 2, let row = pair[0].integerValue,
                let column = pair[1].integerValue
            else { return nil }
            return Cell(Int(row), Int(column))
        }
        guard !cells.isEmpty else { return "" }
        return " at " + Cell.list(Array(cells.prefix(4))) + (cells.count > 4 ? " and \(cells.count - 4) more" : "")
    }
}
