/// Why a file is not a checkpoint that can be used: which file, which part of it, what was found and expected.
package struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Path or name of the file; empty while the error travels up to where the file is known.
    package var file: String
    package var message: String

    package init(_ message: String, file: String = "") {
        self.file = file
        self.message = message
    }

    package var description: String { file.isEmpty ? message : "\(file): \(message)" }

    func inFile(_ file: String) -> CheckpointError {
        CheckpointError(message, file: self.file.isEmpty ? file : self.file)
    }
}

/// Runs `body` and says of its error in which file it happened.
func reporting<Result>(
    _ file: String, _ body: () throws(CheckpointError) -> Result
) throws(CheckpointError) -> Result {
    do { return try body() } catch { throw error.inFile(file) }
}
