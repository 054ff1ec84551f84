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

        /// The line as a request: a JSON object with a puzzle in it, or a puzzle alone.
        func request() throws(WireError) -> SolveRequest {
            if text.utf8.first == UInt8(ascii: "{"), let json = try? JSON(parsing: Array(text.utf8)),
                json["puzzle"] != nil
            {
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

    /// The lines of stdin for `-`, of a file when there is one of that name, else the argument itself.
    static func lines(of argument: String) throws(CommandFailure) -> [Line] {
        // A puzzle may hold slashes (an address does), so only a real file's errors are the file's.
        if argument != "-", access(argument, F_OK) != 0 { return split(Array(argument.utf8)) }
        return try lines(ofFile: argument)
    }

    /// The lines of a file, or of stdin for `-`.
    static func lines(ofFile path: String) throws(CommandFailure) -> [Line] {
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
        var readers = Tasks.all.filter { $0.name != "tokens" && (try? $0.read(puzzle)) != nil }.map(\.name)
        // 81 cells in one line are a sudoku and a row of any other board; when its givens contradict each other, that is
        // what a person wants to be told.
        if readers.isEmpty, isContradictorySudoku(puzzle) { readers = [SudokuPuzzle.task.name] }
        if readers.count == 1, let name = readers.first { return name }
        let known = Tasks.all.map(\.name).joined(separator: ", ")
        if readers.isEmpty {
            throw .params("task", "no task reads this puzzle; name one with --task to see why (\(known))")
        }
        throw .params("task", "\(readers.joined(separator: " and ")) can both read this puzzle; name one with --task")
    }

    private static func isContradictorySudoku(_ puzzle: JSON) -> Bool {
        do {
            _ = try SudokuPuzzle.task.read(puzzle)
            return false
        } catch {
            return error.cells.count > 1
        }
    }

    /// Non-blank lines; a comment line starts with `#` and a space.
    private static func split(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var framer = LineFramer(maxLineBytes: max(Wire.maxLineBytes, bytes.count))
        func take(_ line: FramedLine) {
            guard case .bytes(let bytes) = line.content else { return }
            let text = String(decoding: bytes, as: UTF8.self)
            if !text.hasPrefix("# ") { lines.append(Line(number: line.number, text: text)) }
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
