import JSON
import LineProtocol
import Puzzles

/// A `tools/call` between its request and its result.
struct ToolCall: Sendable {
    /// What the call waits for.
    enum Work: Sendable {
        case none
        /// The reply to this line of the line protocol, about this puzzle as far as it could be read here.
        case solve(line: JSON, puzzle: (any Puzzle)?, task: String?)
        case tasks(line: JSON, only: String?, wantsSettings: Bool)
        case generate(GenerationOrder, made: [JSON])
    }

    var tool: Tool
    var target: MCPServer.Target
    /// Set when the client wants to know how far the call has come.
    var progressToken: JSON?
    var work = Work.none
    var warnings: [String] = []
    /// Milliseconds for which a full queue made it wait.
    var waited = 0

    init(tool: Tool, target: MCPServer.Target) {
        self.tool = tool
        self.target = target
    }

    /// What ends the work when nobody wants its result any more.
    var stopping: [MCPServer.Effect] {
        switch work {
        case .none, .tasks: []
        case .solve(let line, _, _): [.ask(["method": "cancel", "request_id": line["id"] ?? .null])]
        case .generate(let order, _): [.stopGenerating(call: order.call)]
        }
    }
}

/// A tool's result, without the protocol's part.
struct ToolResult: Sendable {
    var content: [JSON]
    var structured: JSON?
    var isError = false

    /// Texts for the model, and the same for a program. For hosts that pass on only texts, the last one is the JSON.
    init(text: String, structured: JSONObject, others: [JSON] = []) {
        content = [Self.text(text)] + others + [Self.text(JSON.object(structured).text)]
        self.structured = .object(structured)
    }

    /// What was wrong, so that the call can be mended and made again. Without structured content: hosts hold that against
    /// the output schema.
    init(_ error: WireError) { self.init(error: error.message, error.json) }

    init(error message: String, _ json: JSON) {
        var lines = [message]
        let data = json["data"]
        if let nearest = data?["nearest"]?.stringValue { lines.append("Did you mean \(nearest)?") }
        if let known = data?["known"]?.arrayValue?.compactMap(\.stringValue), !known.isEmpty {
            lines.append("There are: \(known.joined(separator: ", ")).")
        }
        content = [Self.text(lines.joined(separator: "\n")), Self.text((["error": json] as JSON).text)]
        isError = true
    }

    var members: JSONObject {
        var object: JSONObject = ["content": .array(content)]
        object["structuredContent"] = structured
        object["isError"] = .bool(isError)
        return object
    }

    private static func text(_ text: String) -> JSON { ["type": "text", "text": .string(text)] }
}
