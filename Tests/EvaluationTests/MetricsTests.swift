import Evaluation
import JSON
import Rollouts
import Testing

@Suite struct MetricsTests {
    /// Two rollouts are right from step 2 on, one is sure and wrong, one unsure and wrong.
    static let record: PuzzleRecord = {
        var record = PuzzleRecord(puzzle: 0, depth: 3)
        record.answers = [
            .init(isValid: false, isExact: false, cells: 0.5), .init(isValid: true, isExact: true, cells: 1),
            .init(isValid: false, isExact: false, cells: 0.9),
        ]
        record.rollouts = [
            .init(q: [-3, -2, -1], answers: [0, 0, 0], top1: [0.5, 0.5, 0.5]),
            .init(q: [-3, 1, 2], answers: [0, 1, 1], top1: [0.5, 0.9, 0.7]),
            .init(q: [-3, 3, 4], answers: [0, 2, 2], top1: [0.5, 0.8, 0.9]),
            .init(q: [-3, 0, 1], answers: [0, 1, 1], top1: [0.5, 0.6, 0.8]),
        ]
        return record
    }()

    /// K, D, then how many of one puzzle are right: first, single, pass, best_q, mode, top1, verified.
    @Test(arguments: [
        (4, 3, [0, 2, 1, 0, 1, 0, 1]), (2, 3, [0, 1, 1, 1, 1, 1, 1]), (1, 3, [0, 0, 0, 0, 0, 0, 0]),
        (4, 1, [0, 0, 0, 0, 0, 0, 0]), (3, 3, [0, 1, 1, 0, 0, 0, 1]), (4, 2, [0, 2, 1, 0, 1, 1, 1]),
    ])
    func widths(_ K: Int, _ D: Int, _ expected: [Int]) {
        let metrics = WidthMetrics([Self.record], K: K, D: D)
        let measures = WidthMetrics.Measure.allCases.filter { $0 != .score }
        #expect(metrics.right[.score] == nil)
        #expect(measures.map { metrics.right[$0]?.count } == expected)
        #expect(metrics.right[.single]?.total == K && metrics.right[.pass]?.total == 1)
        #expect(metrics.exact[.pass] == metrics.right[.pass] && metrics.exact[.verified] == nil)
    }

    /// The score picks the second answer; a verifier that calls the first one right does not make it so.
    @Test func aVerifierIsMeasuredByWhatIsTrue() {
        var record = PuzzleRecord(puzzle: 0, depth: 1)
        record.answers = [
            .init(isValid: true, isExact: false, score: 1, truth: false),
            .init(isValid: nil, isExact: true, score: 2, truth: true),
        ]
        record.rollouts = [.init(q: [5], answers: [0], top1: [0.9]), .init(q: [1], answers: [1], top1: [0.5])]
        let metrics = WidthMetrics([record], K: 2, D: 1)
        #expect(metrics.right[.bestQ]?.count == 0 && metrics.right[.score]?.count == 1)
        #expect(metrics.right[.pass]?.count == 1 && metrics.right[.verified]?.count == 0)
        let condition = Condition(SearchSettings())
        #expect(PuzzleRecord(record.json(condition)) == record)
    }

    /// Two rollouts keep the rules by different answers; the second one's is the known solution.
    @Test func anotherValidAnswerDoesNotHideTheSolution() {
        var record = PuzzleRecord(puzzle: 0, depth: 1)
        record.answers = [.init(isValid: true, isExact: false), .init(isValid: true, isExact: true)]
        record.rollouts = [
            .init(q: [1], answers: [0], top1: [0.5]), .init(q: [2], answers: [1], top1: [0.5]),
        ]
        let metrics = WidthMetrics([record], K: 2, D: 1)
        #expect(metrics.right[.pass]?.count == 1 && metrics.exact[.pass]?.count == 1)
        #expect(metrics.exact[.first]?.count == 0 && metrics.exact[.bestQ]?.count == 1)
    }

    /// The same choice as a search without early stopping makes.
    @Test(arguments: 1...4, [SearchSettings.Selection.bestQ, .mode, .top1])
    func selectionIsTheSearchs(_ K: Int, _ selection: SearchSettings.Selection) {
        var settings = SearchSettings()
        (settings.K, settings.D, settings.selection) = (K, 3, selection)
        (settings.qThreshold, settings.verify, settings.stop) = (nil, .off, .all)
        let outcome = Self.record.replay(settings, hasChecker: true)
        let measure: WidthMetrics.Measure = [.bestQ: .bestQ, .mode: .mode, .top1: .top1][selection] ?? .first
        let metrics = WidthMetrics([Self.record], K: K, D: 3)
        #expect(Self.record.answer(of: outcome)?.isRight == (metrics.right[measure]?.count == 1))
        #expect(outcome.steps == 3 * K)
    }

