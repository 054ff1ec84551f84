import ArgumentParser
import JSON
import LineProtocol
import Puzzles

/// `ptrmd tokens`: puzzles and solutions as a model sees them, for training.
struct Tokens: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write puzzles and their solutions as model tokens, for training.",
        discussion: """
            Reads what ptrmd generate writes and prints {"task","side","vocab_size","tokens","solution"} for each line. The \
            puzzle lies at the top left of a board of SIDE x SIDE positions, padded with 0; a position to solve has two \
            different tokens. Each task's tokens are listed in its source file. Of a declared task, and with --views, a line says "fixed": a \
            trainer must not turn its board, since only the task knows what else that changes.

              ptrmd generate --task lightup --count 20000 --seed 1 | ptrmd tokens > train.ndjson
            """)

    @Argument(help: "A file of puzzles, a data set that ptrmd convert reads, or - for stdin.", completion: .file())
    var puzzles = "-"

    @OptionGroup var declared: DeclaredTasksOption

    @Option(help: ArgumentHelp("Side of the model's board; default: sudoku 9, maze 30, others 10.", valueName: "n"))
    var side: Int?

    @Option(help: "Of a data set's folder: train or test.")
    var split: String?

    @Option(help: ArgumentHelp("So many random symmetric views of each puzzle besides.", valueName: "n"))
    var views = 0

    func validate() throws {
        guard (0...10_000).contains(views) else { throw ValidationError("--views must be from 0 to 10000.") }
        if let side, !(1...256).contains(side) { throw ValidationError("--side must be from 1 to 256.") }
    }

    func run() throws {
        try declared.load()
        let stream = try PuzzleSource(file: puzzles, task: nil, split: split, isLines: true)
        while let line = try stream.next() {
            let lines: [String]
            do throws(WireError) {
                let request = try line.request()
                let name = try PuzzleInput.task(of: request)
                guard let task = KnownTasks.named(name), task.vocabSize > 0 else {
                    throw .params("task", "no task named \(name) has tokens of its own")
                }
                guard let solution = try? JSON(parsing: Array(line.text.utf8))["solution"], !solution.isNull else {
                    throw .params("solution", "solution: missing; every line needs one, as ptrmd generate writes it")
                }
                let shape = try shape(of: task)
                do throws(PuzzleError) {
                    let puzzle = try task.read(request.puzzle)
                    let answer = try puzzle.readAnswer(solution)
                    // Or a model would be taught what is wrong.
                    if task.hasChecker, case .broken(let rule, let cells, _) = puzzle.check(answer) {
                        throw PuzzleError("it breaks the rule \(rule)", cells: cells, field: "answer")
                    }
                    let tokens: [Int32]
                    do throws(PuzzleError) {
                        tokens = try puzzle.tokens(in: shape)
                    } catch {
                        throw PuzzleError(
                            "--side \(shape.side ?? 0): \(error.message)", cells: error.cells, field: error.field)
                    }
                    let target = try puzzle.tokens(of: answer, in: shape)
                    lines = (0...views).map { view in
                        // View 0 is the puzzle as it stands.
                        let symmetry =
                            view == 0
                            ? nil : puzzle.symmetry(in: shape, seed: UInt64(line.number), rollout: UInt32(view))
                        var members: JSONObject = [
                            "task": .string(name), "side": shape.side.map { .integer(Int64($0)) } ?? .null,
                            "vocab_size": .integer(Int64(task.vocabSize)),
                            "tokens": .tokens(symmetry?.apply(tokens) ?? tokens),
                            "solution": .tokens(symmetry?.apply(target) ?? target),
                        ]
                        // A trainer knows the symmetries of built-in tasks; of others only those written here are right.
                        if task.trainingShape != nil || views > 0 { members["fixed"] = true }
                        return JSON.object(members).text
                    }
                } catch {
                    throw error.field == "answer"
                        ? .params("solution", "\(PuzzleError(error.message, cells: error.cells, field: "solution"))")
                        : .params(error.field, "\(error)")
                }
            } catch {
                throw CommandFailure(code: .usage, message: "\(puzzles):\(line.number): \(error.message)")
            }
            for text in lines { try StandardOutput.writeLine(text) }
        }
    }
}

extension Tokens {
    /// The model's board: what the task declares, or a square of `--side`.
    private func shape(of task: PuzzleTask) throws(WireError) -> InputShape {
        if let shape = task.trainingShape {
            guard side == nil || side == shape.side else {
                throw .params("task", "--side: \(task.name) declares its own size")
            }
            return shape
        }
        let side = side ?? (task.name == "sudoku" ? 9 : task.name == "maze" ? 30 : 10)
        return InputShape(seqLen: side * side, vocabSize: task.vocabSize)
    }
}

extension JSON {
    fileprivate static func tokens(_ tokens: [Int32]) -> JSON { .array(tokens.map { .integer(Int64($0)) }) }
}
