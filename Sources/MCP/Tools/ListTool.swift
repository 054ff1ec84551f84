import Generation
import JSON
import LineProtocol
import Puzzles

/// `list_tasks`: what the solver says of itself, and what can be generated.
enum ListTool {
    static func work(_ arguments: ToolArguments, id: Int) throws(WireError) -> ToolCall.Work {
        .tasks(
            line: ["id": .integer(Int64(id)), "method": "tasks"], only: try arguments.string("task"),
            wantsSettings: try arguments.flag("settings"))
    }

    static func result(_ reply: JSON, only: String?, wantsSettings: Bool) -> ToolResult {
        let all = reply["tasks"]?.arrayValue ?? []
        var tasks = all
        if let only {
            tasks = all.filter { $0["name"]?.stringValue == only }
            if tasks.isEmpty {
                return ToolResult(ToolArguments.unknown(only, "task", all.compactMap { $0["name"]?.stringValue }))
            }
        }
        tasks = tasks.map(withGenerator)
        var structured: JSONObject = ["tasks": .array(tasks)]
        if wantsSettings { structured["settings"] = reply["settings"] ?? [:] }
        let text = tasks.map { task in
            let name = task["name"]?.stringValue ?? ""
            return "\(name): \(task["notations"]?.stringValue ?? "")"
        }
        return ToolResult(text: text.joined(separator: "\n"), structured: structured)
    }

    private static func withGenerator(_ task: JSON) -> JSON {
        guard var members = task.objectValue, let name = task["name"]?.stringValue,
            let generator = PuzzleGenerators.named(name)
        else { return task }
        members["generator"] = [
            "sizes": .string(generator.sizes), "usual_size": .string(generator.usualSize.text),
            "options": .array(generator.options.map { .string($0.rawValue) }),
            "styles": .array(generator.styles.map { .string($0.rawValue) }),
        ]
        return .object(members)
    }
}
