import Datasets
import JSON
import LineProtocol
import Platform
import Puzzles
import SystemPackage

/// Puzzles one after the other: those of a long file are handed on while it is still being read.
///
///     var source = try PuzzleSource(argument, task: kind.name)
///     while let line = try source.next() { draw(line) }
struct PuzzleSource {
    /// Lines that were read to find out what they are.
    private var read: ArraySlice<PuzzleInput.Line>
    /// The rest, each line a puzzle; nil when `read` is all.
    private var rest: RowReader?
    /// A data set's puzzles, when the argument is one.
    private var dataset: (any DatasetReader)?
    /// The next one, when it was looked at already.
    private var peeked: PuzzleInput.Line?
    private var taken = 0

    /// More rows than any board has: when these are puzzles each, all others are.
    private static let sample = 200

    /// The puzzles of stdin for `-`, of a file when there is one of that name, else of the argument itself.
    /// - Parameter task: what they are, when that was said.
    init(_ argument: String, task: String?) throws(CommandFailure) {
        guard argument == "-" || FileSystem.exists(argument) else {
            read = PuzzleInput.puzzles(in: Array(argument.utf8), task: task)[...]
            try Self.checkIsNoPath(argument, read, task: task)
            return
        }
        try FileKind.checkIsText(argument)
        do throws(DatasetError) {
            if let known = try Dataset(path: argument, task: task.flatMap(KnownTasks.named)) {
                (read, dataset) = ([], known.reader)
                return
            }
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
        var reader = try RowReader(argument)
        var rows: [PuzzleInput.Line] = []
        var written = 0
        var bytes = 0
        while let row = try reader.next() {
            rows.append(row)
            bytes += row.text.utf8.count
            guard bytes <= RowReader.maxBytes else {
                let name = argument == "-" ? "stdin" : argument
                throw CommandFailure(code: .usage, message: "\(name): more than 256 MiB")
            }
            guard !row.isComment, !row.isBlank else { continue }
            written += 1
            guard written == 1 && PuzzleInput.isPlainlyOne(row) || written == Self.sample else { continue }
            let puzzles = PuzzleInput.puzzles(in: rows, task: task)
            guard puzzles.count == written else { continue }
            (read, rest) = (puzzles[...], reader)
            return
        }
        let puzzles = PuzzleInput.puzzles(in: rows, task: task)
        read = puzzles.map { $0.named(afterFile: argument) }[...]
    }

    /// The next puzzle; nil after the last.
    mutating func next() throws(CommandFailure) -> PuzzleInput.Line? {
        let line = try peek()
        peeked = nil
        if line != nil { taken += 1 }
        return line
    }

    /// Whether the puzzle taken last is the only one, so that its place says nothing. May wait for what comes next.
    mutating func isOnly() throws(CommandFailure) -> Bool {
        let next = try peek()
        return taken == 1 && next == nil
    }

    private mutating func peek() throws(CommandFailure) -> PuzzleInput.Line? {
        if peeked == nil { peeked = read.popFirst() }
        while peeked == nil, let line = try rest?.next() {
            if !line.isComment, !line.isBlank { peeked = line }
        }
        if peeked == nil, let dataset {
            do throws(DatasetError) {
                peeked = try dataset.next().map { PuzzleInput.Line(number: $0.number, text: $0.request.text) }
            } catch {
                throw CommandFailure(code: .usage, message: "\(error)")
            }
        }
        return peeked
    }

    /// All of them.
    static func all(_ argument: String, task: String?) throws(CommandFailure) -> [PuzzleInput.Line] {
        var source = try PuzzleSource(argument, task: task)
        var lines: [PuzzleInput.Line] = []
        while let line = try source.next() { lines.append(line) }
        return lines
    }

    /// A file that is not there is told as such: no puzzle looks like a path and can be read too.
    private static func checkIsNoPath(
        _ argument: String, _ lines: ArraySlice<PuzzleInput.Line>, task: String?
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