    @Test func droppedRolloutsAnswerNothing() {
        var record = Self.record
        record.rollouts[1] = .init(q: [-3], answers: [0], top1: [0.5])
        let metrics = WidthMetrics([record], K: 2, D: 3)
        #expect(metrics.right[.pass]?.count == 0 && metrics.right[.single]?.total == 2)
        var settings = SearchSettings()
        (settings.K, settings.D, settings.qThreshold) = (2, 3, nil)
        #expect(record.replay(settings, hasChecker: true).dropped == 1)
    }

    /// A puzzle without any answer is one that is not solved, by every measure.
    @Test func aPuzzleWithoutAnswersIsWrong() {
        var empty = PuzzleRecord(puzzle: 1, depth: 3)
        empty.rollouts = Self.record.rollouts.map { _ in .init(q: [], answers: [], top1: []) }
        let metrics = WidthMetrics([Self.record, empty], K: 4, D: 3)
        for measure in WidthMetrics.Measure.allCases where measure != .score {
            #expect(metrics.right[measure]?.total == (measure == .single ? 8 : 2), "\(measure)")
        }
        #expect(metrics.right[.verified]?.count == 1 && metrics.exact[.bestQ]?.total == 2)
    }

    @Test func earlyStopping() {
        var settings = SearchSettings()
        (settings.K, settings.D, settings.qThreshold) = (4, 3, 0.5)
        // Round 2: the sure rollout offers a wrong answer, which is refused; rollout 1 offers the right one.
        let required = StopMetrics([Self.record, Self.record], settings, hasChecker: true)
        #expect(required.solved == Proportion(2, of: 2) && required.steps == [8, 8] && required.falseAlarms == 2)
        #expect(required.reasons == [.qThreshold: 2] && required.stepsPerSolved == 8)
        // Q alone takes the sure one.
        #expect(required.accepted == Proportion(2, of: 2) && required.precision == Proportion(0, of: 2))
        settings.qThreshold = 9
        let never = StopMetrics([Self.record], settings, hasChecker: true)
        #expect(never.steps == [12] && never.reasons == [.depth: 1] && never.precision.total == 0)
        #expect(never.solved == Proportion(1, of: 1))
        settings.limits.maxSteps = 5
        #expect(StopMetrics([Self.record], settings, hasChecker: true).steps == [5])
    }

    @Test func logits() throws {
        let metrics = LogitMetrics([Self.record])
        #expect(metrics.bins.map(\.q) == [-3, -2, -1, 0, 1, 2, 3, 4])
        #expect(metrics.bins.map(\.count) == [4, 1, 1, 1, 2, 1, 1, 1])
        #expect(metrics.bins.map(\.right) == [0, 0, 0, 1, 2, 1, 0, 0])
        #expect(metrics.bins[0].cells == 2 && metrics.bins[0].meanCells == 0.5 && metrics.bySteps.count == 3)
        #expect(metrics.bySteps[2].q == 1.5 && abs(metrics.bySteps[2].cells - 0.85) < 1e-12)
        // Of the twelve pairs, by numpy.corrcoef.
        #expect(abs(try #require(metrics.correlation) - 0.83531) < 1e-4)
        // A puzzle whose solution nobody knows counts where right cells are not asked for.
        var unknown = Self.record
        unknown.answers = unknown.answers.map { .init(isValid: $0.isValid, isExact: nil) }
        let both = LogitMetrics([Self.record, unknown])
        #expect(both.bins.map(\.count) == metrics.bins.map { 2 * $0.count })
        #expect(both.bins.map(\.meanCells) == metrics.bins.map(\.meanCells) && both.correlation == metrics.correlation)
        #expect(LogitMetrics([unknown]).bins.allSatisfy { $0.meanCells == nil })
        #expect(LogitMetrics([]).correlation == nil && LogitMetrics([]).bins.isEmpty)
    }

    @Test func settingsBeyondTheRecordAreCut() {
        var settings = SearchSettings()
        (settings.K, settings.D, settings.qThreshold) = (100, 100, nil)
        let outcome = Self.record.replay(settings, hasChecker: true)
        #expect(outcome.steps == 12 && outcome.dropped == 0)
    }

    @Test func recordsReadBack() throws {
        let condition = Condition(SearchSettings())
        let json = try JSON(parsing: Self.record.json(condition).text)
        #expect(PuzzleRecord(json) == Self.record)
        #expect(PuzzleRecord.condition(json, base: condition) == condition)
        #expect(PuzzleRecord(["puzzle": 1]) == nil)
        let outOfRange: JSON = ["puzzle": 0, "depth": 1, "answers": [], "rollouts": [[[1], [0], [1]]]]
        #expect(PuzzleRecord(outOfRange) == nil)
    }

    @Test(arguments: [
        ([true, true, true, true], RolloutMode.quickSuccess), ([false, true, true, true], .delayedSuccess),
        ([true, false, true, true], .delayedSuccess), ([true, true, true, false], .failure),
        ([true, true], .failure), ([], .failure),
    ])
    func modes(_ isRight: [Bool], _ expected: RolloutMode) {
        #expect(RolloutMode(isRight: isRight, depth: 4) == expected)
    }
}
