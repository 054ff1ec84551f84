import Puzzles
import Randomness
import Rollouts
import Testing

/// A made-up model and a puzzle that can be partly solved: a board of 4x4 whose position 0 holds a clue. What a rollout answers
/// is drawn anew after each step, from the seed, its number and the step alone.
struct PartialWorld {
    static let board = PartialBoard(side: 4, open: Array(1..<16), values: [5, 6])

    var seed: UInt64 = 0
    /// The first rollout and step (from 1) whose answer keeps the rules; nil: none ever does.
    var solver: (rollout: Int, step: Int)?
    /// Rollouts whose first step is not finite.
    var broken: Set<Int> = []

    func report(rollout: Int, step: Int) -> StepReport {
        var random = SplitMix(seed: seed &+ UInt64(rollout) &* 1000 &+ UInt64(step))
        return StepReport(q: Float(random.within(-8...(-1))) / 2, isFinite: !(step == 0 && broken.contains(rollout)))
    }

    func candidate(rollout: Int, steps: Int) -> Candidate {
        var random = SplitMix(seed: ~seed &+ UInt64(rollout) &* 1000 &+ UInt64(steps))
        let tokens = (0..<16).map { $0 == 0 ? 1 : Int32(5 + random.below(2)) }
        let margins = CellMargins(
            runnersUp: tokens.map { $0 == 5 ? 6 : 5 }, margins: (0..<16).map { _ in Float(random.unit() * 12) })
        if let solver, rollout == solver.rollout, steps >= solver.step {
            return Candidate(tokens: tokens, verdict: .valid, meanTop1: 0.9, margins: margins)
        }
        let rules = (0...random.below(3)).map { number in
            BrokenRule(rule: "rule_\(number)", cells: [Cell(random.below(4), random.below(4))])
        }
        return Candidate(
            tokens: tokens,
            verdict: .broken(rule: rules[0].rule, cells: rules[0].cells, others: Array(rules.dropFirst())),
            meanTop1: 0.5,
            margins: margins)
    }
}

/// Runs a search in such a world.
struct PartialRun {
    var outcome: SearchOutcome
    /// The rollouts of each round.
    var rounds: [[Int]] = []
    /// What each rollout started from, and how many steps it did.
    var starts: [Int: RolloutStart] = [:]
    var steps: [Int: Int] = [:]
    /// What `resampling` copied.
    var copies: [Search.Copy] = []
    var mostAlive = 0
    var peakAlive = 0

    /// - Parameter shuffle: records results in a random order and in parts; nil: as demanded.
    init(
        _ settings: SearchSettings, _ world: PartialWorld, board: PartialBoard? = PartialWorld.board,
        records: SearchRecords = [], shuffle: UInt64? = nil
    ) {
        var search = Search(settings: settings, hasChecker: true, records: records, board: board)
        var random = shuffle.map { SplitMix(seed: $0) }
        func part<Item>(_ items: [Item]) -> [Item] {
            guard var generator = random else { return items }
            defer { random = generator }
            return Array(generator.shuffled(items).prefix(generator.within(1...items.count)))
        }
        peakAlive = search.peakAlive
        var begun: Set<[Int]> = []
        while true {
            switch search.next() {
            case .step(let orders):
                copies += search.takeCopies()
                if begun.isDisjoint(with: [orders.map { $0.rollout * 10_000 + $0.step }]), shuffle == nil {
                    rounds.append(orders.map(\.rollout))
                    begun = [orders.map { $0.rollout * 10_000 + $0.step }]
                }
                mostAlive = max(mostAlive, orders.count)
                for order in part(orders) {
                    // A rollout keeps what it started from, or what the one did that it goes on from.
                    #expect(settings.resampling != nil || starts[order.rollout].map { $0 == order.start } ?? true)
                    starts[order.rollout] = order.start
                    steps[order.rollout, default: 0] += 1
                    search.record(world.report(rollout: order.rollout, step: order.step), of: order.rollout)
                }
            case .decode(let rollouts):
                for k in part(rollouts) {
                    search.record(world.candidate(rollout: k, steps: steps[k] ?? 0), of: k)
                }
            case .finished(let outcome):
                self.outcome = outcome
                return
            }
            _ = search.takeReleased()
        }
    }

    var names: [String] { (0..<starts.count).map { starts[$0]?.name ?? "?" } }
}
