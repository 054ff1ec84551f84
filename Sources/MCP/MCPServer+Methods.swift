import JSON
import LineProtocol
import Puzzles
import Spelling

extension MCPServer {
    /// How long a client may keep what never changes while the program runs, in milliseconds.
    private static let freshness: Int64 = 3_600_000

    static let instructions = """
        Solves logic puzzles exactly: sudoku of many sizes, lightup (akari), nurikabe, heyawake, tapa, shakashaka and mazes. \
        Paste a puzzle as you have it, with boxes, spaces or a sentence around it, or as a puzz.link address, and name the \
        task when you know it. solve_puzzle solves it, and says whether its solution is the only one; check_answer checks \
        an answer by the rules; draw_puzzle draws a board; generate_puzzle makes new puzzles; list_tasks tells what each \
        task's puzzles look like. When a tool refuses, its message says which field is wrong and what was expected.
        """

    /// Answers a request, or throws what is wrong with it.
    mutating func handle(_ method: String, _ params: JSONObject, _ target: Target) throws(RPCError) -> [Effect] {
        let staysOpen = method == "tools/call" || method == "subscriptions/listen"
        if staysOpen, calls.count + subscriptions.count >= Self.mostOpen {
            throw RPCError(
                code: RPCError.tooManyOpen, message: "\(Self.mostOpen) calls are open; wait until one has its result")
        }
        switch (method, target.era) {
        case ("initialize", _): return try initialize(params, target)
        case ("ping", .session): return respond(to: target, with: [:])
        case ("server/discover", .stateless):
            return respond(
                to: target,
                with: cacheable([
                    "supportedVersions": .array(ProtocolVersion.stateless.map(JSON.string)),
                    "capabilities": Self.capabilities, "instructions": .string(Self.instructions),
                ]))
        case ("subscriptions/listen", .stateless): return listen(target)
        case ("tools/list", _):
            try requireNoCursor(params)
            return respond(to: target, with: listing("tools", .array(Tool.all.map { $0.json(tasks) }), target))
        case ("tools/call", _): return try call(params, target)
        case ("resources/list", _):
            try requireNoCursor(params)
            return respond(to: target, with: listing("resources", Resources.list(tasks), target))
        case ("resources/templates/list", _):
            try requireNoCursor(params)
            return respond(to: target, with: listing("resourceTemplates", Resources.templates, target))
        case ("resources/read", _): return try read(params, target)
        default: throw .unknownMethod(method)
        }
    }

    private static let capabilities: JSON = ["tools": [:], "resources": [:]]

    private mutating func initialize(_ params: JSONObject, _ target: Target) throws(RPCError) -> [Effect] {
        guard let requested = params["protocolVersion"]?.stringValue else {
            throw .invalidParams("params.protocolVersion must be a string")
        }
        let version = ProtocolVersion.session(for: requested)
        session = version
        return respond(
            to: target,
            with: [
                "protocolVersion": .string(version), "capabilities": Self.capabilities, "serverInfo": serverInfo,
                "instructions": .string(Self.instructions),
            ])
    }

    /// Nothing that a client could be told of ever changes: the acknowledgment promises nothing.
    private mutating func listen(_ target: Target) -> [Effect] {
        subscriptions[target.id] = target
        return [
            .send([
                "jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged",
                "params": ["_meta": [MetaKey.subscription: target.id.json], "notifications": [:]],
            ])
        ]
    }

    private func listing(_ name: String, _ items: JSON, _ target: Target) -> JSONObject {
        let result: JSONObject = [name: items]
        return target.era == .stateless ? cacheable(result) : result
    }

    private func cacheable(_ result: JSONObject) -> JSONObject {
        result.merging(["ttlMs": .integer(Self.freshness), "cacheScope": "public"])
    }

    /// Lists have one page, so no cursor was ever given out.
    private func requireNoCursor(_ params: JSONObject) throws(RPCError) {
        guard let cursor = params["cursor"], !cursor.isNull else { return }
        throw .invalidParams("params.cursor is none that this server gave")
    }

    private mutating func read(_ params: JSONObject, _ target: Target) throws(RPCError) -> [Effect] {
        guard let uri = params["uri"]?.stringValue else { throw .invalidParams("params.uri must be a string") }
        let contents: JSON = ["contents": [try Resources.read(uri, tasks)]]
        let result = contents.objectValue ?? [:]
        return respond(to: target, with: target.era == .stateless ? cacheable(result) : result)
    }

    private mutating func call(_ params: JSONObject, _ target: Target) throws(RPCError) -> [Effect] {
        guard let name = params["name"]?.stringValue else { throw .invalidParams("params.name must be a string") }
        guard let tool = Tool(rawValue: name) else {
            let known = Tool.allCases.map(\.rawValue)
            var data: JSONObject = ["known": .array(known.map(JSON.string))]
            data["nearest"] = NearestName.of(name, among: known).map(JSON.string)
            throw .invalidParams("Unknown tool: \(Wire.clipped(name))", .object(data))
        }
        let arguments = params["arguments"] ?? [:]
        guard arguments.isNull || arguments.objectValue != nil else {
            throw .invalidParams("params.arguments must be an object, not \(arguments.typeName)")
        }
        let token = params["_meta"]?[MetaKey.progressToken] ?? .null
        guard token.isNull || RequestID(token) != nil else {
            throw .invalidParams("progressToken in params._meta must be a string or an integer")
        }
        var call = ToolCall(tool: tool, target: target)
        if !token.isNull { call.progressToken = token }
        return begin(call, arguments.objectValue ?? [:])
    }
}
