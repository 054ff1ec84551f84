package import JSON

/// The codes of error lines. The negative ones are JSON-RPC's, the positive ones HTTP's.
package enum ErrorCode: Int64, Sendable, CaseIterable {
    /// The line is not JSON.
    case parse = -32700
    /// The line is JSON but not a request.
    case request = -32600
    /// There is no such method.
    case method = -32601
    /// A field has a wrong type or value, is missing, or names something that does not exist.
    case params = -32602
    /// A defect of the daemon.
    case `internal` = -32603
    /// The line is longer than `max_line_bytes`.
    case lineTooLong = 413
    /// The queue is full; `retry_after_ms` says when to try again.
    case queueFull = 429
    /// The daemon is shutting down and takes no new work.
    case shuttingDown = 503
}

/// What an error line says under `error`.
package struct WireError: Error, Sendable, Hashable {
    package var code: ErrorCode
    /// For people: what is wrong, what was expected.
    package var message: String
    package var details: Details

    /// What an error line says under `error.data`, for programs.
    package struct Details: Sendable, Hashable {
        /// The field at fault, with dots for fields of fields (`limits.time_ms`).
        package var field: String?
        /// The valid name closest to an unknown one.
        package var nearest: String?
        /// The valid names, when one was to be chosen.
        package var known: [String] = []
        /// The cells at fault, as [row, column] from 0.
        package var cells: [[Int]] = []
        /// Where a line stops being JSON, in bytes from its start.
        package var offset: Int?
        /// The line whose request holds an id.
        package var inFlightLine: Int?
        /// When to try again.
        package var retryAfterMs: Int?

        package init(field: String? = nil, nearest: String? = nil) {
            self.field = field
            self.nearest = nearest
        }
    }

    package init(_ code: ErrorCode, _ message: String, _ details: Details = Details()) {
        self.code = code
        self.message = message
        self.details = details
    }

    /// A wrong field of an otherwise well-formed request.
    package static func params(_ field: String, _ message: String, nearest: String? = nil) -> WireError {
        WireError(.params, message, Details(field: field, nearest: nearest))
    }

    /// The queue is full.
    package static func queueFull(retryAfterMs: Int) -> WireError {
        var details = Details()
        details.retryAfterMs = retryAfterMs
        return WireError(.queueFull, "the queue is full; try again in \(retryAfterMs) ms", details)
    }

    /// The client has as many solve requests in flight as it may.
    package static func clientFull(limit: Int, retryAfterMs: Int) -> WireError {
        var error = queueFull(retryAfterMs: retryAfterMs)
        error.message =
            "this connection has \(limit) of at most \(limit) requests in flight; try again in \(retryAfterMs) ms"
        return error
    }

    /// The system has no memory for a search that fits the budget.
    package static let outOfMemory: WireError = {
        var error = queueFull(retryAfterMs: 1000)
        error.message = "the system has no memory for this search now; try again in 1000 ms"
        return error
    }()

    package static let shuttingDown = WireError(.shuttingDown, "shutting down: no new requests are taken")

    /// Clipped, as what is wrong may quote a field of any length.
    package var json: JSON {
        var object: JSONObject = ["code": .integer(code.rawValue), "message": .string(Wire.clipped(message, to: 1000))]
        let data = details.json
        if !data.isEmpty { object["data"] = .object(data) }
        return .object(object)
    }
}

extension WireError.Details {
    package var json: JSONObject {
        var object = JSONObject()
        object["field"] = field.map { .string(Wire.clipped($0, to: 200)) }
        object["nearest"] = nearest.map(JSON.string)
        if !known.isEmpty { object["known"] = .array(known.map(JSON.string)) }
        if !cells.isEmpty { object["cells"] = JSON(cells: cells) }
        object["offset"] = offset.map(JSON.init(count:))
        object["in_flight_line"] = inFlightLine.map(JSON.init(count:))
        object["retry_after_ms"] = retryAfterMs.map(JSON.init(count:))
        return object
    }
}

extension JSON {
    init(count: Int) { self = .integer(Int64(count)) }

    init(cells: [[Int]]) { self = .array(cells.map { .array($0.map(JSON.init(count:))) }) }
}
