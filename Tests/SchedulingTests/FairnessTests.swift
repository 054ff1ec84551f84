import Rollouts
import Scheduling
import Testing

/// Who is served when, counted on the simulated clock.
@Suite struct FairnessTests {
    /// How long an easy puzzle takes that arrives in the middle of this eighth of a step of the others.
    private static func easyTime(
        workers: Int, beside hard: [SchedulerCore.Submission], steps: Int, client: UInt64, phase: UInt64,
        groupSize: Int = 1
    ) -> UInt64 {
        var simulation = Simulation(workers: workers)
        for var submission in hard {
            submission.groupSize = groupSize
            simulation.submit(submission)
        }
        // The hard ones are in full swing.
        simulation.run(until: 50 * Simulation.stepTime + (2 * phase + 1) * Simulation.stepTime / 16)
        let start = simulation.now
        var easy = SchedulerCore.Submission.job(1000, client: client, K: 4, D: 16) {
            $0.ramp = .init(start: 1, factor: 2, every: 8)
        }
        easy.groupSize = groupSize
        simulation.submit(easy, .init(solver: 0, solvedAfter: steps))
        simulation.run(until: start + 1000 * Simulation.stepTime)
        #expect(simulation.ended[1000]?.outcome?.solved == true)
        return (simulation.endTimes[1000] ?? .max) - start
    }

    /// The bound that small requests live by: with one hard search running, 3 times the time alone, in the mean over
    /// when they arrive; at worst the rest of a step that is under way comes on top.
    @Test(arguments: [1, 2, 4, 8], [1, 2, 3, 8])
    func anEasyPuzzleIsNotStuckBehindAHardOne(workers: Int, steps: Int) {
        let phases = 0..<8 as Range<UInt64>
        for client in [1, 9] as [UInt64] {
            let alone = Self.easyTime(workers: workers, beside: [], steps: steps, client: client, phase: 0)
            let beside = phases.map { phase in
                Self.easyTime(
                    workers: workers, beside: [.job(1, K: 100, D: 64)], steps: steps, client: client, phase: phase)
            }
            // Alone, all workers share its steps; beside a search that keeps all busy it has one of them. So with more
            // than two the bound is on the time without sharing.
            let bound = 3 * (workers <= 2 ? alone : UInt64(steps) * Simulation.stepTime)
            #expect(beside.reduce(0, +) / 8 <= bound, "client \(client): \(beside) ns, alone \(alone)")
            #expect((beside.max() ?? 0) <= bound + Simulation.stepTime, "client \(client): \(beside), alone \(alone)")
        }
    }

    /// Steps in groups do not loosen it for another client, but for the rest of the group that is under way.
    @Test(arguments: [1, 2], [1, 2, 3, 8])
    func aGroupHoldsAnotherClientUpOnce(workers: Int, steps: Int) {
        let size = 3
        let alone = Self.easyTime(workers: workers, beside: [], steps: steps, client: 9, phase: 0, groupSize: size)
        for phase in 0..<8 as Range<UInt64> {
            let beside = Self.easyTime(
                workers: workers, beside: [.job(1, K: 100, D: 64)], steps: steps, client: 9, phase: phase,
                groupSize: size)
            #expect(beside <= 3 * alone + UInt64(size) * Simulation.stepTime, "\(beside) ns, alone \(alone)")
        }
    }

    /// A search that reads out hundreds of rollouts at its end lets others step between.
    @Test func aLongReadOutKeepsNobodyWaiting() {
        var simulation = Simulation(workers: 1)
        let decodes = 400
        // Its only round; then all of them are read out.
        simulation.submit(.job(1, client: 1, K: decodes, D: 1) { $0.stop = .all })
        simulation.run(until: UInt64(decodes) * Simulation.stepTime + Simulation.decodeTime)
        #expect(simulation.ended[1] == nil && simulation.servedJobs[1] == decodes)
        simulation.submit(.job(2, client: 2, K: 1, D: 5))
        simulation.run()
        let readOut = UInt64(decodes) * Simulation.decodeTime
        #expect(readOut > 5 * Simulation.stepTime)
        let (first, second) = (simulation.endTimes[1] ?? 0, simulation.endTimes[2] ?? .max)
        #expect(second < first, "the short one waited for the read-out: \(second) after \(first)")
    }

    /// Steps that take less time together are given out together, but not while there are idle workers for them.
    @Test(arguments: [1, 3, 8])
    func stepsOfALargeModelAreGivenOutInGroups(size: Int) {
        func largest(workers: Int, K: Int) -> Int {
            var simulation = Simulation(workers: workers)
            var submission = SchedulerCore.Submission.job(1, K: K, D: 4)
            submission.groupSize = size
            simulation.submit(submission)
            simulation.run()
            return simulation.largestBatch
        }
        #expect(largest(workers: 1, K: 16) == size)
        #expect(largest(workers: 4, K: 4) == 1)
    }

    @Test(arguments: [2, 3, 5, 16])
    func clientsGetEqualShares(clients: Int) {
        var simulation = Simulation(workers: 2)
        // One client asks for much more than the others.
        for job in 0..<40 as Range<UInt64> { simulation.submit(.job(job, client: 0, K: 16, D: 64)) }
        for client in 1..<UInt64(clients) { simulation.submit(.job(100 + client, client: client, K: 16, D: 64)) }
        simulation.run(until: 400 * Simulation.stepTime)
        let total = simulation.served.values.reduce(0, +)
        for client in 0..<UInt64(clients) {
            let share = Double(simulation.served[client] ?? 0) / Double(total)
            #expect(abs(share * Double(clients) - 1) < 0.1, "client \(client) got \(share)")
        }
    }

