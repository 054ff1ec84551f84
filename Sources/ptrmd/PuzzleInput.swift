import JSON
import LineProtocol
import Platform
import Puzzles
import Spelling
import SystemPackage

/// Puzzles as people give them on the command line: in place, in a file, or on stdin.
enum PuzzleInput {
    struct Line {
        var number: Int
        var text: String

        /// Whether it is a remark, unless it is the row of a board.
        var isComment: Bool { text.hasPrefix("# ") }

        /// Whether it could be the row of a board in which `#` is a wall or a black cell.
        var mayBeRow: Bool { text.allSatisfy("# \t.SG_o01234".contains) }

        /// Whether it begins like JSON.
        var isBracketed: Bool { text.first { !$0.isWhitespace }.map { $0 == "{" || $0 == "[" } ?? false }

        /// Whether nothing but spaces stands in it, as in a maze's row of free cells.
        var isBlank: Bool { text.allSatisfy(\.isWhitespace) }

        /// The line's JSON; nil when it does not begin like an array or an object. Throws when it breaks off or goes wrong.
        func json() throws(WireError) -> JSON? {
            guard isBracketed else { return nil }
            do {
                return try JSON(parsing: Array(text.utf8))
            } catch {
                var details = WireError.Details()
                details.offset = error.offset
                throw WireError(.parse, "invalid JSON: \(error.message) (at byte \(error.offset))", details)
            }
        }

        /// The line as a request: a JSON object with a puzzle in it, or a puzzle alone.
        func parsed() throws(RefusedLine) -> (id: RequestID?, request: SolveRequest, warnings: [WireWarning]) {
            let json: JSON?
            do {
                json = try self.json()
            } catch {
                // The protocol's own refusal knows the id too.
                _ = try ParsedRequest(parsing: Array(text.utf8))
                throw RefusedLine(id: nil, error: error)
            }
            guard let json else { return (nil, SolveRequest(puzzle: .string(text)), []) }
            // An ARC task as its files have it, or tokens with a row of the embedding.
            let isPuzzle =
                ["train", "test", "tokens"].contains { json[$0] != nil }
                && !["id", "method", "task", "profile", "puzzle"].contains { json[$0] != nil }
            guard json.objectValue != nil, !isPuzzle else { return (nil, SolveRequest(puzzle: json), []) }
            let parsed = try ParsedRequest(parsing: Array(text.utf8))
            guard case .solve(let request) = parsed.request else {
                let error = WireError.params("method", "only solve requests can be solved here")
                throw RefusedLine(id: parsed.id, error: error, warnings: parsed.warnings)
            }
            return (parsed.id, request, parsed.warnings)
        }

        /// The request of `parsed()`.
        func request() throws(WireError) -> SolveRequest {
            do {
                return try parsed().request
            } catch {
                throw error.error
            }
        }
    }

    /// The puzzles of stdin for `-`, of a file when there is one of that name, else of the argument itself: one in each
    /// line, or a single one in all of them.
    /// - Parameter task: what they are, when that was said.
    static func puzzles(of argument: String, task: String?) throws(CommandFailure) -> [Line] {
        // A puzzle may hold slashes (an address does), so only a real file's errors are the file's.
        guard argument != "-", !FileSystem.exists(argument) else {
            return puzzles(in: try bytes(ofFile: argument), task: task)
        }
        // No board begins with a path's first letters either.
        let isPath = ["/", "./", "../"].contains(where: argument.hasPrefix)
        if isPath || [".txt", ".json", ".ndjson", ".jsonl"].contains(where: argument.hasSuffix) {
            throw CommandFailure(code: .usage, message: "\(argument): \(Errno.noSuchFileOrDirectory)")
        }
        return puzzles(in: Array(argument.utf8), task: task)
    }

    static func isFile(_ argument: String) -> Bool { FileSystem.exists(argument) }

    /// The lines of a file, or of stdin for `-`, without comments.
    static func lines(ofFile path: String) throws(CommandFailure) -> [Line] {
        rows(of: try bytes(ofFile: path)).filter { !$0.isComment && !$0.isBlank }
    }

    /// All lines, blank ones too: a maze may have a row of free cells alone.
    static func rows(of bytes: [UInt8]) -> [Line] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
        return text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().map { index, row in
            let kept = row.last == 0x0D ? row.dropLast() : row
            return Line(number: index + 1, text: String(decoding: kept, as: UTF8.self))
        }
    }

    /// The task that a puzzle without one belongs to: its address says it, or only one task can read it.
    /// - Parameter hint: what to do when that is not clear.
    static func task(of puzzle: JSON, hint: String = "name one with --task") throws(WireError) -> String {
        if let text = puzzle.stringValue, let task = Tasks.task(ofLink: text) { return task.name }
        if let genre = puzzle.stringValue.flatMap(Tasks.genre(ofLink:)) {
            let known = Tasks.all.flatMap(\.linkNames).joined(separator: ", ")
            throw .params("task", "no task reads addresses of the genre \"\(genre)\"; there are \(known)")
        }
        var readers = KnownTasks.all.filter { $0.name != tokensTask && (try? $0.read(puzzle)) != nil }.map(\.name)
        // 81 cells in one line are a sudoku and a row of any other board; when its givens contradict each other, that is
        // what a person wants to know.
        if readers.isEmpty, isSudoku(puzzle) { readers = [SudokuPuzzle.task.name] }
        if readers.count == 1, let name = readers.first { return name }
        let known = KnownTasks.all.map(\.name).joined(separator: ", ")
        if readers.isEmpty {
            throw .params("task", "no task reads this puzzle; \(hint) to see why (\(known))")
        }
        throw .params(
            "task",
            "\(readers.joined(separator: " and ")) can \(readers.count > 2 ? "all" : "both") read this puzzle; \(hint)")
    }

    /// The task that a line of a file is of: it says so, or the puzzle does.
    static func task(of request: SolveRequest) throws(WireError) -> String {
        if let task = request.task { return task }
        return try task(of: request.puzzle, hint: #"give it a "task""#)
    }

    /// The task of this name.
    static func task(named name: String) throws(WireError) -> PuzzleTask {
        guard let task = KnownTasks.named(name) else {
            let known = KnownTasks.all.map(\.name)
            let hint = NearestName.of(name, among: known).map { "; did you mean \($0)?" } ?? ""
            throw .params("task", "no task is named \"\(name)\"\(hint); there are \(known.joined(separator: ", "))")
        }
        return task
    }

    static let tokensTask = "tokens"
}
