import Deduction
import Puzzles
import Randomness
import Rollouts

/// Plays the model and the rules for a search, records what it orders in any order, and watches the latents' bookkeeping.
struct Driver {
    /// What the model says of a lattice.
    var model: (Lattice) -> DeductionSearch.Report
    var rules: ([Int32]) -> Verdict = { _ in .valid }
    /// Shuffles the results of a round.
    var order: SplitMix?
    /// Called before each round of passes; may end the search.
    var before: (inout DeductionSearch) -> Void = { _ in }

    struct Log {
        var outcome: DeductionOutcome
        /// Branches of each round.
        var rounds: [[Int]]
        var mostKept: Int
        /// Passes of branches that had no latents, and forks from such.
        var lost: [Int]
    }

    mutating func run(_ search: DeductionSearch) -> Log {
        var search = search
        var log = Log(
            outcome: DeductionOutcome(stopReason: .depth, selected: nil, tally: DeductionTally()), rounds: [],
            mostKept: 0,
            lost: [])
        var latents: Set<Int> = [0]
        var restarts = 0
        while true {
            let demand = search.next()
            // A search that begins anew has one branch, whose latents are fresh.
            if case .pass(let passes) = demand, search.restarts > restarts {
                latents.formUnion(passes.map(\.branch))
                restarts = search.restarts
            }
            for fork in search.takeForks() {
                if !latents.contains(fork.from) { log.lost.append(fork.from) }
                latents.insert(fork.to)
            }
            latents.subtract(search.takeReleased())
            log.mostKept = max(log.mostKept, latents.count)
            switch demand {
            case .finished(let outcome):
                log.outcome = outcome
                return log
            case .check(let answers):
                for answer in shuffled(answers) { search.record(rules(answer.tokens), of: answer.branch) }
            case .pass(let passes):
                log.rounds.append(passes.map(\.branch))
                log.lost += passes.map(\.branch).filter { !latents.contains($0) }
                for pass in shuffled(passes) { search.record(model(pass.lattice), of: pass.branch) }
                before(&search)
            }
        }
    }

    private mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        guard var random = order else { return elements }
        defer { order = random }
        return random.shuffled(elements)
    }
}

/// A model of latin squares of side 3 (tokens 0 to 2) that knows one rule: what stands alone in a cell stands nowhere else in
/// its row and column. Its halt logit is low where it sees two equal neighbours.
func latinModel(_ lattice: Lattice) -> DeductionSearch.Report {
    var logits = [Float](repeating: -5, count: 27)
    var q: Float = 2
    for cell in 0..<9 where lattice.cells[cell].nonzeroBitCount == 1 {
        let token = lattice.cells[cell].trailingZeroBitCount
        for other in 0..<9 where other != cell && (other / 3 == cell / 3 || other % 3 == cell % 3) {
            logits[other * 3 + token] = 8
            if lattice.cells[other] == lattice.cells[cell] { q = -2 }
        }
    }
    return .init(impossible: logits, q: q)
}

func latinVerdict(_ tokens: [Int32]) -> Verdict {
    for line in 0..<3 {
        let row = Set((0..<3).map { tokens[line * 3 + $0] })
        let column = Set((0..<3).map { tokens[$0 * 3 + line] })
        if row.count < 3 || column.count < 3 { return .broken(rule: "twice", cells: []) }
    }
    return .valid
}

let openSquare = Lattice(cells: [UInt64](repeating: 0b111, count: 9))

func search(
    _ root: Lattice = openSquare, views: [Symmetry] = [], hasChecker: Bool = true,
    _ change: (inout SearchSettings) -> Void = { _ in }
) -> DeductionSearch {
    var settings = SearchSettings()
    change(&settings)
    return DeductionSearch(
        root: root, views: views, vocabulary: 3, settings: settings, hasChecker: hasChecker)
}
