import ArgumentParser
import Evaluation
import Generation
import JSON
import LineProtocol
import Puzzles

/// `ptrmd generate`: new puzzles with their solutions.
struct Generate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make puzzles with their solutions, one JSON line each.",
        discussion: """
            Each puzzle has one solution (a maze may have several shortest ways), and no two are the same up to the \
            symmetries of their task. The lines are requests as they stand, and what ptrmd check reads:

              ptrmd generate --task lightup --size 10x10 --count 1000 --seed 1 > puzzles.ndjson
              ptrmd check - < puzzles.ndjson
              ptrmd generate --task sudoku --count 100 --hard | ptrmd

            The same options give the same lines on any number of threads. Tasks: \
            \(PuzzleGenerators.all.map { "\($0.task) (\($0.sizes))" }.joined(separator: ", ")).
            """)

    @Option(help: "The kind of puzzle.", completion: .list(PuzzleGenerators.all.map(\.task)))
    var task: String

    @Option(
        help: ArgumentHelp("Columns and rows; default: 10x10, sudoku 9x9, maze 30x30.", valueName: "WxH"),
        transform: { text in
            let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard let width = sides[0], let height = sides.last ?? nil, sides.count <= 2, width > 0, height > 0 else {
                throw ValidationError("expected a size like 10x10, found \(text)")
            }
            return GridSize(width: width, height: height)
        })
    var size: GridSize?

    @Option(help: ArgumentHelp("How many puzzles.", valueName: "n"))
    var count = 1

    @Option(help: "Other seeds give other puzzles.")
    var seed: UInt64 = 0

    @Flag(help: "Puzzles that take search: harder than three in four.")
    var hard = false

    @Flag(help: "No clue that could be left out; otherwise every second puzzle gets some back.")
    var minimal = false

    @Flag(
        help: """
            As people like to set them. Tapa: few clues with several numbers each; nurikabe: few and large islands;
            heyawake: few and large rooms.
            """)
    var sparse = false

    @Option(help: ArgumentHelp("Sudoku: the exact number of givens.", valueName: "n"))
    var givens: Int?

    @Option(
        help: """
            lightup, tapa, heyawake, nurikabe, shakashaka: people, as published ones look, by how many clues they have, of \
            what kind and where, and without --size in the sizes that are published. Maze: hard has walls at random and \
            both ends far apart, as Maze-Hard; perfect has corridors with one way from anywhere to anywhere.
            """)
    var style: PuzzleStyle?

    @Option(
        help: ArgumentHelp(
            "Maze: the least number of steps from start to goal; default: as long as random walls give now and then.",
            valueName: "n"))
    var minimumPath: Int?

    @Option(
        help: ArgumentHelp(
            "Puzzles not to make again, nor their symmetric views: a file as this command writes; may be repeated.",
            valueName: "file"),
        completion: .file())
    var exclude: [String] = []

    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        guard (1...1_000_000_000).contains(count) else {
            throw ValidationError("--count must be from 1 to 1000000000.")
        }
    }

    func run() throws {
        guard let generator = PuzzleGenerators.named(task) else {
            let known = PuzzleGenerators.all.map(\.task).joined(separator: ", ")
            throw CommandFailure(code: .usage, message: "--task: no generator for \"\(task)\", only for \(known)")
        }
        var options = GenerationOptions()
        options.isHard = hard
        options.isMinimal = minimal
        options.isSparse = sparse
        options.givens = givens
        options.style = style
        options.minimumPath = minimumPath
        let series = GenerationSeries(
            count: count, window: 32 * threads.count, excluding: try excludedPuzzles())
        let workers = GenerationWorkers(series) { [size, seed, options] index in
            Result { () throws(GenerationError) in
                try generator.generate(size: size, seed: seed, index: index, options: options)
            }
        }
        guard workers.start(threads: min(threads.count, count)) else {
            throw CommandFailure(code: .usage, message: "the system has no thread to give")
        }
        defer { workers.stop() }
        let progress = ProgressDisplay()
        var made = 0
        // There the progress stands where the next puzzle goes.
        let isTerminal = Terminal.isTerminal(1)
        defer { progress.clear() }
        do {
            while let puzzle = try StandardOutput.whileRead({ try workers.next() }) {
                if isTerminal { progress.clear() }
                try StandardOutput.writeLine(puzzle.json.text)
                made += 1
                progress.show { "\(made) of \(count) puzzles, \((Double(made) / $0).text(1)) a second" }
            }
        } catch let error as GenerationError {
            progress.clear()
            let place = error.field.map { "--\($0): " } ?? ""
            throw CommandFailure(code: error.field == nil ? .someLineFailed : .usage, message: place + error.message)
        }
    }

    /// A filter that has seen the puzzles of this task in the `--exclude` files; those of other tasks are passed over.
    private func excludedPuzzles() throws(CommandFailure) -> DuplicateFilter {
        var filter = DuplicateFilter()
        for file in exclude {
            for line in try PuzzleInput.lines(ofFile: file) {
                do throws(WireError) {
                    let request = try line.request()
                    let name = try PuzzleInput.task(of: request)
                    guard name == task else { continue }
                    do throws(PuzzleError) {
                        if let puzzle = try Tasks.named(task)?.read(request.puzzle) { filter.admit(puzzle) }
                    } catch {
                        throw WireError.params(error.field, "\(error)")
                    }
                } catch {
                    throw CommandFailure(code: .usage, message: "\(file):\(line.number): \(error.message)")
                }
            }
        }
        return filter
    }
}

extension PuzzleStyle: ExpressibleByArgument {}
