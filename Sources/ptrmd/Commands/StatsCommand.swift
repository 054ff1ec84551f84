import ArgumentParser
import JSON
import Platform
import Transports

/// `ptrmd stats`: what a running daemon did and is doing.
struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show what a daemon did and is doing.")

    @Option(
        help: ArgumentHelp("The daemon's socket; default: PTRM_SOCKET, else the usual one.", valueName: "path"),
        completion: .file())
    var socket: String?

    @Flag(help: "Print JSON, one line.")
    var json = false

    @Option(help: ArgumentHelp("Ask again at this interval, until interrupted.", valueName: "seconds"))
    var watch: Double?

    func validate() throws {
        if let watch, !(watch >= 0.1 && watch <= 86400) {
            throw ValidationError("--watch must be from 0.1 to 86400 seconds.")
        }
    }

    func run() throws {
        let path = try UserEnvironment.socket(socket)
        let client: DaemonClient
        do {
            client = try DaemonClient(path: path)
        } catch {
            throw CommandFailure(code: .usage, message: "no connection to a daemon: \(error)")
        }
        repeat {
            let stats = try ask(client)
            if watch != nil, !json, Terminal.isTerminal(1) {
                Terminal.write("\u{1B}[H\u{1B}[2J", to: 1)
            }
            try StandardOutput.write(json ? stats.text + "\n" : StatsTable.text(of: stats))
            if let watch { Process.sleep(seconds: watch) }
        } while watch != nil
    }

    private func ask(_ client: DaemonClient) throws(CommandFailure) -> JSON {
        var stats: JSON?
        var refusal: String?
        // One that takes no more clients has said so before it closed, even when nothing can be sent any more.
        _ = client.send(Array("{\"id\":\"stats\",\"method\":\"stats\"}\n".utf8))
        client.forEachLine { line in
            let reply = try? JSON(parsing: line)
            stats = reply?["stats"]
            refusal = reply?["error"]?["message"]?.stringValue
            return false
        }
        guard let stats else {
            throw CommandFailure(code: .someLineFailed, message: refusal ?? "the daemon did not answer")
        }
        return stats
    }
}

/// The members of `stats` as a table for people. Members that it does not know are shown as they are.
enum StatsTable {
    static func text(of stats: JSON) -> String {
        var rows: [[String]] = []
        for (key, value) in stats.objectValue?.members ?? [] where key != "profiles" {
            rows.append([words(key), value.objectValue == nil ? cell(value) : latency(value)])
        }
        var text = aligned(rows)
        let profiles = stats["profiles"]?.objectValue?.members ?? []
        guard !profiles.isEmpty else { return text }
        let columns = ["solved", "unsolved", "false_alarms", "rollouts", "steps"]
        var table = [["profile"] + columns.map(words) + ["latency"]]
        for (name, profile) in profiles {
            table.append(
                [name.printable(keepsLines: false, limit: 200)] + columns.map { cell(profile[$0] ?? .null) } + [
                    latency(profile["latency_ms"] ?? .null)
                ])
        }
        text += "\n" + aligned(table)
        return text
    }

    private static func words(_ key: String) -> String { String(key.map { $0 == "_" ? " " : $0 }) }

    private static func cell(_ value: JSON) -> String {
        value.isNull ? "-" : (value.stringValue ?? value.text).printable(keepsLines: false, limit: 200)
    }

    private static func latency(_ value: JSON) -> String {
        guard let members = value.objectValue?.members else { return "-" }
        return members.map { "\($0.key) \(cell($0.value))" }.joined(separator: ", ")
    }

    private static func aligned(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
