import ArgumentParser
import JSON
import LineProtocol
import Puzzles

/// `ptrmd draw`: a board as a picture, without a model.
struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw puzzles, with an answer when there is one.",
        discussion: """
            PUZZLE is a puzzle in its task's own notation, a puzz.link address, a file with one of these or one JSON line \
            each, or - for stdin. A line's answer or solution is drawn into its board.

              ptrmd generate --task heyawake | ptrmd draw -
              ptrmd draw https://puzz.link/p?akari/3/3/hbj --svg > board.svg
            """)

    @Argument(help: "A puzzle, a file of puzzles, or - for stdin.", completion: .file())
    var puzzle: String

    @Argument(help: "An answer to draw into a single puzzle.")
    var answer: String?

    @OptionGroup var declared: DeclaredTasksOption

    @OptionGroup var kind: TaskOption

    @Flag(help: "Write an SVG document, of a single puzzle.")
    var svg = false

    func run() throws {
        try declared.load()
        try kind.check()
        let source = try PuzzleSource(puzzle, task: kind.name)
        var errors = LineErrors()
        var isFirst = true
        while let line = try source.next() {
            if isFirst, svg || answer != nil, try !source.isOnly() {
                let what = svg ? "--svg draws" : "an answer belongs to"
                throw CommandFailure(code: .usage, message: "\(what) one puzzle, \(puzzle) has more")
            }
            let picture: String
            do {
                picture = try drawing(of: line)
            } catch {
                try errors.report((error as? WireError)?.message ?? "\(error)", of: line, isOnly: try source.isOnly())
                isFirst = false
                continue
            }
            try StandardOutput.write((isFirst ? "" : "\n") + picture)
            isFirst = false
        }
        if isFirst { throw CommandFailure(code: .usage, message: "there is no puzzle in \(puzzle)") }
        if errors.count > 0 { throw CommandExit.someLineFailed }
    }

    private func drawing(of line: PuzzleInput.Line) throws -> String {
        let request = try line.request()
        for note in Tasks.notes(onLink: request.puzzle) { Terminal.report("puzzle: \(note)") }
        let written = try answer.map { try JSON(answerText: $0) } ?? line.answer
        let name = if let named = kind.name ?? request.task { named } else { try PuzzleInput.task(of: request.puzzle) }
        let board = try PuzzleInput.task(named: name).read(request.puzzle)
        let answer = try written.map { try board.readAnswer($0) }
        if svg { return board.svg(answer: answer) }
        return board.drawing(answer: answer, style: Terminal.hasColour(1) ? .ansi : .plain)
    }
}

extension PuzzleInput.Line {
    /// The answer in the line's JSON object: its `answers` (of which ARC has two), `answer` or `solution`.
    var answer: JSON? {
        guard case .success(let json?) = value, json.objectValue != nil else { return nil }
        return json.puzzleAnswer
    }
}

extension JSON {
    /// An object's answer; `answers`, of which one has to be right, stand before `answer`.
    var puzzleAnswer: JSON? {
        if let answers = self["answers"], !answers.isNull { return ["answers": answers] }
        // The answer of an unsolved line is null; the line may have a solution too.
        return [self["answer"], self["solution"]].compactMap { $0 }.first { !$0.isNull }
    }

    /// An answer of the command line: JSON when it starts like an array or an object, else the text.
    fileprivate init(answerText text: String) throws(WireError) {
        guard let first = text.first(where: { !$0.isWhitespace }), first == "[" || first == "{" else {
            self = .string(text)
            return
        }
        do {
            try self.init(parsing: text)
        } catch {
            throw .params("answer", "answer: invalid JSON: \(error.message) (at byte \(error.offset))")
        }
    }
}
