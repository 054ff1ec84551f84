import Randomness
import Rollouts
import Testing

/// Random searches in random worlds.
@Suite struct PropertyTests {
    private struct Case {
        var settings: SearchSettings
        var world: World
        var hasChecker: Bool

        init(seed: UInt64) {
            var generator = SplitMix(seed: seed &* 7919 &+ 1)
            let K = Int.random(in: 1...10, using: &generator)
            let D = Int.random(in: 1...8, using: &generator)
            settings = .random(K: K, D: D, using: &generator)
            world = .random(K: K, D: D, using: &generator)
            hasChecker = Int.random(in: 0..<4, using: &generator) > 0
        }

        func driver(records: SearchRecords = [], maxAlive: Int = .max, order: Driver.Order = .inOrder) -> Driver {
            Driver(settings, world, hasChecker: hasChecker, records: records, maxAlive: maxAlive, order: order)
        }
    }

    private let all: SearchRecords = [.candidates, .trace]

    @Test(arguments: 0..<40 as Range<UInt64>)
    func theMachineAgreesWithTheSpecification(block: UInt64) {
        for seed in block * 100..<(block + 1) * 100 {
            let random = Case(seed: seed)
            var driver = random.driver()
            let outcome = driver.run()
            let expected = Oracle(settings: random.settings, world: random.world, hasChecker: random.hasChecker).run()
            #expect(outcome == expected, "seed \(seed): \(random.settings) \(random.world)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func orderAndSplitsDoNotShow(block: UInt64) {
        for seed in block * 50..<(block + 1) * 50 {
            let random = Case(seed: seed)
            var straight = random.driver(records: all)
            let expected = straight.run()
            for shuffle in 0..<3 as Range<UInt64> {
                var shuffled = random.driver(records: all, order: .shuffledAndSplit(seed: seed ^ (shuffle << 32)))
                let outcome = shuffled.run()
                #expect(outcome == expected, "seed \(seed)")
                #expect(outcome.hashValue == expected.hashValue)
            }
        }
    }

    /// What is recorded for the caller changes no decision.
    @Test func recordsDoNotShow() {
        for seed in 0..<500 as Range<UInt64> {
            let random = Case(seed: seed)
            var plain = random.driver()
            var recording = random.driver(records: all)
            var outcome = recording.run()
            outcome.candidates = nil
            outcome.trace = nil
            #expect(outcome == plain.run(), "seed \(seed)")
        }
    }

    /// A bound on the carries in memory changes nothing, whether it applies or not.
    @Test func widthDoesNotShow() {
        var narrowed = 0
        for seed in 0..<1500 as Range<UInt64> {
            var random = Case(seed: seed)
            if !seed.isMultiple(of: 3) {
                random.settings.ramp = nil
                random.settings.limits.maxSteps = nil
                random.settings.stop = .all
            }
            var wide = random.driver(records: all)
            var narrow = random.driver(records: all, maxAlive: 2, order: .shuffledAndSplit(seed: seed))
            #expect(wide.run() == narrow.run(), "seed \(seed)")
            if narrow.search.peakAlive < wide.search.peakAlive { narrowed += 1 }
        }
        #expect(narrowed > 500)
    }

    /// The trace holds every finite step in order, the results every rollout that ran.
    @Test func recordsAreComplete() throws {
        for seed in 0..<500 as Range<UInt64> {
            let random = Case(seed: seed)
            var driver = random.driver(records: all, order: .shuffledAndSplit(seed: seed))
            let outcome = driver.run()
            let trace = try #require(outcome.trace)
            let results = try #require(outcome.candidates)
            #expect(results.map(\.rollout) == Array(0..<outcome.rollouts))
            #expect(trace.count == outcome.rollouts)
            #expect(trace.reduce(0) { $0 + $1.count } == outcome.steps - outcome.dropped)
            #expect(results.filter { $0.end == .dropped }.count == outcome.dropped)
            for (row, result) in zip(trace, results) {
                #expect(row == Array(random.world.q[result.rollout].prefix(row.count)))
                #expect(row.count == (result.end == .dropped ? result.steps - 1 : result.steps))
                #expect(result.q == (result.end == .dropped ? nil : row.last))
                #expect((result.candidate == nil) == (result.end == .dropped))
                if result.end == .depth { #expect(result.steps == random.settings.D) }
            }
        }
    }

    /// An end from outside, at any step: what was recorded counts, whatever ran is decoded, and one of it is selected.
    @Test func endsAtAnyPlace() {
        for seed in 0..<1500 as Range<UInt64> {
            let random = Case(seed: seed)
            var generator = SplitMix(seed: seed)
            let place = Int.random(in: 0..<30, using: &generator)
            let reason = EndReason.allCases.randomElement(using: &generator) ?? .timeLimit
            var whole = random.driver()
            let undisturbed = whole.run()
            var driver = random.driver(records: all, order: .shuffledAndSplit(seed: seed))
            let outcome = driver.run { $0 >= place ? reason : nil }
            if outcome.stopReason == reason.stopReason {
                #expect(outcome.steps == place, "seed \(seed)")
                #expect(outcome.candidates?.allSatisfy { ($0.candidate == nil) == ($0.end == .dropped) } ?? false)
            } else {
                #expect(outcome.steps == undisturbed.steps && outcome.selected == undisturbed.selected, "seed \(seed)")
                #expect(outcome.stopReason == undisturbed.stopReason)
            }
        }
    }
}
