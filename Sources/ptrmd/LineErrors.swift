/// What is wrong with a file's lines, told on stderr; where that is no end of it, the rest is not looked at.
struct LineErrors {
    /// A file of another kind has an error in every line.
    private static let most = 100

    private(set) var count = 0

    /// - Parameter isOnly: whether there is but one puzzle, so that its place says nothing.
    mutating func report(_ message: String, of line: PuzzleInput.Line, isOnly: Bool) throws(CommandFailure) {
        Terminal.report((isOnly ? "" : "line \(line.number): ") + message)
        count += 1
        guard count < Self.most else {
            throw CommandFailure(
                code: .someLineFailed, message: "stopped at line \(line.number), after \(count) lines with errors")
        }
    }
}
