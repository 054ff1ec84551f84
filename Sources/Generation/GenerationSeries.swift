package import Puzzles

/// A series of different puzzles: those of a seed in the order of their indices, without the ones that are the same as an
/// earlier one up to symmetry. State without threads: workers claim indices and record what they made of them, in any
/// order and number; a reader takes the puzzles, which depend on the seed alone.
package struct GenerationSeries: Sendable {
    /// What the reader gets.
    package enum Step: Sendable {
        case puzzle(GeneratedPuzzle)
        /// A worker has not recorded the next index yet.
        case waiting
        /// All have been taken.
        case finished
    }

    private let count: Int
    /// Indices that may be claimed ahead of the reader: a slow puzzle holds the later ones back, but not without limit.
    private let window: Int
    private var filter: DuplicateFilter
    private var made: [Int: Result<GeneratedPuzzle, GenerationError>] = [:]
    private var nextToClaim = 0
    private var nextToTake = 0
    private var repeated = 0
    /// Puzzles taken so far.
    package private(set) var taken = 0

    /// So many repeated puzzles in a row mean that there are hardly any others, as with 4x4 sudoku.
    private static let patience = 2000

    /// - Parameter filter: has seen the puzzles that are not to be repeated.
    package init(count: Int, window: Int, excluding filter: DuplicateFilter = DuplicateFilter()) {
        self.count = count
        self.window = max(1, window)
        self.filter = filter
    }

    /// The index of a puzzle to make now; nil when enough are under way.
    package mutating func claim() -> Int? {
        // Each index gives one puzzle at most, so claiming no more than are missing wastes none.
        guard nextToClaim < nextToTake + min(window, count - taken) else { return nil }
        defer { nextToClaim += 1 }
        return nextToClaim
    }

    /// What became of a claimed index.
    package mutating func record(_ index: Int, _ result: Result<GeneratedPuzzle, GenerationError>) {
        made[index] = result
    }

    /// Takes the next puzzle. Throws when it could not be made, or there are not so many different ones.
    package mutating func next() throws(GenerationError) -> Step {
        while taken < count {
            guard let result = made.removeValue(forKey: nextToTake) else { return .waiting }
            nextToTake += 1
            let puzzle = try result.get()
            if filter.admit(puzzle.fingerprint) {
                repeated = 0
                taken += 1
                return .puzzle(puzzle)
            }
            repeated += 1
            guard repeated < Self.patience else {
                throw GenerationError(
                    "only \(taken) different puzzles found of \(count); the last \(repeated) were repeated",
                    field: "count")
            }
        }
        return .finished
    }
}

/// Lets the first of several puzzles through that are the same up to symmetry.
package struct DuplicateFilter: Sendable {
    private var seen: Set<UInt64> = []

    package init() {}

    /// False for a fingerprint that was there before.
    package mutating func admit(_ fingerprint: UInt64) -> Bool { seen.insert(fingerprint).inserted }

    /// As `admit` for a puzzle from outside; also false when it has no fingerprint: no generator makes such a puzzle.
    @discardableResult
    package mutating func admit(_ puzzle: any Puzzle) -> Bool { puzzle.fingerprint.map { admit($0) } ?? false }
}
