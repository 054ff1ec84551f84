import Platform
import SystemPackage
import Threading
import Transports

/// A command's output, unbuffered: a full disk is an error, not silence.
///
///     try StandardOutput.writeLine(report.json.text)
enum StandardOutput {
    /// - Throws: a failure that names the system's reason when the text cannot be written.
    static func write(_ text: String) throws(CommandFailure) { try write(Array(text.utf8)) }

    static func write(_ bytes: [UInt8]) throws(CommandFailure) {
        do {
            try FileDescriptor.standardOutput.writeWaiting(bytes)
        } catch {
            throw CommandFailure(code: .someLineFailed, message: "stdout cannot be written: \(error)")
        }
    }

    static func writeLine(_ text: String) throws(CommandFailure) { try write(text + "\n") }

    /// Runs `body`, which takes long before there is something to write. When nobody is left who could read that, the process
    /// ends at once, as it would at the write.
    static func whileRead<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard let watch = ReaderWatch(descriptor: .standardOutput) else { return try body() }
        let thread = DedicatedThread(name: "ptrm-reader") {
            if watch.run() { Process.endForBrokenPipe() }
        }
        defer {
            watch.stop()
            thread?.join()
        }
        return try body()
    }
}
