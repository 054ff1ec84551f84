package import JSON

/// A line that is a request.
///
///     let parsed = try ParsedRequest(parsing: Array(#"{"id":1,"method":"ping"}"#.utf8))
///     parsed.request  // .control(.ping)
package struct ParsedRequest: Sendable, Hashable {
    /// Nil: the client gave none, and replies carry `"id":null`.
    package var id: RequestID?
    package var request: Request
    /// What was ignored; written as warning lines before any other reply.
    package var warnings: [WireWarning]

    package init(id: RequestID?, request: Request, warnings: [WireWarning] = []) {
        self.id = id
        self.request = request
        self.warnings = warnings
    }
}

/// A line that is no request. It is answered with its warnings and then this one error.
package struct RefusedLine: Error, Sendable, Hashable {
    /// The line's id, whenever it could be read, whatever else is wrong.
    package var id: RequestID?
    package var error: WireError
    package var warnings: [WireWarning]

    package init(id: RequestID?, error: WireError, warnings: [WireWarning] = []) {
        self.id = id
        self.error = error
        self.warnings = warnings
    }
}

extension ParsedRequest {
    /// Reads a line of the input.
    package init(_ line: FramedLine, maxLineBytes: Int = Wire.maxLineBytes) throws(RefusedLine) {
        switch line.content {
        case .bytes(let bytes): try self.init(parsing: bytes)
        case .tooLong(let head):
            let error = WireError(.lineTooLong, "the line is longer than \(maxLineBytes) bytes")
            throw RefusedLine(id: IDScanner.id(in: head[...]), error: error)
        case .noRoom(let head):
            var error = WireError(.queueFull, "the lines that clients have begun take all the memory there is for them")
            error.details.retryAfterMs = 1000
            throw RefusedLine(id: IDScanner.id(in: head[...]), error: error)
        }
    }

    /// Reads one line without its line end. Every text is either a request or refused with one error.
    package init(parsing line: [UInt8]) throws(RefusedLine) {
        let json: JSON
        do {
            json = try JSON(parsing: line, maxDepth: Wire.maxDepth)
        } catch {
            var details = WireError.Details()
            details.offset = error.offset
            throw RefusedLine(
                id: IDScanner.id(in: line.prefix(error.offset)),
                error: WireError(
                    .parse, "invalid JSON: \(error.message) (at byte \(error.offset))", details))
        }
        try self.init(json)
    }

    /// Takes a line that is parsed already.
    package init(_ json: JSON) throws(RefusedLine) {
        guard case .object(let object) = json else {
            let message = "a request is an object, not \(json.typeName)"
            throw RefusedLine(id: nil, error: WireError(.request, message))
        }
        try self.init(object)
    }

    private init(_ object: JSONObject) throws(RefusedLine) {
        let fields = RequestFields(object)
        var id: RequestID?
        var warnings: [WireWarning] = []
        do throws(WireError) {
            id = try fields.id()
            let method = try fields.method()
            warnings = WireWarning.limited(fields.unknown(for: method))
            let (request, ignored) = try fields.request(method)
            self.init(id: id, request: request, warnings: WireWarning.limited(warnings + ignored))
        } catch {
            throw RefusedLine(id: id, error: error, warnings: warnings)
        }
    }
}
