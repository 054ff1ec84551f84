import JSON
import LineProtocol
import Puzzles
import Spelling

/// Puzzles as people give them on the command line: in place, in a file, or on stdin.
enum PuzzleInput {
    struct Line {
        let number: Int
        let text: String
        /// The line's JSON, parsed once; nil when it does not begin like an array or an object, an error when it breaks off or
        /// goes wrong.
        let value: Result<JSON?, WireError>

        init(number: Int, text: String) {
            self.number = number
            self.text = text
            value = Result { () throws(WireError) in try Self.parsed(text) }
        }

        /// Whether it is a remark, unless it is the row of a board.
        var isComment: Bool { text == "#" || text.hasPrefix("# ") }

        /// Whether it could be the row of a board in which `#` is a wall or a black cell.
        var mayBeRow: Bool { text.allSatisfy("# \t.SG_o01234".contains) }

        /// Whether it begins like JSON.
        var isBracketed: Bool { Self.isBracketed(text) }

        private static func isBracketed(_ text: String) -> Bool {
            text.utf8.first { $0 > 0x20 }.map { $0 == 0x7B || $0 == 0x5B } ?? false
        }

        /// Whether nothing but spaces stands in it, as in a maze's row of free cells.
        var isBlank: Bool { text.allSatisfy(\.isWhitespace) }

        /// `value`, or its error.
        func json() throws(WireError) -> JSON? { try value.get() }

        private static func parsed(_ text: String) throws(WireError) -> JSON? {
            guard isBracketed(text) else { return nil }
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
                && !["method", "task", "profile", "puzzle"].contains { json[$0] != nil }
            guard json.objectValue != nil, !isPuzzle else { return (nil, SolveRequest(puzzle: json), []) }
            let parsed = try ParsedRequest(json)
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

    /// The lines of a file, or of stdin for `-`, without comments.
    static func lines(ofFile path: String) throws(CommandFailure) -> [Line] {
        var reader = try RowReader(path)
        var lines: [Line] = []
        while let line = try reader.next() {
            if !line.isComment, !line.isBlank { lines.append(line) }
        }
        return lines
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
        if let site = puzzle.stringValue.flatMap(Tasks.otherSite(ofLink:)) {
            throw .params("puzzle", "puzzle: the address is of \(site), not of puzz.link or its kin")
        }
        if let genre = puzzle.stringValue.flatMap(Tasks.genre(ofLink:)) {
            let known = Tasks.all.flatMap(\.linkNames).joined(separator: ", ")
            throw .params("task", "no task reads addresses of the genre \"\(genre.prefix(40))\"; there are \(known)")
        }
        let read = KnownTasks.all.filter { $0.name != tokensTask }.compactMap { task in
            (try? task.read(puzzle)).map { (name: task.name, isRow: ($0 as? any GridPuzzle)?.size.height == 1) }
        }
        // 81 cells in one line are a sudoku and, few of them given, a row of many another board, which nobody means; when its
        // givens contradict each other, that is what a person wants to know.
        let boards = read.filter { !$0.isRow }
        var readers = (boards.isEmpty ? read : boards).map(\.name)
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
            throw .params(
                "task", "no task is named \"\(name.prefix(60))\"\(hint); there are \(known.joined(separator: ", "))")
        }
        return task
    }

    static let tokensTask = "tokens"
}
