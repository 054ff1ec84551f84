import JSON
import LineProtocol
import Puzzles

/// Whether the lines are puzzles each, or the rows of one.
extension PuzzleInput {
    /// - Parameter task: what they are, when that was said.
    static func puzzles(in bytes: [UInt8], task: String?) -> [Line] { puzzles(in: rows(of: bytes), task: task) }

    static func puzzles(in rows: [Line], task: String?) -> [Line] {
        let plain = rows.filter { !$0.isComment }
        let written = plain.filter { !$0.isBlank }
        /// With what may be black cells or walls and not a remark, for one board of all lines.
        let kept = rows.filter { !$0.isComment || $0.mayBeRow }
        guard let first = written.first else {
            // Remarks only, or a board whose rows all begin with a black cell.
            let board = trimmed(kept)
            return board.count > 1 ? [whole(board)] : []
        }
        guard kept.count > 1 else { return written }
        if isJSON(whole(plain)) { return [whole(plain)] }
        if written.contains(where: { isObject($0) || Tasks.task(ofLink: $0.text) != nil }) { return written }
        // One JSON value a line, or one that is spread over all of them and has a mistake.
        if written.allSatisfy({ $0.text.hasPrefix("{") }) || written.allSatisfy(isJSON) { return written }
        // 81 cells may be a sudoku or a row: of a file in which all lines could be puzzles they are.
        let boards = written.filter { isBoard($0, task: task) }
        if boards.count == written.count { return written }
        if boards.isEmpty, first.isBracketed, !isJSON(first) || written.allSatisfy(\.isBracketed) {
            return [whole(plain)]
        }
        if written.contains(where: isJSON) { return written }
        if let boards = wholeBoards(kept: kept, written: written, task: task) { return boards }
        // Something is wrong: with single lines, or with the one board, which its own message tells best. The rows of a
        // board are as long as one that could be a board itself; most lines of a file of puzzles are right.
        let lengths = Set(boards.map(\.text.count))
        let others = written.count { lengths.contains($0.text.count) } - boards.count
        let areLines =
            trimmed(kept).count == 1 || !boards.isEmpty && (others == 0 || 2 * boards.count >= written.count)
            || areTooWide(written, task: task)
        return areLines ? written : [whole(trimmed(kept))]
    }

    /// The boards that the rows make: one of all, or one of each block between blank lines; nil when they make none.
    private static func wholeBoards(kept: [Line], written: [Line], task: String?) -> [Line]? {
        // A maze may have a row of spaces alone. Between the rows of other boards that is nothing.
        for rows in [kept, trimmed(kept)] {
            let puzzle = whole(rows)
            if isPuzzle(puzzle, task: task, mayBeMaze: true) { return [puzzle] }
        }
        // With a mistake in it, it is that board all the same, and not a smaller one.
        let rows = trimmed(kept)
        if rows.contains(where: \.isComment), isRectangle(rows, task: task) { return [whole(rows)] }
        let joined = whole(written)
        // People set a sudoku's bands apart.
        let isBands = task ?? SudokuPuzzle.task.name == SudokuPuzzle.task.name && isSudoku(.string(joined.text))
        let blocks = kept.split(whereSeparator: \.isBlank).map(Array.init)
        if !isBands, blocks.count > 1 {
            let areBoards = blocks.contains { block in
                [block, block.filter { !$0.isComment }].contains { rows in
                    rows.count > 1 && isPuzzle(whole(rows), task: task, mayBeMaze: true)
                }
            }
            if areBoards { return blocks.flatMap { puzzles(in: $0, task: task) } }
        }
        return isPuzzle(joined, task: task, mayBeMaze: false) ? [joined] : nil
    }

    /// Whether there are as many cells in each of the rows; in a maze spaces are cells too.
    private static func isRectangle(_ rows: [Line], task: String?) -> Bool {
        let isMaze = task ?? MazePuzzle.task.name == MazePuzzle.task.name && rows.contains { $0.text.contains("S") }
        return Set(rows.map { row in row.text.count { isMaze || !$0.isWhitespace } }).count == 1
    }

    private static func isObject(_ line: Line) -> Bool { ((try? line.json()) ?? nil)?.objectValue != nil }

    /// Whether a task can read the text, as a puzzle or as one with a mistake of its own.
    static func isReadable(_ line: Line, task: String?) -> Bool {
        isPuzzle(line, task: task, mayBeMaze: true) || line.isBracketed
    }

    private static func isJSON(_ line: Line) -> Bool { (try? line.json()) != nil }

    /// The rows without blank ones before and after.
    private static func trimmed(_ rows: [Line]) -> [Line] {
        guard let first = rows.firstIndex(where: { !$0.isBlank }), let last = rows.lastIndex(where: { !$0.isBlank })
        else { return [] }
        return Array(rows[first...last])
    }

    /// The rows as one text, without empty ones before and after.
    private static func whole(_ rows: [Line]) -> Line {
        var kept = rows[...]
        while let first = kept.first, first.text.isEmpty { kept.removeFirst() }
        while let last = kept.last, last.text.isEmpty { kept.removeLast() }
        return Line(number: kept.first?.number ?? 1, text: kept.map(\.text).joined(separator: "\n"))
    }

    /// The tasks that a text may be of: the named one if one is.
    private static func readers(_ task: String?) -> [PuzzleTask] {
        KnownTasks.all.filter { $0.name != tokensTask && $0.name == task ?? $0.name }
    }

    /// Whether a task can read the text as one puzzle.
    private static func isPuzzle(_ text: Line, task: String?, mayBeMaze: Bool) -> Bool {
        guard let puzzle = try? text.request().puzzle else { return false }
        return readers(task).contains { reader in
            (mayBeMaze || reader.name != MazePuzzle.task.name) && (try? reader.read(puzzle)) != nil
        }
    }

    /// Whether the line is a whole board, cell after cell, of a task that takes such; a sudoku may contradict itself.
    private static func isBoard(_ line: Line, task: String?) -> Bool {
        let text = JSON.string(line.text)
        return readers(task).contains { reader in
            // 16 dots are an empty sudoku of 4x4, and far more often a row.
            if reader.name == SudokuPuzzle.task.name {
                return line.text.contains { ("1"..."9").contains($0) } && isSudoku(text)
            }
            let puzzle = try? reader.read(text)
            return (puzzle as? MazePuzzle).map { $0.size.height > 1 } ?? false
        }
    }

    /// Whether no line can be a row of a sudoku.
    private static func areTooWide(_ lines: [Line], task: String?) -> Bool {
        let most = SudokuPuzzle.sides.max() ?? 0
        return task == SudokuPuzzle.task.name
            && lines.allSatisfy { line in line.text.count { !$0.isWhitespace } > most }
    }

    /// Whether it is a sudoku, though its givens may contradict each other.
    static func isSudoku(_ puzzle: JSON) -> Bool {
        do {
            _ = try SudokuPuzzle.task.read(puzzle)
            return true
        } catch {
            return error.cells.count > 1
        }
    }
}
