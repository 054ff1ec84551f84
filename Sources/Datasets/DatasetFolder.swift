import JSON
import Platform
package import Puzzles

/// A folder as the reference repository's builders write it: `dataset.json` with `all__inputs.npy`, `all__labels.npy` and
/// `all__puzzle_identifiers.npy`, or the folder above with `train` and `test` in it.
///
/// Sudoku and mazes become puzzles of these tasks, for the builders' tokens are ours; everything else becomes raw tokens with the
/// row of the puzzle embedding.
package final class DatasetFolder: DatasetReader {
    private let inputs: NumberArray
    private let labels: NumberArray?
    private let identifiers: NumberArray?
    /// Where each puzzle's examples begin: a row of `identifiers` holds for all of them.
    private let starts: NumberArray?
    private let task: PuzzleTask
    private let shape: InputShape
    private let ignored: Int64
    private let file: String
    private var index = 0
    private var puzzle = 0
    private var puzzleEnd = 0

    /// Whether there is such a set.
    package static func isOne(_ folder: String) -> Bool { place(folder, split: nil) != nil }

    private static func place(_ folder: String, split: String?) -> String? {
        let splits = split.map { ["/" + $0] } ?? ["", "/test", "/train"]
        return splits.map { folder + $0 }.first { FileSystem.exists($0 + "/dataset.json") }
    }

    /// - Parameters:
    ///   - split: `train` or `test`; nil: the folder itself, or `test` before `train`.
    ///   - task: the puzzles' kind; nil: what the sizes tell.
    package init(path: String, split: String? = nil, task: PuzzleTask? = nil) throws(DatasetError) {
        guard let folder = Self.place(path, split: split) else {
            throw DatasetError(file: path, "no dataset.json in it" + (split.map { " under \($0)" } ?? ""))
        }
        file = folder + "/dataset.json"
        let metadata: JSON
        do {
            metadata = try JSON(parsing: FileSystem.read(file, upTo: 1 << 20))
        } catch {
            throw DatasetError(file: file, "\(error)")
        }
        guard let length = metadata["seq_len"]?.wholeNumber, let vocabulary = metadata["vocab_size"]?.wholeNumber,
            (1...65_536).contains(length), (1...65_536).contains(vocabulary)
        else { throw DatasetError(file: file, "expected seq_len and vocab_size, each from 1 to 65536") }
        ignored = metadata["ignore_label_id"]?.wholeNumber ?? -100
        shape = InputShape(seqLen: Int(length), vocabSize: Int(vocabulary))
        let sets = metadata["sets"]?.arrayValue?.compactMap(\.stringValue) ?? ["all"]
        guard let set = sets.first, set.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }) else {
            throw DatasetError(file: file, "expected the names of its sets")
        }
        func array(_ name: String) throws(DatasetError) -> NumberArray? {
            let path = "\(folder)/\(set)__\(name).npy"
            return FileSystem.exists(path) ? try NumberArray(path: path) : nil
        }
        guard let inputs = try array("inputs") else {
            throw DatasetError(file: folder, "\(set)__inputs.npy is missing")
        }
        guard inputs.width == shape.seqLen else {
            throw DatasetError(file: file, "seq_len is \(shape.seqLen), the inputs have rows of \(inputs.width)")
        }
        self.inputs = inputs
        labels = try array("labels")
        if let labels, labels.shape != inputs.shape {
            throw DatasetError(file: file, "labels of the shape \(labels.shape), inputs of \(inputs.shape)")
        }
        identifiers = try array("puzzle_identifiers")
        starts = try array("puzzle_indices")
        let kinds = [
            ("sudoku", InputShape(seqLen: 81, vocabSize: 11)), ("maze", InputShape(seqLen: 900, vocabSize: 6)),
        ]
        let shape = shape
        let known = kinds.first { $0.1 == shape }
        self.task = task ?? known.flatMap { Tasks.named($0.0) } ?? TokensPuzzle.task
    }

    package func next() throws(DatasetError) -> DatasetItem? {
        guard index < inputs.rows else { return nil }
        defer { index += 1 }
        let tokens = try inputs.row(index)
        let solution = try labels?.row(index)
        if let wrong = tokens.first(where: { !(0..<Int64(shape.vocabSize)).contains($0) }) {
            throw DatasetError(
                file: file, line: nil, "input \(index + 1) has the token \(wrong), of \(shape.vocabSize) tokens")
        }
        let identifier = try self.identifier()
        if task.name != TokensPuzzle.task.name, let item = item(tokens, solution) { return item }
        var item = DatasetItem(
            number: index + 1, task: TokensPuzzle.task.name,
            puzzle: identifier == 0
                ? Self.list(tokens) : ["tokens": Self.list(tokens), "puzzle_identifier": .integer(identifier)],
            // What training ignores is padding in the answer.
            solution: solution.map { Self.list($0.map { $0 == ignored || $0 < 0 ? 0 : $0 }) })
        if task.name != TokensPuzzle.task.name { item.meta["note"] = .string("no \(task.name): read as tokens") }
        return item
    }

    /// The tokens as a puzzle of the task; nil when they are none.
    private func item(_ tokens: [Int64], _ solution: [Int64]?) -> DatasetItem? {
        guard let puzzle = DatasetBoards.puzzle(tokens, task: task) else { return nil }
        let answer = solution.map { solution in
            puzzle.answer(from: solution.map { Int32(clamping: $0) }, in: shape).notation
        }
        return DatasetItem(number: index + 1, task: task.name, puzzle: puzzle.notation, solution: answer)
    }

    private func identifier() throws(DatasetError) -> Int64 {
        guard let identifiers else { return 0 }
        guard let starts else { return index < identifiers.rows ? try identifiers.row(index)[0] : 0 }
        while index >= puzzleEnd, puzzle + 1 < starts.rows {
            puzzleEnd = Int(clamping: try starts.row(puzzle + 1)[0])
            puzzle += 1
        }
        return puzzle > 0 && puzzle <= identifiers.rows ? try identifiers.row(puzzle - 1)[0] : 0
    }

    private static func list(_ tokens: [Int64]) -> JSON { .array(tokens.map { .integer($0) }) }
}

/// Boards from the reference builders' tokens.
enum DatasetBoards {
    static func puzzle(_ tokens: [Int64], task: PuzzleTask) -> (any Puzzle)? {
        guard let side = InputShape(seqLen: tokens.count, vocabSize: 1).side else { return nil }
        let symbols: [Character]
        switch task.name {
        case SudokuPuzzle.task.name: symbols = Array("?.123456789")
        case MazePuzzle.task.name: symbols = Array("?# SGo")
        default: return nil
        }
        guard tokens.allSatisfy({ symbols.indices.contains(Int($0)) && $0 > 0 }) else { return nil }
        let rows = stride(from: 0, to: tokens.count, by: side).map { start in
            JSON.string(String(tokens[start..<start + side].map { symbols[Int($0)] }))
        }
        return try? task.read(.array(rows))
    }
}
