import Datasets
import JSON
import LineProtocol
import Platform
import Puzzles
import SystemPackage

/// Puzzles one after the other: those of a long file are handed on while it is still being read.
///
///     let source = try PuzzleSource(argument, task: kind.name)
///     while let line = try source.next() { draw(line) }
///
/// Data sets and files of lines take the memory of one puzzle; what may be a single board is read as a whole.
final class PuzzleSource {
    /// The data set, when there is one, for whoever gives answers back in its form.
    let dataset: Dataset?
    private let reader: (any DatasetReader)?
    /// Lines that were read to find out what they are.
    private var read: ArraySlice<PuzzleInput.Line>
    /// The rest, each line a puzzle; nil when `read` is all.
    private var rest: RowReader?
    /// The next one, when it was looked at already.
    private var peeked: PuzzleInput.Line?
    private var taken = 0

    /// More rows than any board has: when these are puzzles each, all others are.
    private static let sample = 200

    /// The puzzles of stdin for `-`, of a file or folder when there is one of that name, else of the argument itself.
    /// - Parameter task: what they are, when that was said.
    convenience init(_ argument: String, task: String?) throws(CommandFailure) {
        guard argument != "-", !FileSystem.exists(argument) else {
            try self.init(file: argument, task: task)
            return
        }
        let read = PuzzleInput.puzzles(in: Array(argument.utf8), task: task)
        try Self.checkIsNoPath(argument, read, task: task)
        self.init(read: read)
    }

    /// The puzzles of a file or folder, or of stdin for `-`.
    /// - Parameters:
    ///   - split: of a data set that has several.
    ///   - isLines: whether every line holds a puzzle, so that nobody has to find out.
    convenience init(
        file path: String, task: String?, split: String? = nil, isLines: Bool = false
    ) throws(CommandFailure) {
        try FileKind.checkIsText(path)
        do throws(DatasetError) {
            if let dataset = try Dataset(path: path, split: split, task: task.flatMap(KnownTasks.named)) {
                self.init(dataset: dataset)
                return
            }
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        var rows = try RowReader(path)
        if isLines {
            self.init(rest: rows)
        } else {
            let (read, areLines) = try Self.beginning(of: &rows, file: path, task: task)
            self.init(read: read, rest: areLines ? rows : nil)
        }
    }

    private init(read: [PuzzleInput.Line] = [], rest: RowReader? = nil, dataset: Dataset? = nil) {
        self.read = read[...]
        self.rest = rest
        self.dataset = dataset
        reader = dataset?.reader
    }

    /// The puzzles of the rows up to where it is sure that every further line is one too (`areLines`), or of all rows.
    private static func beginning(
        of reader: inout RowReader, file path: String, task: String?
    ) throws(CommandFailure) -> (puzzles: [PuzzleInput.Line], areLines: Bool) {
        var rows: [PuzzleInput.Line] = []
        var written = 0
        var bytes = 0
        while let row = try reader.next() {
            rows.append(row)
            bytes += row.text.utf8.count
            guard bytes <= RowReader.maxBytes else {
                throw CommandFailure(
                    code: .usage,
                    message: "\(path == "-" ? "stdin" : path): more than 256 MiB, which are no lines of puzzles")
            }
            guard !row.isComment, !row.isBlank else { continue }
            written += 1
            guard written == 1 && PuzzleInput.isPlainlyOne(row) || written == sample else { continue }
            let puzzles = PuzzleInput.puzzles(in: rows, task: task)
            if puzzles.count == written { return (puzzles, true) }
        }
        return (PuzzleInput.puzzles(in: rows, task: task).map { $0.named(afterFile: path) }, false)
    }

    /// The next puzzle; nil after the last.
    func next() throws(CommandFailure) -> PuzzleInput.Line? {
        let line = try peek()
        peeked = nil
        if line != nil { taken += 1 }
        return line
    }

    /// Whether the puzzle taken last is the only one, so that its place says nothing. May wait for what comes next.
    func isOnly() throws(CommandFailure) -> Bool {
        let next = try peek()
        return taken == 1 && next == nil
    }

    private func peek() throws(CommandFailure) -> PuzzleInput.Line? {
        if peeked == nil { peeked = read.popFirst() }
        while peeked == nil, let line = try rest?.next() {
            if !line.isComment, !line.isBlank { peeked = line }
        }
        if peeked == nil, let reader {
            do throws(DatasetError) {
                peeked = try reader.next().map { PuzzleInput.Line(number: $0.number, text: $0.request.text) }
            } catch {
                throw CommandFailure(code: .usage, message: "\(error)")
            }
        }
        return peeked
    }

    /// All of them.
    static func all(_ argument: String, task: String?) throws(CommandFailure) -> [PuzzleInput.Line] {
        let source = try PuzzleSource(argument, task: task)
        var lines: [PuzzleInput.Line] = []
        while let line = try source.next() { lines.append(line) }
        return lines
    }

    /// A file that is not there is told as such: no puzzle looks like a path and can be read too.
    private static func checkIsNoPath(
        _ argument: String, _ lines: [PuzzleInput.Line], task: String?
    ) throws(CommandFailure) {
        guard PuzzleInput.looksLikePath(argument), !lines.contains(where: { PuzzleInput.isReadable($0, task: task) })
        else { return }
        throw CommandFailure(code: .usage, message: "\(argument): \(Errno.noSuchFileOrDirectory)")
    }
}

extension PuzzleInput {
    /// Whether a line is a puzzle by itself, whatever follows: a request, or an address.
    static func isPlainlyOne(_ line: Line) -> Bool {
        // An ARC task without a name has that of its file, if it is alone there.
        if case .success(let json?) = line.value, let members = json.objectValue {
            return members["train"] == nil || members["name"] != nil || members["id"] != nil
        }
        return !line.isBracketed && Tasks.task(ofLink: line.text) != nil
    }

    /// Whether a text that is no file was meant as one: it begins like a path, or has a word, and a folder or an extension.
    static func looksLikePath(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count < 4096, !bytes.contains(where: { [0x0A, 0x3F, 0x7B, 0x5B, 0x7C].contains($0) }),
            text.firstRange(of: "://") == nil, Tasks.task(ofLink: text) == nil
        else { return false }
        if ["/", "./", "../", "~"].contains(where: text.hasPrefix) { return true }
        let letters = Array(text.unicodeScalars).map(\.properties.isAlphabetic)
        guard zip(letters, letters.dropFirst()).contains(where: { $0 && $1 }) else { return false }
        let name = text.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return text.contains("/") }
        let ending = name[name.index(after: dot)...]
        return (1...10).contains(ending.count) && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            && ending.contains(where: \.isLetter)
    }
}

extension PuzzleInput.Line {
    /// An ARC task is known by its name, which its files have as theirs.
    func named(afterFile path: String) -> Self {
        guard path != "-", case .success(let json?) = value, var members = json.objectValue, members["train"] != nil,
            members["test"] != nil, members["name"] == nil, members["id"] == nil
        else { return self }
        let file = path.split(separator: "/").last ?? ""
        members["name"] = .string(String(file.prefix { $0 != "." }))
        return PuzzleInput.Line(number: number, text: JSON.object(members).text)
    }
}
