package import JSON
import Subprocess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The real binary, run as its users run it.
package enum Daemon {
    /// `ptrmd`, as built beside the tests.
    package static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let tests = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = tests.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
        // `swift test` runs either the test binary itself or a helper of the toolchain that loads it.
        let beside = folder + "/ptrmd"
        return access(beside, X_OK) == 0 ? beside : RepositoryFiles.root + "/.build/release/ptrmd"
    }()

    /// What a finished run left.
    package struct Result: Sendable {
        package var exitCode: Int?
        package var output: String
        package var errors: String

        /// The lines of stdout as JSON; a line that is no JSON is nil.
        package var replies: [JSON?] {
            output.split(separator: "\n").map { try? JSON(parsing: Array($0.utf8)) }
        }
    }

    /// Runs the binary with this input until it ends.
    package static func run(
        _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) async throws -> Result {
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: .init(arguments), environment: Self.environment(environment),
            workingDirectory: workingDirectory.map { .init($0) }, input: .array(input), output: .string(limit: 1 << 28),
            error: .string(limit: 1 << 24))
        return Result(
            exitCode: code(result.terminationStatus), output: result.standardOutput,
            errors: result.standardError)
    }

    /// Runs the binary with this text as input.
    package static func run(
        _ arguments: [String] = [], input: String, environment: [String: String] = [:]
    ) async throws -> Result {
        try await run(arguments, input: Array(input.utf8), environment: environment)
    }

    /// Talks to a running binary; its input ends when `body` returns. Gives the exit code.
    package static func converse(
        _ arguments: [String] = [], environment: [String: String] = [:],
        _ body: @Sendable (Conversation) async throws -> Void
    ) async throws -> Int? {
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: .init(arguments), environment: Self.environment(environment),
            input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            let conversation = Conversation(
                writer: execution.standardInputWriter,
                lines: execution.standardOutput.strings().makeAsyncIterator(),
                process: execution.processIdentifier.value)
            try await body(conversation)
            try await conversation.finish()
            while try await conversation.line() != nil {}
        }
        return code(result.terminationStatus)
    }

    private static func environment(_ values: [String: String]) -> Environment {
        .inherit.updating(Dictionary(uniqueKeysWithValues: values.map { (.init(stringLiteral: $0.key), $0.value) }))
    }

    private static func code(_ status: TerminationStatus) -> Int? {
        if case .exited(let code) = status { Int(code) } else { nil }
    }
}

/// A dialogue with a running `ptrmd` over its standard streams.
package final class Conversation: @unchecked Sendable {
    // @unchecked: used by the one task that runs the body of `Daemon.converse`.
    private let writer: StandardInputWriter
    private var lines: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator
    private let process: pid_t
    private var isFinished = false

    init(
        writer: StandardInputWriter, lines: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator, process: pid_t
    ) {
        self.writer = writer
        self.lines = lines
        self.process = process
    }

    /// Sends a line.
    package func send(_ line: String) async throws { _ = try await writer.write(Array((line + "\n").utf8)) }

    package func send(bytes: [UInt8]) async throws { _ = try await writer.write(bytes) }

    /// The next line of output; nil at its end.
    package func line() async throws -> String? {
        guard let line = try await lines.next() else { return nil }
        return line.last?.isNewline == true ? String(line.dropLast()) : line
    }

    /// The next line of output as JSON; nil at its end or when it is none.
    package func reply() async throws -> JSON? {
        try await line().flatMap { try? JSON(parsing: Array($0.utf8)) }
    }

    /// Ends the input.
    package func finish() async throws {
        guard !isFinished else { return }
        isFinished = true
        try await writer.finish()
    }

    package func signal(_ number: Int32) { kill(process, number) }
}
