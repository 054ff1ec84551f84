import JSON
import Platform

/// A table of puzzles: Sudoku-Extreme's `source,question,answer,rating`, Kaggle's `quizzes,solutions` and `id,puzzle,solution,...`,
/// and whatever else names its columns so.
package final class CSVDataset: DatasetReader {
    /// Which column is what.
    package struct Columns: Sendable, Hashable {
        package var puzzle: Int
        package var solution: Int?
        package var id: Int?
        package var task: Int?
        /// The others, by name.
        package var others: [Int: String] = [:]

        private static let names: [(what: String, words: [String])] = [
            (
                "puzzle",
                ["puzzle", "question", "quiz", "quizzes", "board", "problem", "input", "puzzles", "grid", "url"]
            ),
            ("solution", ["solution", "answer", "solutions", "answers", "output", "label", "labels"]),
            ("id", ["id", "name", "puzzle_id"]), ("task", ["task", "genre", "pid"]),
        ]

        /// From a header's names, in any case; nil when none is a puzzle.
        package init?(header: [String]) {
            let words = header.map { $0.lowercased().filter { !$0.isWhitespace } }
            func column(_ what: String) -> Int? {
                Self.names.first { $0.what == what }?.words.lazy.compactMap { words.firstIndex(of: $0) }.first
            }
            guard let puzzle = column("puzzle") else { return nil }
            self.puzzle = puzzle
            (solution, id, task) = (column("solution"), column("id"), column("task"))
            let known = [puzzle, solution, id, task]
            for (index, name) in header.enumerated() where !known.contains(index) { others[index] = name }
        }

        /// A table without a header.
        package init(puzzle: Int, solution: Int?) {
            self.puzzle = puzzle
            self.solution = solution
        }
    }

    private let source: ByteStream
    private var parser = CSVParser()
    private var rows: [CSVParser.Row] = []
    private var place = 0
    private var isAtEnd = false
    package private(set) var columns: Columns?
    /// Nil for a table without one.
    package private(set) var header: [String]?
    /// The row of the last item.
    package private(set) var row: [String] = []
    private var number = 0

    package init(path: String) throws(DatasetError) { source = try ByteStream(path: path) }

    package func next() throws(DatasetError) -> DatasetItem? {
        while let row = try nextRow() {
            if columns == nil, try readHeader(row) { continue }
            guard let columns else { return nil }
            guard row.fields.indices.contains(columns.puzzle) else {
                throw DatasetError(
                    file: source.name, line: row.line,
                    "\(row.fields.count) fields, the puzzle is in field \(columns.puzzle + 1)")
            }
            number += 1
            self.row = row.fields
            func field(_ index: Int?) -> String? {
                index.flatMap { row.fields.indices.contains($0) && !row.fields[$0].isEmpty ? row.fields[$0] : nil }
            }
            var item = DatasetItem(
                number: row.line, id: field(columns.id) ?? String(number), task: field(columns.task),
                puzzle: .string(row.fields[columns.puzzle]), solution: field(columns.solution).map { .string($0) })
            for (index, name) in columns.others.sorted(by: { $0.key < $1.key }) {
                item.meta[name] = field(index).map { .string($0) }
            }
            return item
        }
        return nil
    }

    /// Whether the first row is a header; without one the first field is the puzzle and the second its solution.
    private func readHeader(_ row: CSVParser.Row) throws(DatasetError) -> Bool {
        if let columns = Columns(header: row.fields) {
            (self.columns, header) = (columns, row.fields)
            return true
        }
        // A puzzle has more than letters, and more of them than a name.
        guard let first = row.fields.first, first.utf8.count >= 16, first.contains(where: { $0.isNumber || $0 == "." })
        else {
            throw DatasetError(
                file: source.name, line: row.line,
                "no column is named puzzle, question, quizzes or the like; found \(row.fields.prefix(8).joined(separator: ", ").prefix(200))"
            )
        }
        columns = Columns(puzzle: 0, solution: row.fields.count > 1 ? 1 : nil)
        return false
    }

    private func nextRow() throws(DatasetError) -> CSVParser.Row? {
        while place >= rows.count {
            guard !isAtEnd else { return nil }
            rows.removeAll(keepingCapacity: true)
            place = 0
            let bytes = try source.read()
            do throws(CSVParser.Failure) {
                if bytes.isEmpty {
                    isAtEnd = true
                    try parser.finish { rows.append($0) }
                } else {
                    try parser.push(bytes) { rows.append($0) }
                }
            } catch {
                switch error {
                case .textBehindQuotes(let line):
                    throw DatasetError(file: source.name, line: line, "text behind a quoted field, expected a comma")
                case .quotesNotClosed(let line):
                    throw DatasetError(file: source.name, line: line, "a quoted field does not end")
                case .tooLong(let line): throw DatasetError(file: source.name, line: line, "the row is too long")
                }
            }
        }
        defer { place += 1 }
        return rows[place]
    }
}

extension CSVDataset {
    /// A field as RFC 4180 writes it.
    package static func written(_ field: String) -> String {
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return field }
        return "\"" + field.escaped(["\"": "\"\""]) + "\""
    }
}
