/// The answer to one HTTP request for metrics or health, as pure text: GET or HEAD of `/metrics` (or `/`), `/healthz` and
/// `/readyz`, HTTP/1.0 and 1.1.
package enum ScrapeResponse {
    /// What `/healthz` and `/readyz` ask.
    package struct Health: Sendable, Hashable {
        /// Why the process should be started again; nil when it does its work.
        package var illness: String?
        /// Why no requests should be sent to it; nil when it takes them.
        package var unreadiness: String?

        package init(illness: String? = nil, unreadiness: String? = nil) {
            self.illness = illness
            self.unreadiness = unreadiness
        }
    }

    /// Whether the request's head is complete.
    package static func isComplete(_ request: [UInt8]) -> Bool {
        var lineFeeds = 0
        for byte in request where byte != 0x0D {
            lineFeeds = byte == 0x0A ? lineFeeds + 1 : 0
            if lineFeeds == 2 { return true }
        }
        return false
    }

    /// - Parameters:
    ///   - body: the exposition, only asked for when it is sent.
    ///   - health: likewise.
    package static func bytes(
        for request: [UInt8], health: () -> Health = { Health() }, body: () -> String
    ) -> [UInt8] {
        let line = String(decoding: request.prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            return response("400 Bad Request", "This is no HTTP/1 request.\n")
        }
        guard words[0] == "GET" || words[0] == "HEAD" else {
            return response("405 Method Not Allowed", "Only GET and HEAD.\n", more: "Allow: GET, HEAD\r\n")
        }
        let path = words[1].prefix { $0 != "?" }
        let isHead = words[0] == "HEAD"
        switch path {
        case "/metrics", "/": return response("200 OK", body(), type: Exposition.contentType, isHead: isHead)
        case "/healthz": return state(health().illness, isHead: isHead)
        case "/readyz":
            let health = health()
            return state(health.illness ?? health.unreadiness, isHead: isHead)
        default: return response("404 Not Found", "There are /metrics, /healthz and /readyz.\n", isHead: isHead)
        }
    }

    private static func state(_ problem: String?, isHead: Bool) -> [UInt8] {
        guard let problem else { return response("200 OK", "ok\n", isHead: isHead) }
        return response("503 Service Unavailable", problem + "\n", isHead: isHead)
    }

    private static func response(
        _ status: String, _ body: String, type: String = "text/plain; charset=utf-8", isHead: Bool = false,
        more: String = ""
    ) -> [UInt8] {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\(more)"
            + "Connection: close\r\n\r\n"
        return Array(head.utf8) + (isHead ? [] : Array(body.utf8))
    }
}
