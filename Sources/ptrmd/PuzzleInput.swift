import JSON
import LineProtocol
import Puzzles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Puzzles as people give them on the command line: in place, in a file, or on stdin.
enum PuzzleInput {
    struct Line {
        var number: Int
        var text: String

        /// Whether it is a remark, unless it is the row of a maze.
        var isComment: Bool { text.hasPrefix("# ") }

        /// The line as a request: a JSON object with a puzzle in it, or a puzzle alone.
        func request() throws(WireError) -> SolveRequest {
            if text.utf8.first == UInt8(ascii: "{"), let json = try? JSON(parsing: Array(text.utf8)) {
                // An ARC task as its files have it.
                if json["puzzle"] == nil, json["train"] != nil { return SolveRequest(puzzle: json) }
                guard json["puzzle"] != nil else { return SolveRequest(puzzle: .string(text)) }
                do {
                    let parsed = try ParsedRequest(parsing: Array(text.utf8))
                    if case .solve(let request) = parsed.request { return request }
                } catch {
                    throw error.error
                }
                throw .params("method", "only solve requests can be solved here")
            }
            if text.utf8.first == UInt8(ascii: "["), let json = try? JSON(parsing: Array(text.utf8)) {
                return SolveRequest(puzzle: json)
            }
            return SolveRequest(puzzle: .string(text))
        }
    }

    /// The puzzles of stdin for `-`, of a file when there is one of that name, else of the argument itself: one in each
    /// line, or a single one in all of them.
    /// - Parameter task: what they are, when that was said.
    static func puzzles(of argument: String, task: String?) throws(CommandFailure) -> [Line] {
        // A puzzle may hold slashes (an address does), so only a real file's errors are the file's.
        guard argument != "-", access(argument, F_OK) != 0 else {
            return puzzles(in: try allLines(ofFile: argument), task: task)
        }
        if [".txt", ".json", ".ndjson", ".jsonl"].contains(where: argument.hasSuffix) {
            throw CommandFailure(code: .usage, message: "\(argument): \(String(cString: strerror(ENOENT)))")
        }
        return puzzles(in: split(Array(argument.utf8)), task: task)
    }

    /// The lines of a file, or of stdin for `-`, without comments.
    static func lines(ofFile path: String) throws(CommandFailure) -> [Line] {
        try allLines(ofFile: path).filter { !$0.isComment }
    }

    private static func puzzles(in lines: [Line], task: String?) -> [Line] {
        let plain = lines.filter { !$0.isComment }
        guard let first = lines.first, lines.count > 1 else { return plain }
        // A maze's row may look like a comment.
        for rows in lines.count == plain.count ? [lines] : [lines, plain] {
            let whole = Line(number: first.number, text: rows.map(\.text).joined(separator: "\n"))
            if isOnePuzzle(whole, rows: rows, task: task) { return [whole] }
        }
        return plain
    }

    /// Whether the rows are one puzzle together. Lines of which each is a sudoku or an address are not, though they may
    /// look like a board of another task.
    private static func isOnePuzzle(_ whole: Line, rows: [Line], task: String?) -> Bool {
        guard let puzzle = try? whole.request().puzzle else { return false }
        if let task { return task != tokensTask && (try? Tasks.named(task)?.read(puzzle)) != nil }
        let stand = rows.allSatisfy { row in
            Tasks.task(ofLink: row.text) != nil || isSudoku(.string(row.text))
        }
        return !stand && Tasks.all.contains { $0.name != tokensTask && (try? $0.read(puzzle)) != nil }
    }

    private static let tokensTask = "tokens"

    private static func allLines(ofFile path: String) throws(CommandFailure) -> [Line] {
        if path == "-" { return split(try read(0, name: "stdin")) }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw CommandFailure(code: .usage, message: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(file) }
        return split(try read(file, name: path))
    }

    /// The task that a puzzle without one belongs to: its address says it, or only one task can read it.
    static func task(of puzzle: JSON) throws(WireError) -> String {
        if let text = puzzle.stringValue, let task = Tasks.task(ofLink: text) { return task.name }
        var readers = Tasks.all.filter { $0.name != tokensTask && (try? $0.read(puzzle)) != nil }.map(\.name)
        // 81 cells in one line are a sudoku and a row of any other board; when its givens contradict each other, that is
        // what a person wants to be told.
        if readers.isEmpty, isSudoku(puzzle) { readers = [SudokuPuzzle.task.name] }
        if readers.count == 1, let name = readers.first { return name }
        let known = Tasks.all.map(\.name).joined(separator: ", ")
        if readers.isEmpty {
            throw .params("task", "no task reads this puzzle; name one with --task to see why (\(known))")
        }
        throw .params("task", "\(readers.joined(separator: " and ")) can both read this puzzle; name one with --task")
    }

    /// Whether it is a sudoku, though its givens may contradict each other.
    private static func isSudoku(_ puzzle: JSON) -> Bool {
        do {
            _ = try SudokuPuzzle.task.read(puzzle)
            return true
        } catch {
            return error.cells.count > 1
        }
    }

    /// Non-blank lines.
    private static func split(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var framer = LineFramer(maxLineBytes: max(Wire.maxLineBytes, bytes.count))
        func take(_ line: FramedLine) {
            guard case .bytes(let bytes) = line.content else { return }
            lines.append(Line(number: line.number, text: String(decoding: bytes, as: UTF8.self)))
        }
        framer.push(bytes, take)
        framer.finish(take)
        return lines
    }

    private static func read(_ descriptor: Int32, name: String) throws(CommandFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, &chunk, chunk.count)
            #elseif canImport(Musl)
                let count = Musl.read(descriptor, &chunk, chunk.count)
            #else
                let count = Darwin.read(descriptor, &chunk, chunk.count)
            #endif
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(code: .usage, message: "\(name): \(String(cString: strerror(errno)))")
            }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= 256 << 20 else {
                throw CommandFailure(code: .usage, message: "\(name): more than 256 MiB")
            }
        }
    }
}
