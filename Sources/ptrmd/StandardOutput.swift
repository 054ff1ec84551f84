#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a command has to say, unbuffered: a full disk is told, not passed over.
enum StandardOutput {
    /// - Throws: a failure that names the system's reason when the text cannot be written.
    static func write(_ text: String) throws(CommandFailure) {
        guard Terminal.write(text, to: 1) else { throw failure }
    }

    static func writeLine(_ text: String) throws(CommandFailure) { try write(text + "\n") }

    /// The last write to stdout failed.
    static var failure: CommandFailure {
        CommandFailure(
            code: .someLineFailed, message: "stdout cannot be written: \(String(cString: strerror(errno)))")
    }
}
