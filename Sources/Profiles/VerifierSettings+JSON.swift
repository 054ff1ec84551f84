import JSON
import Verifiers

extension VerifierSettings {
    static let shape = ValueShape.record([
        .init(
            name: "command", summary: "The program and its arguments, run in the folder of this file.",
            shape: .texts(1...1000, atMost: 4096)),
        .init(
            name: "processes", summary: "How many of it run side by side; 1 when absent.",
            shape: .integer(Ranges.processes), isRequired: false),
        .init(
            name: "timeout_ms", summary: "Milliseconds for a verdict; 1000 when absent.",
            shape: .integer(Ranges.milliseconds), isRequired: false),
        .init(
            name: "start_ms",
            summary: "Milliseconds that a fresh process has beyond that for its first verdict; 10000 when absent.",
            shape: .integer(Ranges.milliseconds), isRequired: false),
    ])

    /// Nil for null.
    init?(checked value: JSON) {
        guard let command = value["command"]?.arrayValue?.compactMap(\.stringValue) else { return nil }
        self.init(command: command)
        processes = value["processes"]?.wholeNumber.map { Int($0) } ?? processes
        timeoutMs = value["timeout_ms"]?.wholeNumber.map { Int($0) } ?? timeoutMs
        startMs = value["start_ms"]?.wholeNumber.map { Int($0) } ?? startMs
    }

    var json: JSON {
        [
            "command": .array(command.map(JSON.string)), "processes": .integer(Int64(processes)),
            "timeout_ms": .integer(Int64(timeoutMs)), "start_ms": .integer(Int64(startMs)),
        ]
    }
}
