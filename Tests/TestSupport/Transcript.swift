package import JSON

/// A conversation with the daemon, as `Protocols/transcripts/*.ndjson` writes it down.
///
/// `Protocols/transcripts/README.md` describes the format. This is only the reader; `TranscriptMatcher` holds actual
/// lines against the expected ones, and whoever runs a daemon brings the two together.
package struct Transcript: Sendable {
    package var name: String
    /// Arguments for the daemon, from `# args:`.
    package var arguments: [String] = []
    /// Environment variables for the daemon, from `# env:`.
    package var environment: [String: String] = [:]
    /// The daemon's exit code after the end of input, from `# exit:`.
    package var exitCode: Int?
    package var steps: [Step] = []

    package enum Step: Sendable {
        /// Send this, and a line end.
        case send([UInt8])
        /// Wait for lines that match all of these before anything more is sent.
        case expect([Expectation])
    }

    /// An expected line.
    package struct Expectation: Sendable {
        /// A reply, parts of which may be masks.
        package var pattern: JSON
        /// Any number of such lines, none included.
        package var repeats: Bool
        /// Where the transcript says so.
        package var place: String
    }

    /// Whether replies are expected in the order of their requests.
    package var isOrdered: Bool { arguments.contains("--ordered") }

    /// Every transcript of `Protocols/transcripts`, in the order of their names.
    package static func all() throws -> [Transcript] {
        let folder = RepositoryFiles.protocols("transcripts")
        return try RepositoryFiles.names(in: folder, endingIn: ".ndjson").map { name in
            try Transcript(parsing: try RepositoryFiles.read("\(folder)/\(name)"), name: name)
        }
    }

    /// - Throws: a `TranscriptError` that names the line.
    package init(parsing bytes: [UInt8], name: String) throws {
        self.name = name
        let text = String(decoding: bytes, as: UTF8.self)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            do {
                try read(line, place: "\(name):\(index + 1)")
            } catch {
                throw TranscriptError(place: "\(name):\(index + 1)", message: "\(error)")
            }
        }
    }
}

package struct TranscriptError: Error, CustomStringConvertible {
    package var place: String
    package var message: String

    package var description: String { "\(place): \(message)" }
}

extension Transcript {
    private struct Problem: Error, CustomStringConvertible { var description: String }

    private mutating func read(_ line: Substring, place: String) throws {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = parts.count > 1 ? parts[1] : ""
        switch parts[0] {
        case "": guard rest.isEmpty else { throw Problem(description: "a line starts with '#', '>' or '<'") }
        case "#": try readDirective(rest)
        case ">": steps.append(.send(Array(rest.utf8)))
        case ">x": steps.append(.send(try Self.bytes(hexadecimal: rest)))
        case "<", "<*":
            let pattern = try JSON(parsing: String(rest))
            try TranscriptMask.check(pattern)
            expect(Expectation(pattern: pattern, repeats: parts[0] == "<*", place: place))
        default: throw Problem(description: "a line starts with '# ', '> ', '>x ', '< ' or '<* '")
        }
    }

    private mutating func expect(_ expectation: Expectation) {
        if case .expect(let earlier) = steps.last {
            steps[steps.count - 1] = .expect(earlier + [expectation])
        } else {
            steps.append(.expect([expectation]))
        }
    }

    /// `# args: …`, `# env: NAME=value …`, `# exit: n`; every other line after `#` is a remark.
    private mutating func readDirective(_ line: Substring) throws {
        guard let colon = line.firstIndex(of: ":") else { return }
        let words = line[line.index(after: colon)...].split(separator: " ")
        switch line[..<colon] {
        case "args": arguments += words.map(String.init)
        case "env":
            for word in words {
                guard let sign = word.firstIndex(of: "=") else { throw Problem(description: "env needs NAME=value") }
                environment[String(word[..<sign])] = String(word[word.index(after: sign)...])
            }
        case "exit":
            guard let code = words.first.flatMap({ Int($0) }) else { throw Problem(description: "exit needs a number") }
            exitCode = code
        default: break
        }
    }

    private static func bytes(hexadecimal text: Substring) throws -> [UInt8] {
        let digits = text.filter { $0 != " " }
        guard digits.count.isMultiple(of: 2) else { throw Problem(description: "an odd number of digits") }
        return try stride(from: 0, to: digits.count, by: 2).map { offset in
            let pair = digits.dropFirst(offset).prefix(2)
            guard let byte = UInt8(pair, radix: 16) else { throw Problem(description: "\(pair) is not hexadecimal") }
            return byte
        }
    }
}
