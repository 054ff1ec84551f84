package import JSON
package import LineProtocol
package import Puzzles

// MCP is the Model Context Protocol on top of the line protocol: what an agent's host says comes in, what it gets and
// what the solver is asked goes out. Pure: no threads, no files, no clock.

/// A conversation with one host, as a state machine.
///
///     var server = MCPServer(version: "0.2.0")
///     for effect in server.receive(line) { perform(effect) }
///
/// Tools that take a search become lines of the line protocol (`Effect.ask`), whose replies come back by
/// `receive(reply:)`; the others are answered at once, but for new puzzles, which somebody else makes.
package struct MCPServer: Sendable {
    /// Something to do, in the order given.
    package enum Effect: Sendable, Hashable {
        /// A message for the client.
        case send(JSON)
        /// A request of the line protocol.
        case ask(JSON)
        /// Call `retry(call:)` after so many milliseconds.
        case retry(call: Int, afterMs: Int)
        /// Make puzzles, and report each by `generated`.
        case generate(GenerationOrder)
        /// Nobody waits for these puzzles any more.
        case stopGenerating(call: Int)
    }

    /// Where a response goes.
    struct Target: Sendable, Hashable {
        var id: RequestID
        var era: Era
        /// The batch that the request came in.
        var batch: Int?
    }

    /// A batch whose responses are not all there.
    struct Batch: Sendable {
        var missing = 0
        var responses: [JSON] = []
        /// Whether all its messages have been looked at.
        var isRead = false
    }

    /// Calls and subscriptions that may be open at a time.
    package static let mostOpen = 256

    let version: String
    let tasks: TaskTable
    /// The revision of the session; nil without one.
    var session: String?
    /// Tool calls without a response, by a number of ours.
    var calls: [Int: ToolCall] = [:]
    var nextCall = 1
    /// `subscriptions/listen` requests, which stay open.
    var subscriptions: [RequestID: Target] = [:]
    var batches: [Int: Batch] = [:]
    var nextBatch = 1

    /// - Parameters:
    ///   - version: the program's.
    ///   - declared: the tasks that a profiles file declares.
    package init(version: String, declared: [PuzzleTask] = []) {
        self.version = version
        tasks = TaskTable(declared: declared)
    }

    /// Whether no call waits for its result.
    package var isIdle: Bool { calls.isEmpty }

    /// Takes the client's next line.
    package mutating func receive(_ line: FramedLine) -> [Effect] {
        switch line.content {
        case .tooLong, .noRoom:
            return [
                .send(Self.errorMessage(nil, .invalidRequest("the message is longer than this server takes"), session))
            ]
        case .bytes(let bytes):
            do {
                return receive(try JSON(parsing: bytes, maxDepth: Wire.maxDepth))
            } catch {
                let problem = RPCError(
                    code: RPCError.parse, message: "invalid JSON: \(error.message) (at byte \(error.offset))")
                return [.send(Self.errorMessage(nil, problem, session))]
            }
        }
    }

    /// The client sends nothing more: what it is subscribed to ends.
    package mutating func endOfInput() -> [Effect] {
        let open = subscriptions.values.sorted { "\($0.id)" < "\($1.id)" }
        subscriptions = [:]
        return open.flatMap { target in
            respond(to: target, with: ["_meta": [MetaKey.subscription: target.id.json]])
        }
    }

    private mutating func receive(_ json: JSON) -> [Effect] {
        guard let messages = json.arrayValue else { return handle(Message(json), batch: nil) }
        guard ProtocolVersion.hasBatches(session), !messages.isEmpty else {
            let problem = RPCError.invalidRequest(
                messages.isEmpty ? "a batch has at least one message" : "this revision has no batches")
            return [.send(Self.errorMessage(nil, problem, session))]
        }
        let number = nextBatch
        nextBatch += 1
        batches[number] = Batch()
        var effects = messages.flatMap { handle(Message($0), batch: number) }
        batches[number]?.isRead = true
        effects += finishBatch(number)
        return effects
    }

    private mutating func handle(_ message: Message, batch: Int?) -> [Effect] {
        switch message {
        case .response: return []
        case .notification(let method, let params): return notice(method, params)
        case .invalid(let id, let error):
            return deliver(Self.errorMessage(id, error, session), batch: batch, isExpected: false)
        case .request(let id, let method, let params):
            if let batch { batches[batch]?.missing += 1 }
            var target = Target(id: id, era: .session(session), batch: batch)
            do throws(RPCError) {
                target.era = try era(of: params, method: method)
                guard !calls.values.contains(where: { $0.target.id == id }), subscriptions[id] == nil else {
                    throw .invalidRequest("a request with this id has no response yet")
                }
                return try handle(method, params, target)
            } catch {
                return fail(target, error)
            }
        }
    }

    /// The era that a request belongs to.
    private func era(of params: JSONObject, method: String) throws(RPCError) -> Era {
        if method == "initialize" { return .session(session) }
        let meta = params["_meta"] ?? [:]
        guard let members = meta.objectValue else {
            throw .invalidParams("params._meta must be an object, not \(meta.typeName)")
        }
        guard let written = members[MetaKey.version] else {
            // A ping may come before `initialize`; everything else needs to know how to be answered.
            if session != nil || method == "ping" { return .session(session) }
            throw .invalidParams(
                "params._meta must have \(MetaKey.version) and \(MetaKey.capabilities); in revisions up to "
                    + "\(ProtocolVersion.sessions[0]) the first request must be initialize")
        }
        guard let version = written.stringValue else {
            throw .invalidParams("\(MetaKey.version) in params._meta must be a string, not \(written.typeName)")
        }
        guard let capabilities = members[MetaKey.capabilities], capabilities.objectValue != nil else {
            throw .invalidParams("params._meta must have an object \(MetaKey.capabilities)")
        }
        guard ProtocolVersion.stateless.contains(version) else { throw .unsupportedVersion(version) }
        return .stateless
    }

    private mutating func notice(_ method: String, _ params: JSONObject) -> [Effect] {
        guard method == "notifications/cancelled", let id = params["requestId"].flatMap(RequestID.init) else {
            return []
        }
        subscriptions[id] = nil
        guard let number = calls.first(where: { $0.value.target.id == id })?.key, let call = calls[number] else {
            return []
        }
        calls[number] = nil
        // No response follows, in a batch neither.
        return call.stopping + (call.target.batch.map { drop(fromBatch: $0) } ?? [])
    }
}

