import JSON
import LineProtocol
import Puzzles

/// A puzzle as a model or a person pasted it, and what it was understood as.
///
///     let pasted = try PastedPuzzle("Please solve this:\n```\n53..7....\n…```", task: nil, tasks)
///     pasted.task.name  // "sudoku"
struct PastedPuzzle {
    let task: PuzzleTask
    let puzzle: any Puzzle
    /// The board alone, as the task's reader takes it.
    let value: JSON

    /// What a text turned out to be.
    private enum Reading {
        case puzzle(PuzzleTask, any Puzzle, JSON)
        /// Several tasks can read it.
        case several([String])
        /// A sudoku whose givens contradict each other, or a puzzle of the named task with a mistake in it.
        case wrong(PuzzleError)
        case nothing
    }

    /// - Parameter task: what it is, when that was said.
    /// - Throws: the field at fault, and for an unknown task the nearest and all of them.
    init(_ written: JSON, task: String?, _ tasks: TaskTable) throws(WireError) {
        var (written, task) = (written, task)
        if let text = written.stringValue { written = PastedText.value(of: text) }
        // A line of `ptrmd generate`, or a request.
        if let inner = written["puzzle"], !inner.isNull {
            task = task ?? written["task"]?.stringValue
            written = inner
        }
        if let task {
            guard let named = tasks.named(task) else {
                throw ToolArguments.unknown(task, "task", tasks.all.map(\.name))
            }
            guard let found = try Self.understood(written, [named], isNamed: true) else {
                throw Self.unreadable(written, tasks)
            }
            self = found
            return
        }
        // A declared task may be written like one of the program's, so it is asked when none of those reads the puzzle.
        var problem: WireError?
        do throws(WireError) {
            if let found = try Self.understood(written, tasks.guesses, isNamed: false) {
                self = found
                return
            }
        } catch {
            problem = error
        }
        guard let found = try? Self.understood(written, tasks.declared, isNamed: false) else {
            throw problem ?? Self.unreadable(written, tasks)
        }
        self = found
    }

    private init(task: PuzzleTask, puzzle: any Puzzle, value: JSON) {
        (self.task, self.puzzle, self.value) = (task, puzzle, value)
    }

    /// Nil: none of the tasks reads it.
    private static func understood(_ written: JSON, _ tasks: [PuzzleTask], isNamed: Bool) throws(WireError)
        -> PastedPuzzle?
    {
        let whole = reading(written, tasks, isNamed: isNamed)
        var (several, wrong): ([String]?, PuzzleError?) = (nil, nil)
        func note(_ reading: Reading) -> PastedPuzzle? {
            switch reading {
            case .puzzle(let task, let puzzle, let value): return PastedPuzzle(task: task, puzzle: puzzle, value: value)
            case .several(let names): several = several ?? names
            case .wrong(let error): wrong = wrong ?? error
            case .nothing: break
            }
            return nil
        }
        if let found = note(whole) { return found }
        let first = wrong
        if let text = written.stringValue {
            // What is wrong with the board itself says more than what is wrong with the text around it.
            wrong = nil
            for stage in PastedText(text).stages where several == nil {
                var found: [PastedPuzzle] = []
                for place in stage {
                    if let puzzle = place.lazy.compactMap({ note(reading($0, tasks, isNamed: isNamed)) }).first,
                        !found.contains(where: { $0.isSame(as: puzzle) })
                    {
                        found.append(puzzle)
                    }
                }
                if found.count == 1 { return found[0] }
                guard found.isEmpty else {
                    throw .params("puzzle", "the text has \(found.count) puzzles in it; give one at a time")
                }
            }
        }
        if let several { throw ambiguous(several) }
        if let error = wrong ?? first { throw WireError(error) }
        return nil
    }

    private static func reading(_ value: JSON, _ tasks: [PuzzleTask], isNamed: Bool) -> Reading {
        var tasks = tasks
        if !isNamed, let text = value.stringValue {
            if let task = Tasks.task(ofLink: text) {
                tasks = [task]
            } else if let genre = Tasks.genre(ofLink: text) {
                let known = Tasks.all.flatMap(\.linkNames).joined(separator: ", ")
                return .wrong(
                    PuzzleError("no task reads addresses of the genre “\(genre.prefix(20))”; there are \(known)"))
            }
        }
        var read: [(task: PuzzleTask, puzzle: any Puzzle)] = []
        var wrong: PuzzleError?
        for task in tasks {
            do throws(PuzzleError) {
                let puzzle = try task.read(value)
                // Any word of cells is a board of one row; nobody means that who does not name its task.
                guard isNamed || tasks.count == 1 || (puzzle as? any GridPuzzle)?.size.height != 1 else { continue }
                read.append((task, puzzle))
            } catch {
                // With one task there is one thing wrong; of many, only two givens that contradict each other are a sign that
                // the puzzle was meant to be of this one.
                if tasks.count == 1 || (task.name == SudokuPuzzle.task.name && error.cells.count > 1) { wrong = error }
            }
        }
        // All cells in one line are how sudoku are written, and hardly ever another board.
        if read.count > 1, value.stringValue?.contains(where: \.isNewline) == false,
            let sudoku = read.first(where: { $0.task.name == SudokuPuzzle.task.name })
        {
            read = [sudoku]
        }
        if read.count == 1 { return .puzzle(read[0].task, read[0].puzzle, value) }
        if read.count > 1 { return .several(read.map(\.task.name)) }
        return wrong.map(Reading.wrong) ?? .nothing
    }

    private func isSame(as other: PastedPuzzle) -> Bool {
        task.name == other.task.name && puzzle.notation == other.puzzle.notation
    }

    /// Reads an answer to the puzzle, pasted in the same ways.
    func readAnswer(_ written: JSON) throws(WireError) -> PuzzleAnswer {
        let written = written.stringValue.map(PastedText.value) ?? written
        let first: PuzzleError
        do throws(PuzzleError) {
            return try puzzle.readAnswer(written)
        } catch {
            first = error
        }
        if let text = written.stringValue {
            for stage in PastedText(text).stages {
                var found: [PuzzleAnswer] = []
                for place in stage {
                    if let answer = place.lazy.compactMap({ try? puzzle.readAnswer($0) }).first, !found.contains(answer)
                    {
                        found.append(answer)
                    }
                }
                if found.count == 1 { return found[0] }
                guard found.isEmpty else {
                    throw .params("answer", "the text has \(found.count) answers in it; give one")
                }
            }
        }
        throw WireError(first)
    }

    private static func ambiguous(_ names: [String]) -> WireError {
        var error = WireError.params(
            "task",
            "\(names.joined(separator: " and ")) can \(names.count > 2 ? "all" : "both") read this puzzle: name the task"
        )
        error.details.known = names
        return error
    }

    private static func unreadable(_ written: JSON, _ tasks: TaskTable) -> WireError {
        var error = WireError.params(
            "task",
            "no task reads this puzzle, \(Wire.quoted(written.stringValue ?? written.text)); name the task to learn why, and see list_tasks for how each is written"
        )
        error.details.known = tasks.all.map(\.name)
        return error
    }
}

extension WireError {
    /// What is wrong with a puzzle or an answer, in the words of the protocol.
    init(_ error: PuzzleError) {
        self = .params(error.field, "\(error)")
        details.cells = error.cells.map { [$0.row, $0.column] }
    }
}
