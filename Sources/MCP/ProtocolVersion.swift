/// The revisions of the Model Context Protocol that are spoken (https://modelcontextprotocol.io/specification).
///
/// There are two eras. Up to 2025-11-25 a client opens a session with `initialize`; from 2026-07-28 on nothing is
/// remembered, and every request says in its `_meta` which revision it is written in.
package enum ProtocolVersion {
    /// Those of the session era, newest first.
    package static let sessions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    /// Those of the stateless era, newest first.
    package static let stateless = ["2026-07-28"]

    package static var all: [String] { stateless + sessions }

    /// What a session uses when its client asked for `requested`: the same, or the newest that there is.
    static func session(for requested: String) -> String {
        sessions.contains(requested) ? requested : sessions[0]
    }

    /// Whether several messages may come in one array: JSON-RPC's batches, which 2025-06-18 took out.
    static func hasBatches(_ session: String?) -> Bool { session == "2025-03-26" || session == "2024-11-05" }
}

/// How one request is to be answered.
enum Era: Sendable, Hashable {
    /// In the session of this revision; nil before its `initialize`.
    case session(String?)
    case stateless
}

/// The keys of `_meta` that the specification reserves.
enum MetaKey {
    static let version = "io.modelcontextprotocol/protocolVersion"
    static let capabilities = "io.modelcontextprotocol/clientCapabilities"
    static let serverInfo = "io.modelcontextprotocol/serverInfo"
    static let subscription = "io.modelcontextprotocol/subscriptionId"
    static let progressToken = "progressToken"
}
