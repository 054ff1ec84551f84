import Puzzles
import Randomness
import Rollouts
import TRM
import Testing

/// `resampling`: which rollouts go on in the place of others, and that nothing but the request decides it.
@Suite struct ResamplingTests {
    private static func settings(
        K: Int = 4, D: Int = 6, _ change: (inout SearchSettings.Resampling) -> Void = { _ in }
    ) -> SearchSettings {
        .table(K: K, D: D) {
            $0.qThreshold = nil
            $0.views = .all
            var resampling = SearchSettings.Resampling()
            (resampling.every, resampling.minEss) = (1, 1)
            change(&resampling)
            $0.resampling = resampling
        }
    }

    /// Runs one round whose logits are given by rollout, and tells the copies that follow.
    private static func copies(_ settings: SearchSettings, _ q: [Float], rounds: Int = 1) -> [Search.Copy] {
        var search = Search(settings: settings, hasChecker: false)
        var round = 0
        while case .step(let orders) = search.next(), round < rounds {
            for order in orders { search.record(StepReport(q: q[order.rollout]), of: order.rollout) }
            round += 1
        }
        return search.takeCopies()
    }

    struct Row: Sendable {
        var q: [Float]
        var change: @Sendable (inout SearchSettings.Resampling) -> Void = { _ in }
        /// Rollouts that give up their places, and the one whose copies take them.
        var replaced: [Int]
        var by: Int
    }

    @Test(arguments: [
        // One is far ahead: it takes all places.
        Row(q: [0, 90, 0, 0], replaced: [0, 2, 3], by: 1),
        Row(q: [-90, -90, -90, -3], replaced: [0, 1, 2], by: 3),
        // All alike: none.
        Row(q: [2, 2, 2, 2], replaced: [], by: 0),
        // Warm enough, they are alike.
        Row(q: [0, 90, 0, 0], change: { $0.temperature = 1_000_000 }, replaced: [], by: 0),
        // Two of four are effective: not fewer than half, but fewer than three quarters.
        Row(q: [-90, 5, -90, -90], change: { $0.minEss = 0.25 }, replaced: [], by: 1),
        Row(q: [-90, 5, -90, -90], change: { $0.minEss = 0.26 }, replaced: [0, 2, 3], by: 1),
        Row(q: [0, 90, 0, 0], change: { $0.minEss = 0 }, replaced: [], by: 1),
        Row(q: [0, 90, 0, 0], change: { $0.every = 2 }, replaced: [], by: 1),
    ])
    func whoGoesOn(_ row: Row) {
        let copies = Self.copies(Self.settings(row.change), row.q)
        #expect(copies.map(\.to) == row.replaced)
        #expect(copies.allSatisfy { $0.from == row.by })
    }

    @Test func everyCountsRounds() {
        let settings = Self.settings { $0.every = 3 }
        #expect(Self.copies(settings, [0, 90, 0, 0], rounds: 2).isEmpty)
        #expect(Self.copies(settings, [0, 90, 0, 0], rounds: 3).count == 3)
    }

    /// Over many seeds each has as many places as its weight says.
    @Test func placesFollowTheWeights() {
        var places = [0, 0, 0, 0]
        for seed in 0..<400 as Range<UInt64> {
            var settings = Self.settings()
            settings.seed = seed
            var own = [1, 1, 1, 1]
            // Weights 1/10, 2/10, 3/10, 4/10.
            for copy in Self.copies(settings, [0, 0.693_147, 1.098_612, 1.386_294]) {
                own[copy.to] -= 1
                own[copy.from] += 1
            }
            for k in 0..<4 {
                places[k] += own[k]
                // Systematic: the expected number, rounded up or down.
                #expect(abs(Double(own[k]) - 0.4 * Double(k + 1)) < 1)
            }
        }
        for k in 0..<4 { #expect(abs(Double(places[k]) / 400 - 0.4 * Double(k + 1)) < 0.1) }
    }

    /// A copy has the q and the candidate of what it goes on from, and its own number of steps.
    @Test func whatACopyTakesOver() {
        var settings = Self.settings(K: 2, D: 2) { $0.every = 1 }
        settings.stop = .all
        var search = Search(settings: settings, hasChecker: false, records: [.candidates, .trace])
        guard case .step = search.next() else { return }
        search.record(StepReport(q: 50), of: 0)
        search.record(StepReport(q: -50), of: 1)
        guard case .step(let orders) = search.next() else {
            Issue.record("a second round is expected")
            return
        }
        let copies = search.takeCopies()
        #expect(copies.map(\.from) == [0] && copies.map(\.to) == [1])
        #expect(search.progress.best?.q == 50)
        // It solves what the other one does, and keeps its own noise.
        #expect(orders.map(\.start) == [.identity, .identity])
        #expect(orders.map(\.step) == [1, 1] && orders[1].noise?.rollout == 1)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func orderAndSplitsDoNotShow(seed: UInt64) {
        var world = PartialWorld(seed: seed)
        if seed % 2 == 0 { world.solver = (rollout: 3, step: 9) }
        var settings = Self.settings(K: 12, D: 16) { ($0.every, $0.minEss, $0.temperature) = (2, 0.9, 0.5) }
        settings.seed = seed
        settings.checkEvery = 1
        if seed % 3 == 0 {
            settings.ramp = .init(start: 4, factor: 2, every: 4)
            settings.proposals = .init()
            settings.proposals?.after = 9
        }
        func run(shuffle: UInt64? = nil) -> PartialRun {
            PartialRun(settings, world, records: [.candidates, .trace], shuffle: shuffle)
        }
        let straight = run()
        #expect(!straight.copies.isEmpty)
        for shuffle in 0..<3 as Range<UInt64> {
            let shuffled = run(shuffle: shuffle)
            #expect(shuffled.outcome == straight.outcome && shuffled.copies == straight.copies)
        }
    }

    /// Carries cannot be bounded where rollouts go on from each other.
    @Test func allRunTogether() {
        let search = Search(settings: Self.settings(K: 50), hasChecker: false, maxAlive: 4)
        #expect(search.peakAlive == 50)
    }
}
