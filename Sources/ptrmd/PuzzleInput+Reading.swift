import Platform
import SystemPackage

extension PuzzleInput {
    /// The most bytes of a file of puzzles.
    private static let maxBytes = 256 << 20

    /// The bytes of a file, or of stdin for `-`.
    static func bytes(ofFile path: String) throws(CommandFailure) -> [UInt8] {
        if path == "-" { Terminal.announceInput("puzzles") }
        do {
            return try path == "-"
                ? FileDescriptor.standardInput.readWhole(upTo: maxBytes) : FileSystem.read(path, upTo: maxBytes)
        } catch {
            let reason = if case .tooLong = error { "more than 256 MiB" } else { "\(error)" }
            throw CommandFailure(code: .usage, message: "\(path == "-" ? "stdin" : path): \(reason)")
        }
    }
}
