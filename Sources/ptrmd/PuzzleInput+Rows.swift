import JSON
import LineProtocol
import Puzzles

/// Whether the lines are puzzles each, or the rows of one.
extension PuzzleInput {
    /// One puzzle in each line, when some line is one for certain and all together are none. Else they are one puzzle, be it
    /// with a mistake, which its own message tells better than one for each row.
    static func puzzles(in bytes: [UInt8], task: String?) -> [Line] {
        let rows = rows(of: bytes)
        let plain = rows.filter { !$0.isComment }
        let written = plain.filter { !$0.isBlank }
        guard !written.isEmpty else { return [] }
        if (try? whole(plain).json()) != nil { return [whole(plain)] }
        let areLines = written.contains { standsAlone($0, task: task) }
        if !areLines || task != nil {
            // A maze's row may look like a comment, or hold spaces alone, so of a maze only whole lines before it are left
            // out. In other boards both are nothing.
            let before = rows.prefix { $0.isComment || $0.isBlank }.count
            let readings = (0...min(before, 100)).map { (Array(rows.dropFirst($0)), true) } + [(written, false)]
            for (rows, mayBeMaze) in readings {
                let puzzle = whole(rows)
                if isPuzzle(puzzle, task: task, mayBeMaze: mayBeMaze) { return [puzzle] }
            }
        }
        return areLines || written.count == 1 ? written : [whole(plain)]
    }

    /// The rows as one text, without empty ones before and after.
    private static func whole(_ rows: [Line]) -> Line {
        var kept = rows[...]
        while let first = kept.first, first.text.isEmpty { kept.removeFirst() }
        while let last = kept.last, last.text.isEmpty { kept.removeLast() }
        return Line(number: kept.first?.number ?? 1, text: kept.map(\.text).joined(separator: "\n"))
    }

    /// Whether a task, the named one if one is, can read the text as one puzzle.
    private static func isPuzzle(_ text: Line, task: String?, mayBeMaze: Bool) -> Bool {
        guard let puzzle = try? text.request().puzzle else { return false }
        return Tasks.all.contains { reader in
            reader.name != tokensTask && reader.name == task ?? reader.name
                && (mayBeMaze || reader.name != MazePuzzle.task.name) && (try? reader.read(puzzle)) != nil
        }
    }

    /// Whether a line is a puzzle by itself whatever the others are: an address, JSON, or a sudoku, which may look like a
    /// row of another board when that is asked for.
    private static func standsAlone(_ line: Line, task: String?) -> Bool {
        if Tasks.task(ofLink: line.text) != nil { return true }
        if let json = try? line.json() { return json.arrayValue != nil || json.objectValue != nil }
        return (task ?? SudokuPuzzle.task.name) == SudokuPuzzle.task.name && isSudoku(.string(line.text))
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
