import JSON

/// The requests of one connection that have no terminal line yet.
///
/// An id is in flight from the line that brings it until that line's terminal reply is in the connection's queue;
/// meanwhile the same id is refused. Requests are distinguished by their line, so the error that refuses a duplicate does
/// not end the request it would have doubled, and requests without an id count as well.
package struct InFlightIDs: Sendable {
    private var lines: [RequestID: Int] = [:]
    private var ids: [Int: RequestID?] = [:]

    package init() {}

    /// How many requests are in flight.
    package var count: Int { ids.count }
    package var isEmpty: Bool { ids.isEmpty }

    /// The line of a request in flight.
    package func line(of id: RequestID) -> Int? { lines[id] }

    /// Takes a request in.
    /// - Throws: `-32600` with the line that holds the id when it is in flight.
    package mutating func begin(_ id: RequestID?, line: Int) throws(WireError) {
        if let id {
            if let holder = lines[id] {
                var details = WireError.Details(field: "id")
                details.inFlightLine = holder
                let name = if case .string(let text) = id { Wire.quoted(text) } else { id.json.text }
                throw WireError(.request, "id \(name) is in flight since line \(holder)", details)
            }
            lines[id] = line
        }
        ids[line] = .some(id)
    }

    /// The line's terminal reply is on its way: its id may be used again.
    /// - Returns: false when the line is not in flight, so that a second terminal reply can be held back.
    package mutating func end(line: Int) -> Bool {
        guard let id = ids.removeValue(forKey: line) else { return false }
        if let id { lines[id] = nil }
        return true
    }
}
