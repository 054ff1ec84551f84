// Verifiers runs programs from outside that judge candidates: they are asked and answer in NDJSON, one question at a time
// for each process. Whatever such a program does costs a verdict, never a request.

/// A verifier as a profile describes it.
package struct VerifierSettings: Sendable, Hashable {
    /// The program and its arguments.
    package var command: [String]
    /// How many of it run side by side.
    package var processes = 1
    /// Milliseconds that it has for a verdict.
    package var timeoutMs = 1000
    /// Milliseconds that a fresh process has beyond that for its first verdict.
    package var startMs = 10_000
    /// The folder it runs in; nil: that of this process.
    package var folder: String?

    package init(command: [String]) { self.command = command }

    package enum Ranges {
        package static let processes = 1...256
        package static let milliseconds = 1...3_600_000
    }
}
