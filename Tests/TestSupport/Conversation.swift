package import JSON
import Subprocess

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A dialogue with a running `ptrmd` over its standard streams.
package final class Conversation: @unchecked Sendable {
    // @unchecked: `lines` is read by one task at a time: the one that runs the body of `Daemon.converse`, or one that
    // the body started for reading. Sending goes through the writer, which is an actor.
    private let writer: StandardInputWriter?
    private var lines: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator
    private let errorFile: TemporaryFile
    package let process: Int32

    init(writer: StandardInputWriter?, output: SubprocessOutputSequence, errors: TemporaryFile, process: Int32) {
        self.writer = writer
        errorFile = errors
        // Only LF ends a line of the protocol; Unicode has more line breaks, and answers can be long.
        lines = output.strings(separatedBy: .unicodeScalarSequence(["\n"]), bufferingPolicy: .unbounded)
            .makeAsyncIterator()
        self.process = process
    }

    /// Sends a line.
    package func send(_ line: String) async throws { try await send(bytes: Array((line + "\n").utf8)) }

    package func send(bytes: [UInt8]) async throws {
        var rest = bytes[...]
        while !rest.isEmpty, let count = try await writer?.write(Array(rest)) { rest = rest.dropFirst(count) }
    }

    /// The next line of output; nil at its end.
    package func line() async throws -> String? { try await lines.next() }

    /// The next line of output as JSON; nil at its end or when it is none.
    package func reply() async throws -> JSON? {
        try await line().flatMap { try? JSON(parsing: Array($0.utf8)) }
    }

    /// Everything that is still written until the process closes its output.
    package func rest() async throws -> String {
        var text = ""
        while let line = try await lines.next() { text += line + "\n" }
        return text
    }

    /// What has been written to stderr so far.
    package var errors: String {
        get throws(FileError) { try errorFile.text() }
    }

    /// Ends the input.
    package func finish() async throws { try await writer?.finish() }

    package func signal(_ number: Int32) { kill(process, number) }

    #if os(Linux)
        /// A field of `/proc/PID/status` that counts kilobytes, such as `VmRSS` or `VmHWM`.
        package func memory(_ field: String) throws -> Int? {
            let text = String(decoding: try RepositoryFiles.read("/proc/\(process)/status"), as: UTF8.self)
            let line = text.split(separator: "\n").first { $0.hasPrefix(field + ":") }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        }
    #endif
}
