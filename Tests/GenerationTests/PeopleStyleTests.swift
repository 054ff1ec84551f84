import Generation
import PuzzleTestSupport
import Puzzles
import Testing

/// Puzzles in people's style look as published ones do.
@Suite struct PeopleStyleTests {
    static let style: GenerationOptions = {
        var options = GenerationOptions()
        options.style = .people
        return options
    }()

    static func statistics(
        _ figures: PublishedFigures, _ count: Int? = nil, options: GenerationOptions
    ) throws -> PeopleStatistics {
        var statistics = PeopleStatistics()
        for index in 0..<(count ?? figures.count) {
            statistics.add(try PuzzleGenerators.generate(task: figures.task, seed: 5, index: index, options: options))
        }
        return statistics
    }

    /// What is further off than it may be.
    static func misses(_ statistics: PeopleStatistics, _ figures: PublishedFigures) -> [String] {
        var misses: [String] = []
        for (name, figure) in figures.quantiles {
            let found = statistics.quantiles(name)
            for (value, published) in zip(found, figure.values) where abs(value - published) > figure.slack {
                misses.append("\(name): \(found), published \(figure.values)")
                break
            }
        }
        for (counts, published, slack) in [
            (statistics.symmetries, figures.symmetries, 0.16), (statistics.clues, figures.clues, figures.clueSlack),
        ] {
            for (name, share) in published where abs(statistics.share(counts, name) - share) > slack {
                misses.append("\(name): \(statistics.share(counts, name)), published \(share)")
            }
        }
        return misses.sorted()
    }

    @Test(arguments: PublishedFigures.all) func figuresAreThoseOfPublishedPuzzles(_ figures: PublishedFigures) throws {
        let statistics = try Self.statistics(figures, options: Self.style)
        let misses = Self.misses(statistics, figures)
        #expect(misses.isEmpty, "\(figures.task): \(misses.joined(separator: "; "))\n\(statistics.text)")
    }

    /// Or the figures would not tell anything.
    @Test(arguments: PublishedFigures.all) func randomPuzzlesLookOtherwise(_ figures: PublishedFigures) throws {
        let statistics = try Self.statistics(figures, 24, options: GenerationOptions())
        #expect(!Self.misses(statistics, figures).isEmpty)
    }

    @Test func sizesAreThoseOfPublishedPuzzlesUnlessOneIsAskedFor() throws {
        let sizes = try (0..<40).map {
            try PuzzleGenerators.generate(task: "lightup", seed: 5, index: $0, options: Self.style).size
        }
        let known = [6, 8, 9, 10].map { GridSize(width: $0, height: $0) }
        #expect(sizes.allSatisfy(known.contains) && Set(sizes).count > 1)
        #expect(sizes.count { $0 == known[3] } > 28)
        let asked = GridSize(width: 7, height: 5)
        for task in PublishedFigures.all.map(\.task) {
            #expect(
                try PuzzleGenerators.generate(task: task, size: asked, seed: 5, index: 0, options: Self.style).size
                    == asked)
        }
    }

    @Test(arguments: [
        ("lightup", 6, 6), ("tapa", 5, 4), ("nurikabe", 5, 4), ("heyawake", 5, 4), ("shakashaka", 3, 3),
    ])
    func thereIsNoSecondSolution(_ task: String, _ width: Int, _ height: Int) throws {
        for index in 0..<8 {
            let puzzle = try PuzzleGenerators.generate(
                task: task, size: GridSize(width: width, height: height), seed: 4, index: index, options: Self.style)
            #expect(puzzle.puzzle.check(puzzle.solution) == .valid)
            #expect(try #require(ExhaustiveSearch.solutions(of: puzzle.puzzle)) == [puzzle.solution.cells])
        }
    }

    /// Task, a style or an option beside it that means nothing there.
    @Test(arguments: [
        ("tapa", PuzzleStyle.hard, false), ("maze", .people, false), ("sudoku", .people, false),
        ("tapa", .people, true),
    ])
    func stylesThatATaskDoesNotHave(_ task: String, _ style: PuzzleStyle, _ isSparse: Bool) {
        var options = GenerationOptions()
        options.style = style
        options.isSparse = isSparse
        let error = #expect(throws: GenerationError.self) {
            try PuzzleGenerators.generate(task: task, seed: 1, index: 0, options: options)
        }
        #expect(error?.field == "style")
    }
}
