import Randomness
import Rollouts
import TRM
import Testing

/// PTRM, Algorithm 1, against the machine with the settings that stand for it.
@Suite struct AlgorithmOneTests {
    /// The paper's procedure, line by line: K noisy rollouts of D steps, the Q head's highest logit picks one.
    private func algorithmOne(K: Int, D: Int, _ world: World) -> (rollout: Int, q: Float, tokens: [Int32]) {
        var qs: [Float] = []
        var answers: [[Int32]] = []
        for k in 0..<K {
            var q: Float = 0
            for t in 0..<D { q = world.q[k][t] }
            qs.append(q)
            answers.append(world.candidate(rollout: k, steps: D).tokens)
        }
        var best = 0
        for k in 0..<K where qs[k] > qs[best] { best = k }
        return (best, qs[best], answers[best])
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func algorithmOneComesOut(seed: UInt64) {
        var generator = SplitMix(seed: seed)
        let K = Int.random(in: 1...12, using: &generator)
        let D = Int.random(in: 1...9, using: &generator)
        var world = World.random(K: K, D: D, using: &generator)
        world.brokenCarries = [:]
        world.q = world.q.map { $0.map { $0.isFinite ? $0 : 0 } }
        var driver = Driver(.algorithmOne(K: K, D: D), world, order: .shuffledAndSplit(seed: seed))
        let outcome = driver.run()
        let expected = algorithmOne(K: K, D: D, world)
        #expect(outcome.selected?.rollout == expected.rollout)
        #expect(outcome.selected?.q == expected.q)
        #expect(outcome.selected?.candidate.tokens == expected.tokens)
        #expect(outcome.steps == K * D)
        #expect(outcome.rollouts == K)
        #expect(outcome.stopReason == .depth)
        #expect(outcome.falseAlarms == 0)
        #expect(outcome.verified == nil)
    }

    @Test func everyStepOfEveryRolloutHasItsOwnNoise() {
        var search = Search(settings: .algorithmOne(K: 3, D: 2), hasChecker: true)
        var seen: [StepOrder] = []
        while case .step(let orders) = search.next() {
            seen += orders
            for order in orders { search.record(StepReport(q: 0), of: order.rollout) }
        }
        #expect(seen.map(\.rollout) == [0, 1, 2, 0, 1, 2])
        #expect(seen.map { $0.noise?.rollout } == [0, 1, 2, 0, 1, 2])
        #expect(seen.map { $0.noise?.step } == [0, 0, 0, 1, 1, 1])
        #expect(seen.allSatisfy { $0.noise?.target == .zL && $0.noise?.sigma == 0.2 && $0.start == .identity })
    }
}
