/// Log lines that wait to be written, as a pure state machine: bounded, so that a reader who does not read costs lines
/// and never memory or time.
package struct LogBacklog: Sendable {
    private let limit: Int
    private var waiting: [UInt8] = []
    /// Lines that were left out since the last `take`.
    package private(set) var dropped = 0

    /// - Parameter limit: the most bytes that wait.
    package init(limit: Int = 64 << 10) { self.limit = limit }

    package var isEmpty: Bool { waiting.isEmpty && dropped == 0 }

    /// Takes a line with its end, or drops it. Once a line was dropped the following ones are too, however short, until
    /// the next `take`: there is one gap, and the note about it stands where it is.
    package mutating func append(_ line: [UInt8]) {
        if dropped > 0 || waiting.count + line.count > limit { dropped += 1 } else { waiting += line }
    }

    /// What is to be written now: the lines, and after them a note of how many are missing.
    package mutating func take() -> [UInt8] {
        defer { (waiting, dropped) = ([], 0) }
        guard dropped > 0 else { return waiting }
        let note = "ptrmd: \(dropped) log \(dropped == 1 ? "line was" : "lines were") dropped: stderr was not read\n"
        return waiting + Array(note.utf8)
    }
}
