package import JSON

/// One line of output: what it says, and about which request.
///
///     Reply(id: .string("a1"), line: 1, .error(.params("puzzle", "solve needs a puzzle"))).bytes
package struct Reply: Sendable, Hashable {
    /// The request's id; nil when it has none, or none that could be read.
    package var id: RequestID?
    /// The number of the input line that is answered.
    package var line: Int
    package var body: Body

    package enum Body: Sendable, Hashable {
        case answer(AnswerReply)
        case progress(ProgressReply)
        /// Something in the request was ignored; the request goes on.
        case warning(WireWarning)
        case result(ControlResult)
        /// The line could not be done.
        case error(WireError)
    }

    package init(id: RequestID?, line: Int, _ body: Body) {
        self.id = id
        self.line = line
        self.body = body
    }

    /// Whether this is the last line about its request.
    package var isTerminal: Bool {
        switch body {
        case .answer, .result, .error: true
        case .progress, .warning: false
        }
    }

    /// The reply as JSON, members in the order of the specification.
    package var json: JSON {
        let (type, members): (String, JSONObject) =
            switch body {
            case .answer(let answer): ("answer", answer.members)
            case .progress(let progress): ("progress", progress.members)
            case .warning(let warning):
                ("warning", ["field": .string(warning.field), "message": .string(warning.message)])
            case .result(let result): ("result", result.members)
            case .error(let error): ("error", ["error": error.json])
            }
        var object: JSONObject = ["type": .string(type), "id": id?.json ?? .null]
        // The id says which request is meant; a terminal line has the number as well.
        if isTerminal || id == nil { object["line"] = JSON(count: line) }
        for (key, value) in members { object[key] = value }
        return .object(object)
    }

    /// The bytes to write, with the line end.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        json.write(into: &bytes)
        bytes.append(0x0A)
        return bytes
    }
}

/// How far a search has come.
package struct ProgressReply: Sendable, Hashable {
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

    package init(steps: Int, rollouts: Int, conflicts: Int = 0, best: Best? = nil) {
        self.conflicts = conflicts
        self.steps = steps
        self.rollouts = rollouts
        self.best = best
    }

    var members: JSONObject {
        var object: JSONObject = ["steps": JSON(count: steps), "rollouts": JSON(count: rollouts)]
        if conflicts > 0 { object["conflicts"] = JSON(count: conflicts) }
        if let best {
            var members: JSONObject = ["q": JSON(rounded: best.q)]
            members["answer"] = best.answer
            object["best"] = .object(members)
        }
        return object
    }
}
