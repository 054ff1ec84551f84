import Randomness
import Rollouts
import Testing

/// Plays the scheduler for a search: runs what is demanded in a made-up world, in an order of its own, and checks what
/// must hold in every search.
struct Driver {
    /// How a demand's results are recorded.
    enum Order {
        case inOrder
        /// Shuffled, with `next()` called again at random places in between.
        case shuffledAndSplit(seed: UInt64)
    }

    let world: World
    var search: Search
    /// The rollouts of each round, as demanded.
    private(set) var rounds: [[Int]] = []
    private(set) var decoded: [[Int]] = []
    private(set) var released: [Int] = []
    private var stepsDone: [Int: Int] = [:]
    private var generator: SplitMix?

    init(
        _ settings: SearchSettings, _ world: World, hasChecker: Bool = true, records: SearchRecords = [],
        maxAlive: Int = .max, order: Order = .inOrder
    ) {
        self.world = world
        search = Search(settings: settings, hasChecker: hasChecker, records: records, maxAlive: maxAlive)
        if case .shuffledAndSplit(let seed) = order { generator = SplitMix(seed: seed) }
    }

    /// Runs to the end. `interrupt` is asked before each record of a step whether the search is to be ended first; the
    /// steps not recorded then are abandoned.
    mutating func run(interrupt: (_ recorded: Int) -> EndReason? = { _ in nil }) -> SearchOutcome {
        var recorded = 0
        while true {
            switch search.next() {
            case .step(let orders):
                checkRound(orders)
                for order in work(orders) {
                    if let reason = interrupt(recorded) {
                        search.end(reason)
                        break
                    }
                    stepsDone[order.rollout, default: 0] += 1
                    recorded += 1
                    search.record(
                        world.report(rollout: order.rollout, step: order.step), of: order.rollout)
                }
            case .decode(let rollouts):
                #expect(!rollouts.isEmpty)
                #expect(rollouts == rollouts.sorted() && Set(rollouts).count == rollouts.count)
                #expect(Set(rollouts).isDisjoint(with: released), "a released carry is decoded")
                decoded.append(rollouts)
                for k in work(rollouts) {
                    search.record(world.candidate(rollout: k, steps: stepsDone[k] ?? 0), of: k)
                }
            case .finished(let outcome):
                takeReleased()
                checkOutcome(outcome, recorded: recorded)
                return outcome
            }
            takeReleased()
        }
    }

    /// The part of the work that is done before `next()` is called again.
    private mutating func work<Item>(_ items: [Item]) -> ArraySlice<Item> {
        guard var generator else { return items[...] }
        defer { self.generator = generator }
        let count = Int.random(in: 1...items.count, using: &generator)
        return items.shuffled(using: &generator).prefix(count)
    }

    private mutating func takeReleased() {
        released += search.takeReleased()
        #expect(Set(released).count == released.count, "a carry is released twice")
    }

    private mutating func checkRound(_ orders: [StepOrder]) {
        let settings = search.settings
        let ks = orders.map(\.rollout)
        #expect(!ks.isEmpty)
        #expect(zip(ks, ks.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ks.allSatisfy { $0 >= 0 && $0 < settings.K })
        #expect(Set(ks).isDisjoint(with: released), "a finished rollout is stepped")
        for order in orders {
            #expect(order.step == stepsDone[order.rollout] ?? 0)
            #expect(order.step < settings.D)
        }
        #expect(stepsDone.values.reduce(0, +) + orders.count <= settings.limits.maxSteps ?? .max)
        #expect(orders.count <= search.peakAlive)
        rounds.append(ks)
    }

    private func checkOutcome(_ outcome: SearchOutcome, recorded: Int) {
        let settings = search.settings
        #expect(outcome.steps == recorded)
        #expect(outcome.steps <= settings.limits.maxSteps ?? .max)
        #expect(outcome.rollouts == stepsDone.count)
        #expect(outcome.rollouts <= settings.K)
        #expect((outcome.selected == nil) == (outcome.rollouts == outcome.dropped))
        guard let selected = outcome.selected else {
            #expect(!outcome.solved && outcome.verified == nil)
            return
        }
        // The answer is the one that the rollout's last step gave, with that step's q.
        #expect(selected.steps == stepsDone[selected.rollout])
        #expect(selected.q == world.q[selected.rollout][selected.steps - 1])
        #expect(
            selected.candidate.tokens == world.candidate(rollout: selected.rollout, steps: selected.steps).tokens)
        if outcome.verified == false { #expect(!outcome.solved) }
        if outcome.verified == true { #expect(outcome.solved) }
    }
}
