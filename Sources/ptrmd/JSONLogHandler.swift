import ArgumentParser
import JSON
import Logging
import Platform
import Transports

/// How log lines are written.
enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}

/// Log lines as JSON objects, one a line, for programs that collect them:
/// `{"time":"2026-11-30T17:05:38.123Z","level":"warning","message":"…","metadata":{"clients":"64"}}`.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        for (key, value) in metadataProvider?.get() ?? [:] { all[key] = value }
        for (key, value) in event.metadata ?? [:] { all[key] = value }
        Self.write(level: event.level, "\(event.message)", all)
    }

    /// A line without a logger: why a command ends.
    static func write(level: Logger.Level, _ message: String, _ metadata: Logger.Metadata = [:]) {
        var line: JSONObject = [
            "time": .string(WallClock.text), "level": .string(level.rawValue), "message": .string(message),
        ]
        if !metadata.isEmpty { line["metadata"] = json(.dictionary(metadata)) }
        LogOutput.standardError.write(JSON.object(line).text + "\n")
    }

    private static func json(_ value: Logger.MetadataValue) -> JSON {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string("\(value)")
        case .array(let values): .array(values.map(json))
        case .dictionary(let members):
            .object(members.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { $0[$1.key] = json($1.value) })
        }
    }
}
