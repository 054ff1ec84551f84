package import JSON

/// One line of output.
package enum Reply: Sendable, Hashable {
    case answer(AnswerReply)
    case progress(ProgressReply)
    case warning(WarningReply)
    case result(ResultReply)
    case error(ErrorReply)

    /// Whether this is the last line about its request.
    package var isTerminal: Bool {
        switch self {
        case .answer, .result, .error: true
        case .progress, .warning: false
        }
    }

    /// The reply as JSON, members in the order of the specification.
    package var json: JSON {
        switch self {
        case .answer(let reply): .object(reply.json)
        case .progress(let reply): .object(reply.json)
        case .warning(let reply): .object(reply.json)
        case .result(let reply): .object(reply.json)
        case .error(let reply): .object(reply.json)
        }
    }

    /// The bytes to write, with the line end.
    package func line() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the bytes to write, with the line end.
    package func append(to bytes: inout [UInt8]) {
        json.write(into: &bytes)
        bytes.append(0x0A)
    }
}

/// How far a search has come.
package struct ProgressReply: Sendable, Hashable {
    package var id: RequestID?
    package var line: Int
    /// Supervision steps so far, over all rollouts.
    package var steps: Int
    /// Rollouts started so far.
    package var rollouts: Int
    /// Conflicts of exact search so far; written when there are any.
    package var conflicts: Int
    package var best: Best?

    /// The best rollout so far, and its answer where one was decoded.
    package struct Best: Sendable, Hashable {
        package var q: Double
        package var answer: JSON?

        package init(q: Double, answer: JSON? = nil) {
            self.q = q
            self.answer = answer
        }
    }

    package init(
        id: RequestID?, line: Int, steps: Int, rollouts: Int, conflicts: Int = 0, best: Best? = nil
    ) {
        self.conflicts = conflicts
        self.id = id
        self.line = line
        self.steps = steps
        self.rollouts = rollouts
        self.best = best
    }

    var json: JSONObject {
        var object = JSONObject(type: "progress", id: id, line: id == nil ? line : nil)
        object["steps"] = JSON(count: steps)
        object["rollouts"] = JSON(count: rollouts)
        if conflicts > 0 { object["conflicts"] = JSON(count: conflicts) }
        if let best {
            var members: JSONObject = ["q": JSON(rounded: best.q)]
            members["answer"] = best.answer
            object["best"] = .object(members)
        }
        return object
    }
}

/// Something in a request was ignored; the request goes on.
package struct WarningReply: Sendable, Hashable {
    package var id: RequestID?
    package var line: Int
    package var warning: WireWarning

    package init(id: RequestID?, line: Int, _ warning: WireWarning) {
        self.id = id
        self.line = line
        self.warning = warning
    }

    var json: JSONObject {
        var object = JSONObject(type: "warning", id: id, line: id == nil ? line : nil)
        object["field"] = .string(warning.field)
        object["message"] = .string(warning.message)
        return object
    }
}

/// A line could not be done.
package struct ErrorReply: Sendable, Hashable {
    package var id: RequestID?
    package var line: Int
    package var error: WireError

    package init(id: RequestID?, line: Int, _ error: WireError) {
        self.id = id
        self.line = line
        self.error = error
    }

    var json: JSONObject {
        var object = JSONObject(type: "error", id: id, line: line)
        object["error"] = error.json
        return object
    }
}

extension JSONObject {
    /// The members with which replies start.
    /// - Parameter line: the input line's number; nil writes none, where the id already says which request is meant.
    init(type: String, id: RequestID?, line: Int?) {
        self = ["type": .string(type), "id": id?.json ?? .null]
        self["line"] = line.map(JSON.init(count:))
    }
}
