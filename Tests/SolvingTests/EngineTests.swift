import Exact
import JSON
import Problems
import Profiles
import Puzzles
import Rollouts
import Solving
import Testing

/// Which engines a request is planned with, and why one is refused.
@Suite struct EngineTests {
    private static let catalogue: Result<Catalogue, any Error> = Result {
        let source = ProfileSource(path: nil)
        return Catalogue(profiles: try source.load(), source: source, models: ModelStore())
    }

    private static func prepare(
        _ task: String, _ puzzle: JSON, engines: [String]? = nil, unique: Bool = false
    ) throws -> PreparedRequest {
        var request = PuzzleRequest(puzzle: puzzle)
        request.task = task
        if let engines { request.overrides = ["engines": .array(engines.map { .string($0) })] }
        request.wantsUniqueness = unique
        return try Self.catalogue.get().prepare(request)
    }

    private static func engines(_ prepared: PreparedRequest) -> [String] {
        prepared.plan.searches.map { $0.exact == nil ? "ptrm" : "exact" }
    }

    private static let sudoku = JSON.string(String(repeating: ".", count: 81))
    private static let small = JSON.string(String(repeating: ".", count: 16))
    /// 12 rows of 12 white cells: larger than the bundled model.
    private static let large = JSON.string(String(repeating: String(repeating: ".", count: 12) + "\n", count: 12))

    @Test func bundledProfilesTryTheModelFirst() throws {
        #expect(Self.engines(try Self.prepare("sudoku", Self.sudoku)) == ["ptrm", "exact"])
    }

    @Test(arguments: [("sudoku", small), ("lightup", large)])
    func whatTheModelDoesNotTakeGoesToExactSearch(task: String, puzzle: JSON) throws {
        #expect(Self.engines(try Self.prepare(task, puzzle)) == ["exact"])
    }

    @Test(arguments: [("sudoku", small), ("lightup", large)])
    func theModelAloneRefusesIt(task: String, puzzle: JSON) throws {
        let refusal = try #require(throws: Refusal.self) { try Self.prepare(task, puzzle, engines: ["ptrm"]) }
        #expect(refusal.kind == .request && refusal.field == "puzzle" && refusal.message.contains("this model takes"))
    }

    @Test func theOrderOfTheEnginesHolds() throws {
        #expect(
            Self.engines(try Self.prepare("sudoku", Self.sudoku, engines: ["exact", "ptrm"])) == ["exact", "ptrm"])
        #expect(Self.engines(try Self.prepare("sudoku", Self.sudoku, engines: ["exact"])) == ["exact"])
    }

    /// Steps that the rollouts may take, by who stands behind them and what the request says of them.
    @Test(
        arguments: [
            (["engines": ["ptrm", "exact"]], nil, 256), (["engines": ["ptrm"]], nil, 2000),
            (["engines": ["exact", "ptrm"]], nil, 2000), ([:], 100, 100), ([:], 100_000, 100_000),
            (["limits": ["max_steps": 5000]], nil, 5000),
            (["limits": ["max_steps": 5000], "handover_steps": 70], nil, 70),
            (["handover_steps": .null], nil, 2000), (["stop": "all"], nil, 2000),
        ] as [(JSONObject, Int?, Int)])
    func theModelHandsOverWhereExactSearchIsBehindIt(overrides: JSONObject, asked: Int?, steps: Int) throws {
        var request = PuzzleRequest(puzzle: Self.sudoku)
        request.task = "sudoku"
        request.limits.maxSteps = asked
        request.overrides = overrides
        let searches = try Self.catalogue.get().prepare(request).plan.searches
        #expect(searches.first { $0.rollouts != nil }?.limits.maxSteps == steps)
    }

    @Test(arguments: [(nil, TapaPuzzle.LoneQuestion.any), ("shaded", .shaded)] as [(String?, TapaPuzzle.LoneQuestion)])
    func settingsSayWhatALoneQuestionMarkAsks(asked: String?, expected: TapaPuzzle.LoneQuestion) throws {
        var request = PuzzleRequest(puzzle: "? . .\n. . .\n. . 1")
        request.task = "tapa"
        if let asked { request.overrides = ["lone_question": .string(asked)] }
        let prepared = try Self.catalogue.get().prepare(request)
        #expect((prepared.puzzle as? TapaPuzzle)?.loneQuestion == expected)
    }

    @Test(arguments: [
        JSON.array([]), ["exact", "exact"], ["sat"], "exact",
    ])
    func enginesAreAListOfNames(value: JSON) throws {
        var request = PuzzleRequest(puzzle: Self.sudoku)
        request.task = "sudoku"
        request.overrides = ["engines": value]
        let refusal = try #require(throws: Refusal.self) { try Self.catalogue.get().prepare(request) }
        #expect(refusal.kind == .request && refusal.field.hasPrefix("overrides.engines"))
    }

    @Test func uniquenessIsAskedOfExactSearch() throws {
        let asked = try Self.prepare("sudoku", Self.sudoku, unique: true).plan.searches[1].exact
        #expect(asked?.options.wantsUniqueness == true)
        let usual = try Self.prepare("sudoku", Self.sudoku).plan.searches[1].exact
        #expect(usual?.options.wantsUniqueness == false)
    }

    @Test func aPuzzleThatCannotBeReadIsRefusedByEveryEngine() throws {
        let refusal = try #require(throws: Refusal.self) {
            try Self.prepare("sudoku", "12", engines: ["exact"])
        }
        #expect(refusal.kind == .request && refusal.field == "puzzle")
    }

    @Test func aProfileWithoutAModelIsReadWhenItNeedsNone() throws {
        let text = "version: 1\nprofiles:\n  big:\n    task: tapa\n    engines: [exact]\n"
        let set = try ProfileSet.parse(
            Array(text.utf8), path: "p.yaml", knownTasks: Tasks.all.map(\.name), knownModels: [])
        #expect(set["big"]?.model == nil && set["big"]?.search.engines == [.exact])
        let wrong = text.replacing("[exact]", with: "[ptrm, exact]")
        #expect(throws: ProfileErrors.self) {
            try ProfileSet.parse(
                Array(wrong.utf8), path: "p.yaml", knownTasks: Tasks.all.map(\.name), knownModels: [])
        }
    }
}
