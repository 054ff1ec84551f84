import Datasets
import JSON
import LineProtocol
import Platform
import Puzzles

/// Puzzles of a file or folder one after the other, for commands that give answers back in the form in which puzzles came.
///
/// Data sets and files of lines take the memory of one puzzle; a file that may be a single board is read as a whole.
final class PuzzleStream {
    // One of the three has the puzzles; each is read where it stands, since a copy would take its buffer along.
    private let reader: (any DatasetReader)?
    private var lines: RowReader?
    private var puzzles: PuzzleSource?
    /// The data set, for whoever gives answers back in its form.
    let dataset: Dataset?

    /// Opens a file, a folder or stdin (`-`).
    /// - Parameters:
    ///   - task: what the puzzles are, when that was said.
    ///   - isLines: whether every line holds a puzzle, so that nobody has to find out.
    init(file path: String, task: String?, split: String? = nil, isLines: Bool = false) throws(CommandFailure) {
        try FileKind.checkIsText(path)
        do throws(DatasetError) {
            dataset = try Dataset(path: path, split: split, task: task.flatMap(KnownTasks.named))
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        reader = dataset?.reader
        guard dataset == nil else { return }
        if isLines || path != "-" && !FileSystem.exists(path) {
            lines = try RowReader(path)
        } else {
            puzzles = try PuzzleSource(path, task: task)
        }
    }

    /// The next puzzle; nil at the end.
    func next() throws(CommandFailure) -> PuzzleInput.Line? {
        if puzzles != nil { return try puzzles?.next() }
        while let line = try lines?.next() {
            if !line.isBlank, !line.isComment { return line }
        }
        do throws(DatasetError) {
            return try reader?.next().map { PuzzleInput.Line(number: $0.number, text: $0.request.text) }
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
    }
}
