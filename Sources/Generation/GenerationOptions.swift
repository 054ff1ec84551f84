import Puzzles
import Randomness

/// What a caller may ask of generated puzzles beyond their size. Absent values leave the choice to the generator.
package struct GenerationOptions: Sendable, Hashable {
    /// No clue that could be left out; otherwise every second puzzle or so gets some back.
    package var isMinimal = false
    /// Puzzles that take some search.
    package var isHard = false
    /// As people like to set them. Tapa: few clues with several numbers each; nurikabe: few numbers and large islands;
    /// heyawake: few and large rooms.
    package var isSparse = false
    /// Sudoku: exactly so many givens.
    package var givens: Int?
    /// What the puzzles are to look like; each task knows some styles.
    package var style: PuzzleStyle?
    /// Maze: at least so many steps from start to goal.
    package var minimumPath: Int?

    package init() {}

    /// The options as the command line spells them.
    package enum Name: String, Sendable, CaseIterable {
        case minimal, hard, sparse, givens
        case style
        case minimumPath = "minimum-path"
    }

    /// The options that are set.
    package var names: [Name] {
        var names: [Name] = []
        if isMinimal { names.append(.minimal) }
        if isHard { names.append(.hard) }
        if isSparse { names.append(.sparse) }
        if givens != nil { names.append(.givens) }
        if style != nil { names.append(.style) }
        if minimumPath != nil { names.append(.minimumPath) }
        return names
    }
}

/// A look that puzzles of a task can have.
package enum PuzzleStyle: String, Sendable, CaseIterable {
    /// Maze: walls at random, start and goal far apart, as in Maze-Hard.
    case hard
    /// Maze: corridors with exactly one path from anywhere to anywhere.
    case perfect
    /// Others: as published ones look, by how many clues they have, of what kind, and where.
    case people
}

/// Why there is no puzzle.
package struct GenerationError: Error, Sendable, Hashable {
    package var message: String
    /// What is to blame: `task`, `size` or an option's name; nil when none alone is.
    package var field: String?

    package init(_ message: String, field: String? = nil) {
        self.message = message
        self.field = field
    }
}
