import JSON
import LineProtocol
import Puzzles

/// A puzzle where a request should be: what somebody types who takes the daemon for `ptrmd solve`.
enum TypedPuzzle {
    private static let lengths = 16...2048

    /// The error about a line that is no request, with a way onward when the line is a puzzle as it stands.
    static func explained(_ error: WireError, of line: FramedLine) -> WireError {
        guard error.code == .parse || error.code == .request, case .bytes(let bytes) = line.content,
            lengths.contains(bytes.count), let task = task(of: String(decoding: bytes, as: UTF8.self))
        else { return error }
        var error = error
        error.message +=
            "; this is a \(task): `ptrmd solve` takes it as it stands, a request is "
            + #"{"task":"\#(task)","puzzle":"..."}"#
        return error
    }

    /// Only what nobody sends for another reason: an address, or a sudoku in one line.
    private static func task(of text: String) -> String? {
        if let task = Tasks.task(ofLink: text) { return task.name }
        guard let first = text.first, !"{[\"".contains(first) else { return nil }
        do throws(PuzzleError) {
            _ = try SudokuPuzzle.task.read(.string(text))
        } catch {
            // Two givens that contradict each other are in a sudoku all the same.
            guard error.cells.count > 1 else { return nil }
        }
        return SudokuPuzzle.task.name
    }
}
