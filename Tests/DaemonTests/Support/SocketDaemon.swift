import JSON
import SystemPackage
import TestSupport
import Testing

/// A daemon on a socket in a folder of its own.
final class SocketDaemon: Sendable {
    let folder: TemporaryFolder
    let path: String
    let process: DaemonProcess

    init(
        _ arguments: String..., environment: [String: String] = [:], folder: TemporaryFolder? = nil,
        wrapper: String? = nil, errors: FileDescriptor? = nil
    ) throws {
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        path = folder.file("s")
        process = try DaemonProcess(
            ["--socket", path] + arguments, environment: environment, wrapper: wrapper, errors: errors)
    }

    func connect() throws -> SocketConversation { try SocketConversation(path) }

    /// Waits until `stats` says so, and gives those stats.
    @discardableResult
    func stats(
        within seconds: Double = 120, until isTrue: (JSON) -> Bool = { _ in true },
        _ place: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let client = try connect()
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let reply = try client.ask(#"{"id":"stats","method":"stats"}"#, place)
            let stats = try #require(reply["stats"], sourceLocation: place)
            if isTrue(stats) { return stats }
            try #require(ContinuousClock.now < end, "not within \(seconds) s: \(stats.text)", sourceLocation: place)
        }
    }
}

extension SocketConversation {
    /// The next reply, held against the schema.
    func next(_ place: SourceLocation = #_sourceLocation) throws -> JSON {
        let line = try #require(try line(), "the daemon closed the connection", sourceLocation: place)
        return try Replies.checked(line: line, place)
    }

    /// Sends a line and gives the next reply.
    func ask(_ line: String, _ place: SourceLocation = #_sourceLocation) throws -> JSON {
        try send(line)
        return try next(place)
    }
}
