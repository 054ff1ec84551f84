package import JSON
import Subprocess
package import SystemPackage

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
        /// Nil when a signal ended it.
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
        ignoreBrokenPipes()
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: .init(arguments), environment: Self.environment(environment),
            workingDirectory: workingDirectory.map { .init($0) }, input: .inputWriter, output: .string(limit: 1 << 28),
            error: .string(limit: 1 << 24)
        ) { execution in
            // With `.array` Subprocess (1.0.2) leaves the pipe open when the process ends before it has read everything,
            // and then ends the tests.
            _ = try? await execution.standardInputWriter.write(input)
            try await execution.standardInputWriter.finish()
        }
        return Result(
            exitCode: code(result.terminationStatus), output: result.standardOutput,
            errors: result.standardError)
    }

    /// Runs the binary with this text as input.
    package static func run(
        _ arguments: [String] = [], input: String, environment: [String: String] = [:], workingDirectory: String? = nil
    ) async throws -> Result {
        try await run(
            arguments, input: Array(input.utf8), environment: environment, workingDirectory: workingDirectory)
    }

    /// Talks to a running binary; its input ends when `body` returns. The result's output is what `body` left unread.
    @discardableResult
    package static func converse(
        _ arguments: [String] = [], environment: [String: String] = [:],
        _ body: @Sendable (Conversation) async throws -> Void
    ) async throws -> Result {
        ignoreBrokenPipes()
        let errors = try TemporaryFile()
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: .init(arguments), environment: Self.environment(environment),
            input: .inputWriter, output: .sequence,
            error: .fileDescriptor(errors.descriptor, closeAfterSpawningProcess: false)
        ) { execution in
            let conversation = Conversation(
                writer: execution.standardInputWriter, output: execution.standardOutput, errors: errors,
                process: execution.processIdentifier.value)
            try await body(conversation)
            try await conversation.finish()
            return try await conversation.rest()
        }
        return Result(
            exitCode: code(result.terminationStatus), output: result.closureResult, errors: try errors.text())
    }

    /// Runs the binary on a descriptor of the caller's, which may be of any kind and is closed here; `body` reads what
    /// it writes.
    @discardableResult
    package static func attach(
        _ arguments: [String] = [], input: FileDescriptor, environment: [String: String] = [:],
        _ body: @Sendable (Conversation) async throws -> Void = { _ in }
    ) async throws -> Result {
        let errors = try TemporaryFile()
        let result = try await Subprocess.run(
            .path(.init(path)), arguments: .init(arguments), environment: Self.environment(environment),
            input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .sequence,
            error: .fileDescriptor(errors.descriptor, closeAfterSpawningProcess: false)
        ) { execution in
            let conversation = Conversation(
                writer: nil, output: execution.standardOutput, errors: errors,
                process: execution.processIdentifier.value)
            try await body(conversation)
            return try await conversation.rest()
        }
        return Result(
            exitCode: code(result.terminationStatus), output: result.closureResult, errors: try errors.text())
    }

    /// Runs a shell script in which `$PTRMD` is the binary: for redirections and pipelines that only a shell makes.
    package static func shell(_ script: String, environment: [String: String] = [:]) async throws -> Result {
        let values = environment.merging(["PTRMD": path]) { _, new in new }
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", script], environment: Self.environment(values), input: .none,
            output: .string(limit: 1 << 28), error: .string(limit: 1 << 24))
        return Result(
            exitCode: code(result.terminationStatus), output: result.standardOutput, errors: result.standardError)
    }

    /// A binary that ends early must not take the tests with it when they write to it.
    private static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    private static func environment(_ values: [String: String]) -> Environment {
        .inherit.updating(Dictionary(uniqueKeysWithValues: values.map { (.init(stringLiteral: $0.key), $0.value) }))
    }

    private static func code(_ status: TerminationStatus) -> Int? {
        if case .exited(let code) = status { Int(code) } else { nil }
    }
}
