package import Puzzles
import Randomness

/// Makes the puzzles of one task.
///
/// Puzzle `index` of a seed is the same whatever else is generated, in whatever order and on however many threads.
package struct PuzzleGenerator: Sendable {
    package let task: String
    /// The size when none is asked for.
    package let usualSize: GridSize
    /// The sizes it makes, for people.
    package let sizes: String
    /// The options that mean something here.
    package let options: [GenerationOptions.Name]
    /// The styles it has.
    package let styles: [PuzzleStyle]
    /// The sizes of puzzles in people's style when none is asked for.
    private let published: PublishedSizes?

    private let isPossible: @Sendable (GridSize) -> Bool
    private let make: @Sendable (GridSize, GenerationOptions, inout SplitMix) throws(GenerationError) -> Made

    /// A finished draft without its board's type.
    private struct Made {
        var puzzle: any Puzzle
        var solution: PuzzleAnswer
        var difficulty: Int
        var fingerprint: UInt64
    }

    /// - Parameters:
    ///   - styles: those that `options.style` may name.
    ///   - published: the sizes to draw from in people's style.
    ///   - tries: after so many failed tries a puzzle is given up.
    ///   - attempts: from size and options, the function that tries once.
    init<Board: GridPuzzle & FingerprintedBoard>(
        task: String, usualSize: GridSize, sizes: String, options: [GenerationOptions.Name] = [.minimal, .hard],
        styles: [PuzzleStyle] = [], published: PublishedSizes? = nil, tries: Int = 2000,
        isPossible: @escaping @Sendable (GridSize) -> Bool,
        attempts:
            @escaping @Sendable (GridSize, GenerationOptions) throws(GenerationError) -> (
                (inout SplitMix) -> Draft<Board>?
            )
    ) {
        self.task = task
        self.usualSize = usualSize
        self.sizes = sizes
        self.options = options
        self.styles = styles
        self.published = published
        self.isPossible = isPossible
        make = { size, options, random throws(GenerationError) in
            let attempt = try attempts(size, options)
            for _ in 0..<tries {
                guard let draft = attempt(&random) else { continue }
                return Made(
                    puzzle: draft.board, solution: draft.board.answer(cells: draft.solution),
                    difficulty: draft.difficulty, fingerprint: draft.board.fingerprint(solution: draft.solution))
            }
            throw GenerationError("no \(task) puzzle of \(size.text) with these options in \(tries) tries")
        }
    }

    /// One puzzle. Throws when the size or an option does not fit the task, or when many tries led to none.
    package func generate(
        size: GridSize? = nil, seed: UInt64, index: Int, options: GenerationOptions = GenerationOptions()
    ) throws(GenerationError) -> GeneratedPuzzle {
        let size = size ?? self.size(seed: seed, index: index, options)
        guard isPossible(size) else {
            throw GenerationError(
                "\(task) puzzles are made in these sizes: \(sizes); asked for \(size.text)", field: "size")
        }
        if let name = options.names.first(where: { !self.options.contains($0) }) {
            let known = self.options.map(\.rawValue).joined(separator: ", ")
            throw GenerationError("\(task) puzzles have no such option, only \(known)", field: name.rawValue)
        }
        if let style = options.style, !styles.contains(style) {
            let known = styles.map(\.rawValue).joined(separator: ", ")
            throw GenerationError("\(task) puzzles have no style \(style.rawValue), only \(known)", field: "style")
        }
        var random = SplitMix(seed: seed, task: task, width: size.width, height: size.height, index: index)
        let made = try make(size, options, &random)
        return GeneratedPuzzle(
            task: task, size: size, seed: seed, index: index, puzzle: made.puzzle, solution: made.solution,
            difficulty: made.difficulty, fingerprint: made.fingerprint)
    }

    /// The size of a puzzle when none is asked for.
    private func size(seed: UInt64, index: Int, _ options: GenerationOptions) -> GridSize {
        guard options.style == .people, let published else { return usualSize }
        // No board has no width: this stream is no puzzle's.
        var random = SplitMix(seed: seed, task: task, width: 0, height: 0, index: index)
        return published.draw(using: &random) ?? usualSize
    }
}
