package import JSON

/// Plays the client's part of a transcript: says what to do next and takes what the daemon writes.
///
/// It does no I/O. Whoever runs the daemon does what `next` says until it is `finished`.
package struct TranscriptPlayer: Sendable {
    package enum Action: Sendable, Equatable {
        /// Send these bytes and a line end.
        case send([UInt8])
        /// Wait for the daemon's next line and give it to `receive`.
        case awaitLine
        /// Close the client's end; the daemon ends without another line.
        case finished
    }

    private let isOrdered: Bool
    private var steps: ArraySlice<Transcript.Step>
    private var matcher: TranscriptMatcher?

    package init(_ transcript: Transcript) {
        isOrdered = transcript.isOrdered
        steps = transcript.steps[...]
    }

    /// What to do now.
    package mutating func next() -> Action {
        while true {
            if let matcher, !matcher.isComplete { return .awaitLine }
            matcher = nil
            switch steps.popFirst() {
            case .send(let line): return .send(line)
            case .expect(let lines): matcher = TranscriptMatcher(lines, isOrdered: isOrdered)
            case nil: return .finished
            }
        }
    }

    /// Takes a line that the daemon wrote.
    /// - Returns: why it is not what the transcript expects; nil when it is.
    package mutating func receive(_ line: JSON) -> String? {
        guard matcher != nil else { return "nothing was expected: \(line.text)" }
        return matcher?.accept(line)
    }

    /// The expected lines that are still to come, with their places in the transcript.
    package var missing: [String] {
        matcher?.missing.map { "\($0.place): \($0.pattern.text)" } ?? []
    }
}
