import Datasets
import JSON
import LineProtocol
import Puzzles

/// Puzzles of a file one after the other, in whatever form it has: data sets and files of lines take the memory of one puzzle;
/// a file that may be a single board is read as a whole.
final class PuzzleStream {
    private enum Source {
        case dataset(any DatasetReader)
        case lines(LineStream)
        case list(ArraySlice<PuzzleInput.Line>)
    }

    private var source: Source
    /// The data set, for whoever gives answers back in its form.
    let dataset: Dataset?

    private init(_ source: Source, dataset: Dataset? = nil) {
        self.source = source
        self.dataset = dataset
    }

    /// Opens a file, a folder or stdin (`-`).
    /// - Parameters:
    ///   - task: what the puzzles are, when that was said.
    ///   - isLines: whether every line holds a puzzle, so that nobody has to find out.
    convenience init(
        file path: String, task: String?, split: String? = nil, isLines: Bool = false
    ) throws(CommandFailure) {
        do throws(DatasetError) {
            if let dataset = try Dataset(path: path, split: split, task: task.flatMap(KnownTasks.named)) {
                self.init(.dataset(dataset.reader), dataset: dataset)
                return
            }
            let source = try ByteStream(path: path)
            // What a pipe gives at once may be a part of a board; what fills this is told by its first lines.
            var head: [UInt8] = []
            var isWhole = false
            while head.count < Self.headBytes, !isWhole {
                let bytes = try source.read()
                head += bytes
                isWhole = bytes.isEmpty
                if Self.beginsWithRequests(head) { break }
            }
            if isLines || Self.beginsWithRequests(head) || (!isWhole && Self.areLines(head, task: task)) {
                self.init(.lines(LineStream(source, beginningWith: head)))
                return
            }
            while !isWhole {
                let bytes = try source.read()
                head += bytes
                isWhole = bytes.isEmpty
                guard head.count <= Self.maxBoardBytes else {
                    throw DatasetError(
                        file: source.name,
                        "more than \(Self.maxBoardBytes >> 20) MiB, and its lines are no puzzles each")
                }
            }
            self.init(.list(PuzzleInput.puzzles(in: head, task: task)[...]))
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
    }

    convenience init(_ lines: [PuzzleInput.Line]) { self.init(.list(lines[...])) }

    private static let headBytes = 1 << 16
    private static let maxBoardBytes = 256 << 20

    /// Whether the first line is a request, as the daemon takes them.
    private static func beginsWithRequests(_ head: [UInt8]) -> Bool {
        guard let end = head.firstIndex(of: 0x0A), head.first == UInt8(ascii: "{") else { return false }
        let json = try? JSON(parsing: head[..<end])
        return json?["puzzle"] != nil || json?["puzzle_url"] != nil
    }

    /// Whether the whole lines at a file's beginning are puzzles each.
    private static func areLines(_ head: [UInt8], task: String?) -> Bool {
        guard let end = head.lastIndex(of: 0x0A) else { return false }
        let written = PuzzleInput.rows(of: Array(head[..<end])).filter { !$0.isComment && !$0.isBlank }
        let puzzles = PuzzleInput.puzzles(in: Array(head[..<end]), task: task)
        return written.count > 1 && puzzles.map(\.number) == written.map(\.number)
    }

    /// The next puzzle; nil at the end.
    func next() throws(CommandFailure) -> PuzzleInput.Line? {
        do throws(DatasetError) {
            switch source {
            case .list(var lines):
                let line = lines.popFirst()
                source = .list(lines)
                return line
            case .dataset(let reader):
                return try reader.next().map { PuzzleInput.Line(number: $0.number, text: $0.request.text) }
            case .lines(let stream):
                while let bytes = try stream.next() {
                    let line = PuzzleInput.Line(number: stream.number, text: String(decoding: bytes, as: UTF8.self))
                    if !line.isBlank, !line.isComment { return line }
                }
                return nil
            }
        } catch {
            throw CommandFailure(code: .usage, message: "\(error)")
        }
    }
}

extension PuzzleInput {
    /// The puzzles of stdin for `-`, of a file or folder of that name, else of the argument itself.
    /// - Parameter task: what they are, when that was said.
    static func stream(of argument: String, task: String?) throws(CommandFailure) -> PuzzleStream {
        guard argument == "-" || isFile(argument) else {
            return PuzzleStream(try puzzles(of: argument, task: task))
        }
        return try PuzzleStream(file: argument, task: task)
    }
}
