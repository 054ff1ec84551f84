package import JSON

/// Holds the lines that a daemon writes against one group of expected lines.
///
/// Lines of one id must come in the order in which they are expected; lines of different ids may come in any order,
/// unless the daemon was asked to keep it.
package struct TranscriptMatcher: Sendable {
    private let isOrdered: Bool
    private var open: [Transcript.Expectation]

    package init(_ expectations: [Transcript.Expectation], isOrdered: Bool) {
        self.isOrdered = isOrdered
        self.open = expectations
    }

    /// The expected lines that have not come and need to.
    package var missing: [Transcript.Expectation] { open.filter { !$0.repeats } }
    package var isComplete: Bool { missing.isEmpty }

    /// Takes the next line.
    /// - Returns: why it is not what was expected; nil when it is.
    package mutating func accept(_ line: JSON) -> String? {
        var passed: [Int] = []
        for (index, expectation) in open.enumerated() where isOrdered || concerns(expectation, line) {
            guard let mismatch = TranscriptMask.mismatch(expectation.pattern, line) else {
                if !expectation.repeats { close(passed + [index]) }
                return nil
            }
            guard expectation.repeats else {
                return
                    "\(expectation.place): \(mismatch)\n  expected \(expectation.pattern.text)\n  found    \(line.text)"
            }
            passed.append(index)
        }
        return "not expected here: \(line.text)"
    }

    private func concerns(_ expectation: Transcript.Expectation, _ line: JSON) -> Bool {
        guard let id = expectation.pattern["id"] else { return true }
        return TranscriptMask.mismatch(id, line["id"] ?? .null) == nil
    }

    private mutating func close(_ indices: [Int]) {
        open = open.indices.filter { !indices.contains($0) }.map { open[$0] }
    }
}