// Responses.
extension MCPServer {
    mutating func respond(to target: Target, with result: JSONObject) -> [Effect] {
        var result = result
        if target.era == .stateless {
            let meta = result["_meta"]?.objectValue ?? [:]
            result["_meta"] = nil
            result = (["resultType": "complete"] as JSONObject).merging(result)
            result["_meta"] = .object(meta.merging([MetaKey.serverInfo: serverInfo]))
        }
        let message: JSON = ["jsonrpc": "2.0", "id": target.id.json, "result": .object(result)]
        return deliver(message, batch: target.batch, isExpected: true)
    }

    mutating func fail(_ target: Target, _ error: RPCError) -> [Effect] {
        deliver(Self.errorMessage(target.id, error, session), batch: target.batch, isExpected: true)
    }

    /// - Parameter session: earlier revisions have a null id where none could be read, later ones have none.
    private static func errorMessage(_ id: RequestID?, _ error: RPCError, _ session: String?) -> JSON {
        var message: JSONObject = ["jsonrpc": "2.0"]
        if let id {
            message["id"] = id.json
        } else if session != ProtocolVersion.sessions[0] {
            message["id"] = .null
        }
        message["error"] = error.json
        return .object(message)
    }

    /// - Parameter isExpected: whether it answers a request that was counted for its batch.
    private mutating func deliver(_ message: JSON, batch: Int?, isExpected: Bool) -> [Effect] {
        guard let batch, batches[batch] != nil else { return [.send(message)] }
        batches[batch]?.responses.append(message)
        if isExpected { batches[batch]?.missing -= 1 }
        return finishBatch(batch)
    }

    private mutating func drop(fromBatch batch: Int) -> [Effect] {
        batches[batch]?.missing -= 1
        return finishBatch(batch)
    }

    private mutating func finishBatch(_ number: Int) -> [Effect] {
        guard let batch = batches[number], batch.isRead, batch.missing == 0 else { return [] }
        batches[number] = nil
        return batch.responses.isEmpty ? [] : [.send(.array(batch.responses))]
    }

    var serverInfo: JSON { ["name": "ptrmd", "title": "ptrm puzzle solver", "version": .string(version)] }
}

extension JSONObject {
    /// These members and then the others, whose values count where both have a key.
    func merging(_ others: JSONObject) -> JSONObject {
        others.reduce(into: self) { $0[$1.key] = $1.value }
    }
}
