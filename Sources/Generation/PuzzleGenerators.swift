package import Puzzles
import Randomness

/// The generators, one line per task.
package enum PuzzleGenerators {
    package static let all: [PuzzleGenerator] = [sudoku, lightup, nurikabe, heyawake, tapa, shakashaka, maze]

    package static func named(_ task: String) -> PuzzleGenerator? { all.first { $0.task == task } }

    /// Puzzle `index` of a seed.
    package static func generate(
        task: String, size: GridSize? = nil, seed: UInt64, index: Int, options: GenerationOptions = GenerationOptions()
    ) throws(GenerationError) -> GeneratedPuzzle {
        guard let generator = named(task) else {
            let known = all.map(\.task).joined(separator: ", ")
            throw GenerationError("there is no generator for “\(task)”, only for \(known)", field: "task")
        }
        return try generator.generate(size: size, seed: seed, index: index, options: options)
    }

    private static let sudoku = PuzzleGenerator(
        task: "sudoku", usualSize: GridSize(width: 9, height: 9), sizes: "9x9, 6x6, 4x4",
        options: [.minimal, .hard, .givens], isPossible: { $0.isSquare && [4, 6, 9].contains($0.width) },
        attempts: { size, options throws(GenerationError) in
            var generator = SudokuGenerator(side: size.width)
            generator.givens = options.givens
            generator.isMinimal = options.isMinimal
            generator.isHard = options.isHard
            try generator.checkOptions()
            return { generator.attempt(using: &$0) }
        })

    private static let lightup = grid(
        "lightup", sides: 3...64, hardEffort: 6,
        published: PublishedSizes((10, 10, 201), (6, 6, 20), (8, 8, 4), (9, 9, 1)),
        people: { size in
            let generator = LightupGenerator(size: size)
            return keeping(on: size) { (plan: LightupPlan, random) in generator.attempt(plan, using: &random) }
        },
        attempts: { size, _, generosity in
            let generator = LightupGenerator(size: size, generosity: generosity)
            return { generator.attempt(using: &$0) }
        })

    // Every island has its number: none can be left out, and `minimal` would mean nothing.
    private static let nurikabe = grid(
        "nurikabe", sides: 4...24, hardEffort: 100, options: [.hard, .sparse],
        published: PublishedSizes((10, 10, 450), (7, 7, 39), (8, 8, 28), (9, 9, 27)),
        people: { size in
            let generator = NurikabeGenerator(size: size)
            return keeping(on: size) { (plan: NurikabePlan, random) in generator.attempt(plan, using: &random) }
        },
        attempts: { size, options, _ in
            var generator = NurikabeGenerator(size: size)
            generator.isSparse = options.isSparse
            var tries = 0
            return { random in
                // Large islands hardly ever leave one solution on a large board: after many tries smaller ones will do.
                tries += 1
                if tries == 500 { generator.isSparse = false }
                return generator.attempt(using: &random)
            }
        })

    private static let heyawake = grid(
        "heyawake", sides: 3...40, hardEffort: 30, options: [.minimal, .hard, .sparse],
        published: PublishedSizes((10, 10, 250), (6, 6, 7), (7, 7, 1), (10, 9, 1)),
        people: { size in
            let generator = HeyawakeGenerator(size: size)
            return keeping(on: size) { (plan: HeyawakePlan, random) in generator.attempt(plan, using: &random) }
        },
        attempts: { size, options, generosity in
            var generator = HeyawakeGenerator(size: size, generosity: generosity)
            generator.isSparse = options.isSparse
            return { [generator] in generator.attempt(using: &$0) }
        })

    private static let tapa = grid(
        "tapa", sides: 3...40, hardEffort: 5, options: [.minimal, .hard, .sparse],
        published: PublishedSizes((10, 10, 162), (8, 8, 6), (7, 7, 3), (5, 5, 1)),
        people: { size in
            let generator = TapaGenerator(size: size)
            return keeping(on: size) { (plan: TapaPlan, random) in generator.attempt(plan, using: &random) }
        },
        attempts: { size, options, generosity in
            var generator = TapaGenerator(size: size, generosity: generosity)
            generator.isSparse = options.isSparse
            return { [generator] in generator.attempt(using: &$0) }
        })

    private static let shakashaka = grid(
        "shakashaka", sides: 3...40, hardEffort: 200, published: PublishedSizes((10, 10, 108), (8, 8, 7)),
        people: { size in
            let generator = ShakashakaGenerator(size: size)
            return keeping(on: size) { (plan: ShakashakaPlan, random) in generator.attempt(plan, using: &random) }
        },
        attempts: { size, _, generosity in
            let generator = ShakashakaGenerator(size: size, generosity: generosity)
            return { generator.attempt(using: &$0) }
        })

    private static let maze = PuzzleGenerator(
        task: "maze", usualSize: GridSize(width: 30, height: 30), sizes: "sides of 5 to 128",
        options: [.style, .minimumPath], styles: [.hard, .perfect], tries: 20_000,
        isPossible: { (5...128).contains($0.width) && (5...128).contains($0.height) },
        attempts: { size, options throws(GenerationError) in
            var generator = MazeGenerator(
                size: size, style: options.style == .perfect ? .perfect : .hard, minimumPath: options.minimumPath)
            try generator.checkOptions()
            guard options.minimumPath == nil else { return { [generator] in generator.attempt(using: &$0) } }
            var tries = 0
            return { random in
                // Long thin boards hardly ever have the usual way: after many tries a shorter one will do.
                tries += 1
                if tries >= 4000, tries % 1000 == 0 { generator.minimumPath = max(1, generator.minimumPath * 5 / 6) }
                return generator.attempt(using: &random)
            }
        })

    /// Tries to keep a plan, the same one for many tries before another is drawn: so those that are hard to keep come up nearly
    /// as often as the others.
    private static func keeping<Plan: PublishedPlan, Board>(
        on size: GridSize, _ attempt: @escaping (Plan, inout SplitMix) -> Draft<Board>?
    ) -> (inout SplitMix) -> Draft<Board>? {
        var plan: Plan?
        var tries = 0
        return { random in
            if var kept = plan, tries % (Plan.tries * Plan.relaxations) > 0 {
                if tries % Plan.tries == 0 { kept.relax() }
                plan = kept
            } else {
                plan = Plan(size: size, using: &random)
            }
            tries += 1
            return plan.flatMap { attempt($0, &random) }
        }
    }

    /// A generator of boards of any sides in a range. Hard puzzles are those whose proof takes `hardEffort` conflicts at
    /// 10x10, in proportion elsewhere: the hardest quarter of what random puzzles give.
    private static func grid<Board: GridPuzzle & FingerprintedBoard>(
        _ task: String, sides: ClosedRange<Int>, hardEffort: Int,
        options: [GenerationOptions.Name] = [.minimal, .hard], published: PublishedSizes,
        people: @escaping @Sendable (GridSize) -> ((inout SplitMix) -> Draft<Board>?),
        attempts:
            @escaping @Sendable (GridSize, GenerationOptions, ClueGenerosity) -> (
                (inout SplitMix) -> Draft<Board>?
            )
    ) -> PuzzleGenerator {
        PuzzleGenerator(
            task: task, usualSize: GridSize(width: 10, height: 10),
            sizes: "sides of \(sides.lowerBound) to \(sides.upperBound)", options: options + [.style],
            styles: [.people], published: published,
            isPossible: { sides.contains($0.width) && sides.contains($0.height) },
            attempts: { size, options throws(GenerationError) -> ((inout SplitMix) -> Draft<Board>?) in
                let addsNone = options.isMinimal || options.isHard || options.isSparse
                let attempt: (inout SplitMix) -> Draft<Board>?
                if options.style == .people {
                    guard !options.isMinimal, !options.isSparse else {
                        throw GenerationError("people's puzzles are neither minimal nor sparse", field: "style")
                    }
                    attempt = people(size)
                } else {
                    attempt = attempts(size, options, addsNone ? .none : ClueGenerosity())
                }
                let effort = options.isHard ? hardEffort * size.count / 100 : 0
                return { random in
                    guard let draft = attempt(&random), draft.difficulty >= effort else { return nil }
                    return draft
                }
            })
    }
}
