package import JSON

/// Puzzles: everything that is particular to a kind of puzzle, and nothing else.
///
/// A task is a value (`PuzzleTask`): its name, how its puzzles are read, and through `Puzzle` how one puzzle becomes a
/// model's tokens, how a model's tokens become an answer, what the exact rules say of an answer, which symmetries the
/// puzzle has, and how it is drawn. The rest of the package sees only these. CONTRIBUTING.md lists
/// what a new task takes.
package enum Tasks {
    package static let all: [PuzzleTask] = [
        SudokuPuzzle.task, LightupPuzzle.task, NurikabePuzzle.task, HeyawakePuzzle.task, TapaPuzzle.task,
        ShakashakaPuzzle.task, MazePuzzle.task, ArcPuzzle.task, TokensPuzzle.task,
    ]

    package static func named(_ name: String) -> PuzzleTask? {
        all.first { $0.name == name }
    }

    /// The task whose puzz.link-style addresses look like this one; nil when the text is no address or nobody's.
    package static func task(ofLink text: String) -> PuzzleTask? {
        guard let genre = PuzzleLink.genre(of: text) else { return nil }
        return all.first { $0.linkNames.contains(genre) }
    }

    /// The site of an address that is none of pzpr's; nil for a text that is no address or one of pzpr's.
    package static func otherSite(ofLink text: String) -> String? {
        text.utf8.count < 1 << 16 && text.firstRange(ofBytes: "://") != nil ? PuzzleLink.otherSite(text) : nil
    }

    /// What has to be said of an address before its puzzle is solved by rules that its site may not mean.
    package static func notes(onLink puzzle: JSON) -> [String] {
        // As the tasks read it: what is longer than any board is no address.
        guard puzzle.stringValue != nil, let text = try? PuzzleTask.bounded(puzzle).stringValue else { return [] }
        return [variantNote(on: text), SudokuPuzzle.boxNote(onLink: text)].compactMap { $0 }
    }

    /// pzpr keeps no checker for variant rules either.
    private static func variantNote(on text: String) -> String? {
        guard PuzzleLink.asksForVariant(text) else { return nil }
        return "the address asks for variant rules (v:), which are not known here; the ordinary ones are used"
    }

    /// The genre of a pzpr address, whether or not a task reads it; nil for what is not plainly one.
    package static func genre(ofLink text: String) -> String? {
        // A path has slashes too.
        guard text.utf8.contains(UInt8(ascii: "?")) || text.firstRange(ofBytes: "://") != nil else { return nil }
        return PuzzleLink.genre(of: text)
    }
}
