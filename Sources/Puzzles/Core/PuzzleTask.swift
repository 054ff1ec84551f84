package import JSON

/// A kind of puzzle: its name in requests and profiles, and how its puzzles are read.
package struct PuzzleTask: Sendable {
    /// The name in requests and profiles.
    package let name: String
    /// The name for people.
    package let title: String
    /// One line on the notations and sizes that `read` takes.
    package let notations: String
    /// Whether `Puzzle.check` ever says anything but `unchecked`.
    package let hasChecker: Bool
    /// Whether views of a puzzle differ from it: what `views` in a profile can use.
    package let hasSymmetries: Bool
    /// The genre names under which puzz.link-style addresses know the task; empty for a task without addresses.
    package let linkNames: [String]
    /// How many tokens the task's models know, padding included; 0 when that is the model's own affair.
    package let vocabSize: Int
    /// The same for models of boards of one side, where that makes a difference.
    private let vocabSizeOfSide: @Sendable (Int) -> Int
    /// What models must have, where that is not a square board.
    private let ownMismatch: (@Sendable (InputShape) -> String?)?
    /// The shape of the models that the task is made for; nil where that is up to whoever trains one.
    package let trainingShape: InputShape?
    /// Reads a request's `puzzle` value. Throws when it is no puzzle of this task, naming the place and what was
    /// expected, or when its givens contradict each other, naming the cells.
    package let read: @Sendable (JSON) throws(PuzzleError) -> any Puzzle

    package init(
        name: String, title: String, notations: String, hasChecker: Bool, hasSymmetries: Bool, linkNames: [String] = [],
        vocabSize: Int, vocabSizeOfSide: @escaping @Sendable (_ side: Int) -> Int = { _ in .max },
        mismatch: (@Sendable (InputShape) -> String?)? = nil, trainingShape: InputShape? = nil,
        read: @escaping @Sendable (JSON) throws(PuzzleError) -> any Puzzle
    ) {
        self.name = name
        self.title = title
        self.notations = notations
        self.hasChecker = hasChecker
        self.hasSymmetries = hasSymmetries
        self.linkNames = linkNames
        self.vocabSize = vocabSize
        self.vocabSizeOfSide = vocabSizeOfSide
        ownMismatch = mismatch
        self.trainingShape = trainingShape
        self.read = { value throws(PuzzleError) in try read(try Self.bounded(value)) }
    }

    /// More than any board of any notation has.
    private static let longestText = 1 << 17
    private static let longestRow = 1 << 12

    /// The value without the spaces around a text that is longer than any board: a megabyte of them costs no more than to be
    /// counted. Throws when it is too long without them.
    static func bounded(_ value: JSON) throws(PuzzleError) -> JSON {
        switch value {
        case .string(let text) where text.utf8.count > longestText:
            let kept = text.trimmed
            guard !kept.isEmpty else { throw PuzzleError("the board is empty") }
            guard kept.utf8.count <= longestText else {
                throw PuzzleError("the text has \(text.utf8.count) bytes, more than any board")
            }
            return .string(String(kept))
        case .array(let rows):
            if let row = rows.firstIndex(where: { ($0.stringValue?.utf8.count ?? 0) > longestRow }) {
                throw PuzzleError("the row is longer than any board's", field: "puzzle[\(row)]")
            }
            return value
        default: return value
        }
    }

    /// Why models of this shape cannot take any puzzle of the task; nil when they can.
    package func mismatch(with shape: InputShape) -> String? {
        if let ownMismatch { return ownMismatch(shape) }
        guard vocabSize > 0 else { return nil }
        guard let side = shape.side else {
            return "it has \(shape.seqLen) positions, which is no square board; \(name) needs one that has"
        }
        let needed = min(vocabSize, vocabSizeOfSide(side))
        return shape.vocabSize >= needed ? nil : "it knows \(shape.vocabSize) tokens, \(name) needs \(needed)"
    }

    /// Reads a puzzle given as text, as on a command line: JSON when it starts like an array or an object.
    package func read(text: String) throws(PuzzleError) -> any Puzzle {
        try read(JSON(puzzleText: text, field: "puzzle"))
    }
}

extension JSON {
    /// The value of a puzzle or an answer given as text: an array or object when it starts like one, else the text.
    init(puzzleText text: String, field: String) throws(PuzzleError) {
        guard let first = text.utf8.first(where: { !$0.isSpace }),
            first == UInt8(ascii: "[") || first == UInt8(ascii: "{")
        else {
            self = .string(text)
            return
        }
        do {
            try self.init(parsing: text)
        } catch {
            throw PuzzleError("not JSON: \(error.message) (at byte \(error.offset))", field: field)
        }
    }
}

extension UInt8 {
    /// ASCII white space.
    var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
}
