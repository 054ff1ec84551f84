/// Request lines on their way to a daemon, as a pure state machine: which are out, and which come back because the daemon
/// had no place for them.
///
/// A line that is sent again has another number on the connection; its replies are given the number that it has in the file.
package struct SendQueue: Sendable {
    package struct Line: Sendable, Hashable {
        /// Its number in the file.
        package var number: Int
        package var bytes: [UInt8]
        /// How often it was sent.
        var tries = 0

        package init(number: Int, bytes: [UInt8]) {
            self.number = number
            self.bytes = bytes
        }
    }

    /// What to do with a line of the daemon's.
    package enum Reply: Sendable, Hashable {
        /// Print it, with this number for the file's line.
        case shown(number: Int?)
        /// The request will be sent again.
        case dropped
    }

    private let window: Int
    /// Lines without an answer, by their number on the connection.
    private var out: [Int: Line] = [:]
    private var again: [(due: UInt64, line: Line)] = []
    /// Lines that the connection has seen, blank ones too.
    private var wireLines = 0
    package private(set) var sent = 0
    /// The number in the file of the last line that was sent; 0 before the first.
    package private(set) var lastSent = 0
    package private(set) var answered = 0
    package private(set) var errors = 0
    package private(set) var unsolved = 0
    /// The daemon takes no more clients: why.
    package private(set) var refusal: String?
    package var isGone = false
    package var hasAll = false

    package init(window: Int) { self.window = window }

    package var hasRoom: Bool { sent - answered < window }
    package var isDone: Bool { hasAll && answered >= sent }
    /// What is left undone when the daemon is gone; nil when nothing is.
    package var shortfall: String? {
        guard !isDone else { return nil }
        var parts: [String] = []
        if sent > answered || hasAll { parts.append("\(sent - answered) lines were not answered") }
        if !hasAll { parts.append(lastSent == 0 ? "nothing was sent" : "nothing after line \(lastSent) was sent") }
        return parts.joined(separator: ", ") + ": " + (refusal ?? "the daemon went away")
    }
    /// When the first line is to be sent again.
    package var nextDue: UInt64? { again.map(\.due).min() }

    /// A line of the file goes out, after so many blank ones.
    package mutating func send(_ line: Line, blank: Int = 0) {
        sent += 1
        lastSent = line.number
        put(line, blank: blank)
    }

    /// A line whose time has come goes out again.
    package mutating func resend(now: UInt64) -> Line? {
        guard let index = again.indices.min(by: { again[$0].due < again[$1].due }), again[index].due <= now else {
            return nil
        }
        let line = again.remove(at: index).line
        put(line, blank: 0)
        return line
    }

    private mutating func put(_ line: Line, blank: Int) {
        wireLines += blank + 1
        var line = line
        line.tries += 1
        out[wireLines] = line
    }

    /// Takes a reply of the daemon's.
    /// - Parameters:
    ///   - wireLine: its `line`.
    ///   - isUnsolved: whether its status is `unsolved`.
    ///   - retryAfterMs: of an error 429.
    package mutating func take(
        type: String?, wireLine: Int?, isUnsolved: Bool = false, isFull: Bool = false, retryAfterMs: Int? = nil,
        message: String? = nil,
        now: UInt64
    ) -> Reply {
        guard let wireLine, let line = out[wireLine] else {
            guard type == "error" else { return .shown(number: nil) }
            // Said of the connection, perhaps before the first line went out: it is told at the end.
            refusal = message
            return isFull ? .dropped : .shown(number: nil)
        }
        guard type == "answer" || type == "result" || type == "error" else {
            // What is said before the answer has been said at the first try.
            return type == "warning" && line.tries > 1 ? .dropped : .shown(number: line.number)
        }
        out[wireLine] = nil
        if type == "error", isFull, let wait = retryAfterMs {
            refusal = message
            again.append((now + UInt64(clamping: wait) * 1_000_000, line))
            return .dropped
        }
        refusal = nil
        answered += 1
        if type == "error" { errors += 1 }
        if isUnsolved { unsolved += 1 }
        return .shown(number: line.number)
    }
}