    /// Ten points of priority halve what a step costs, between the jobs of a client as between clients.
    @Test(arguments: [(10, 2.0), (20, 4.0), (-10, 0.5), (1000, 64.0)], [1, 2] as [UInt64])
    func priorityBuysAShare(_ bought: (priority: Int, ratio: Double), client: UInt64) {
        let (priority, ratio) = bought
        var simulation = Simulation(workers: 1)
        simulation.submit(.job(1, client: 1, K: 100, D: 1000))
        simulation.submit(.job(2, client: client, priority: priority, K: 100, D: 1000))
        simulation.run(until: 2000 * Simulation.stepTime)
        let found = Double(simulation.servedJobs[2] ?? 0) / Double(max(1, simulation.servedJobs[1] ?? 0))
        #expect(abs(found / ratio - 1) < 0.1, "\(found) instead of \(ratio)")
    }

    /// However many short jobs of any priority its client brings, more than can be done: an old job goes on. At most
    /// `maxActive` - 1 others are active, each of which priority buys up to 64 steps for one; other clients get their
    /// half.
    @Test(arguments: [(0, 1), (50, 32), (1000, 64)])
    func nothingStarves(priority: Int, weight: Int) {
        var simulation = Simulation(workers: 1)
        simulation.submit(.job(1, client: 1, K: 1, D: 30))
        var next: UInt64 = 2
        while simulation.ended[1] == nil, next < 100_000 {
            simulation.submit(.job(next, client: 1, priority: priority, D: 1))
            if next % 3 == 0 { simulation.submit(.job(1_000_000 + next, client: 1 + next, D: 1)) }
            next += 1
            simulation.run(until: simulation.now + Simulation.stepTime)
        }
        #expect(simulation.ended[1]?.outcome?.steps == 30)
        let bound = 30 * 2 * (1 + 7 * weight)
        #expect(simulation.order.count <= bound, "\(simulation.order.count) steps for 30, at most \(bound)")
    }

    /// Beside more urgent searches than there is time for, even in slices or with another model, the least urgent gets a step
    /// each time that it has waited for `patience`.
    @Test(arguments: [0, 1, SchedulerCore.slices])
    func theLeastUrgentGoesOn(model: Int) {
        var simulation = Simulation(workers: 2)
        for client in 1...300 as ClosedRange<UInt64> {
            simulation.submit(.job(client, client: client, priority: 1000, K: 100, D: 100_000))
        }
        let steps = 20
        let low = SchedulerCore.Submission.job(1000, client: 1000, priority: -1000, model: model, K: 1, D: steps)
        simulation.submit(low, .init(solvedAfter: steps))
        let patience = simulation.core.policy.patience
        // Its turn comes with the fourth at the latest.
        simulation.run(until: UInt64(steps) * (patience + 5 * Simulation.stepTime))
        #expect(simulation.ended[1000] != nil, "\(simulation.servedJobs[1000] ?? simulation.slices[1000] ?? 0) steps")
    }

    /// When all of them wait too long, three quarters of the steps still go by priority.
    @Test func urgencyCountsUnderLoad() {
        var simulation = Simulation(workers: 1)
        for client in 1...600 as ClosedRange<UInt64> {
            simulation.submit(.job(client, client: client, priority: client == 1 ? 60 : 0, K: 100, D: 100_000))
        }
        simulation.run(until: 8000 * Simulation.stepTime)
        let share = Double(simulation.servedJobs[1] ?? 0) / 8000
        #expect(share > 0.06, "\(share) of the steps")
        #expect(simulation.servedJobs.count == 600)
    }

    /// Waiting is worth priority: 100 ms for a point.
    @Test func whatWaitsLongGoesFirst() {
        var policy = SchedulerCore.Policy()
        policy.maxActive = 1
        var simulation = Simulation(workers: 1, policy: policy)
        simulation.submit(.job(1, K: 1, D: 10_000))
        simulation.run(until: Simulation.stepTime)
        simulation.submit(.job(2, priority: 0, D: 1))
        simulation.run(until: 950 * Simulation.stepTime)
        // 949 ms later: nine points are less than the wait is worth, ten are more.
        simulation.submit(.job(3, priority: 9, D: 1))
        simulation.submit(.job(4, priority: 10, D: 1))
        simulation.run()
        let times = [2, 3, 4].map { simulation.endTimes[$0] ?? 0 }
        #expect(times[2] < times[0] && times[0] < times[1], "\(times)")
    }

    /// A client without an active job never waits behind other clients' searches.
    @Test func everyClientIsLetIn() {
        var simulation = Simulation(workers: 1)
        for client in 0..<200 as Range<UInt64> { simulation.submit(.job(client, client: client, D: 1000)) }
        #expect(simulation.core.activeJobs == 200)
        simulation.submit(.job(500, client: 0, D: 1))
        #expect(simulation.core.activeJobs == 200)
        #expect(simulation.core.inQueue == 1)
        simulation.run(until: 201 * Simulation.stepTime)
        #expect(simulation.served.count == 200)
    }
}
