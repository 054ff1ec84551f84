import Platform
import SystemPackage

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
}
