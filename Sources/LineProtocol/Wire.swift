import JSON

/// The line protocol, version 1: newline-delimited JSON in, newline-delimited JSON out.
///
/// This module is the protocol and nothing else: bytes to lines (`LineFramer`), a line to a request or to exactly one
/// error (`ParsedRequest`), a reply to a line (`Reply`), and the two small state machines that a connection needs
/// (`InFlightIDs`, `ReplySequencer`). It is pure, does no I/O, and knows nothing of puzzles, models or searches.
/// `Protocols/README.md` is the specification; its schemas and transcripts are what the tests hold this code to.
package enum Wire {
    /// The protocol's version, as `version` reports it.
    package static let version: Int64 = 1

    /// The longest line, in bytes without its line end, that is read.
    package static let maxLineBytes = 1 << 20

    /// The longest line that a client of ours passes on: replies are longer than requests may be, a trace of many rollouts
    /// for example.
    package static let maxClientLineBytes = 1 << 30

    /// The longest `id`, `request_id` and `supersede`, in bytes of UTF-8: they are kept and echoed.
    package static let maxKeyBytes = 1024

    /// The largest step budget: the most rollouts times the most steps of each.
    package static let maxSteps: Int64 = 10_000_000_000

    /// The longest duration, about 31 years. In nanoseconds it still fits 64 bits.
    package static let maxMilliseconds: Int64 = 1_000_000_000_000

    /// How deep arrays and objects may lie inside each other.
    package static let maxDepth = 64

    /// A line gets at most this many warnings; the last one says how many more there were.
    package static let maxWarnings = 16

    /// A name from outside, in quotes and clipped, so that a message stays short whatever was sent.
    package static func quoted(_ name: String) -> String { JSON.string(clipped(name)).text }

    /// A text from outside, cut after `length` characters.
    package static func clipped(_ text: String, to length: Int = 64) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: length, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }
}
