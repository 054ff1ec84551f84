import JSON
import TestSupport
import Testing

/// Lines that the daemon wrote, held against the published schema.
enum Replies {
    private static let schemas = Result { try SchemaSet.protocols() }

    /// A line as JSON; an issue is recorded when it breaks the schema.
    static func checked(line: String, _ place: SourceLocation = #_sourceLocation) throws -> JSON {
        let reply = try #require(
            try? JSON(parsing: line), "stdout has a line that is no JSON: \(line)", sourceLocation: place)
        let violations = try schemas.get().violations(of: reply, against: "reply.schema.json")
        #expect(violations.isEmpty, "\(line)", sourceLocation: place)
        return reply
    }

    /// Every line of an output, each with its line end.
    static func checked(_ output: String, _ place: SourceLocation = #_sourceLocation) throws -> [JSON] {
        #expect(output.isEmpty || output.hasSuffix("\n"), "the last line has no end", sourceLocation: place)
        return try output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            try checked(line: String($0), place)
        }
    }

    /// The replies of an output by their id's JSON text, all of which must have one and only one.
    static func byID(_ output: String, _ place: SourceLocation = #_sourceLocation) throws -> [String: JSON] {
        var table: [String: JSON] = [:]
        for reply in try checked(output, place) {
            let id = reply["id"]?.text ?? "none"
            #expect(table[id] == nil, "two lines of id \(id)", sourceLocation: place)
            table[id] = reply
        }
        return table
    }
}

extension JSON {
    /// `reply[at: "error", "data", "field"]`.
    subscript(at keys: String...) -> JSON? { keys.reduce(Optional(self)) { $0?[$1] } }

    /// `error.data.field`.
    var errorField: String? { self[at: "error", "data", "field"]?.stringValue }

    var errorCode: Int64? { self[at: "error", "code"]?.integerValue }
}

extension Conversation {
    /// The next reply, held against the schema.
    func next(_ place: SourceLocation = #_sourceLocation) async throws -> JSON {
        let line = try #require(try await line(), "the output has ended", sourceLocation: place)
        return try Replies.checked(line: line, place)
    }

    /// Sends a line and gives the next reply.
    func ask(_ line: String, _ place: SourceLocation = #_sourceLocation) async throws -> JSON {
        try await send(line)
        return try await next(place)
    }

    /// The next reply that is not a progress line.
    func nextAfterProgress(_ place: SourceLocation = #_sourceLocation) async throws -> JSON {
        while true {
            let reply = try await next(place)
            if reply["type"] != "progress" { return reply }
        }
    }
}
