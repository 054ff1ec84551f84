package import Puzzles
package import Rollouts

/// One request's search by deduction (LDT): a branch's candidates shrink pass by pass until nothing changes; where that is no
/// answer the branch is split at a cell, and both sides are kept.
///
/// A driver repeats: `next()`; run what it demands; `record` each result, in any order. The search advances in rounds of
/// `width` passes and decides when a round is complete, in order of the branches' numbers, so how the driver batches the
/// passes never shows in the outcome.
package struct DeductionSearch: Sendable {
    package enum Demand: Sendable, Hashable {
        /// One pass of each of these branches. `forks` are to be made before.
        case pass([Pass])
        /// What the rules say of each of these answers.
        case check([Answer])
        case finished(DeductionOutcome)
    }

    /// One pass of one branch.
    package struct Pass: Sendable, Hashable {
        package var branch: Int
        /// Of the view that the search is in.
        package var lattice: Lattice
    }

    /// A settled branch, in the tokens of the puzzle as asked.
    package struct Answer: Sendable, Hashable {
        package var branch: Int
        package var tokens: [Int32]
    }

    /// What a pass gave.
    package struct Report: Sendable, Hashable {
        /// Logits, [cell][token].
        package var impossible: [Float]
        /// The halt logit: whether the branch has a solution.
        package var q: Float
        package var isFinite: Bool

        package init(impossible: [Float], q: Float, isFinite: Bool = true) {
            self.impossible = impossible
            self.q = q
            self.isFinite = isFinite
        }
    }

    enum Phase: Sendable {
        case betweenRounds
        case passing
        case checking
        case finished(DeductionOutcome)
    }

    /// Settings of the search: `deduction`, `seed`, `verify` and `limits.maxSteps`.
    let settings: SearchSettings
    let vocabulary: Int
    let verification: SearchSettings.Verification
    private let root: Lattice
    /// The views in which the search begins anew, in order.
    private let views: [Symmetry]

    var phase = Phase.betweenRounds
    /// The branches that are not done, by number.
    var branches: [Int: Branch] = [:]
    /// The branches of the open round, in order.
    var round: [Int] = []
    var outstanding = 0
    var lastBranch = 0
    var tally = DeductionTally()
    /// How often the search began anew, and the passes until then.
    package private(set) var restarts = 0
    private var passesBefore = 0
    var pendingEnd: EndReason?
    /// Branches to copy before the next round: `from` goes on, and `to` begins with its latents.
    package private(set) var forks: [Fork] = []
    /// Branches that are done.
    var released: [Int] = []

    package struct Fork: Sendable, Hashable {
        package var from: Int
        package var to: Int
    }

    /// - Parameters:
    ///   - root: what may stand where before anything is deduced.
    ///   - views: how the puzzle looks each time that the search begins anew.
    ///   - vocabulary: tokens, and logits for each cell.
    ///   - hasChecker: whether the rules can judge an answer.
    package init(
        root: Lattice, views: [Symmetry] = [], vocabulary: Int, settings: SearchSettings, hasChecker: Bool
    ) {
        self.root = root
        self.views = views
        self.settings = settings
        self.vocabulary = vocabulary
        verification = hasChecker ? settings.verify ?? .require : .off
        branches[0] = Branch(lattice: root)
        tally.branches = 1
    }

    /// Passes and branches so far.
    package var progress: DeductionTally { tally }

    /// Branches that are kept.
    package var keptBranches: Int { branches.count }

    /// The work that the search waits for. Called again before everything is recorded, it repeats what is missing.
    package mutating func next() -> Demand {
        while true {
            switch phase {
            case .betweenRounds: beginRound()
            case .passing:
                if outstanding > 0, pendingEnd == nil { return .pass(missingPasses) }
                closeRound()
            case .checking:
                if outstanding > 0 { return .check(missingAnswers) }
                decide()
            case .finished(let outcome): return .finished(outcome)
            }
        }
    }

    /// Takes the result of a pass; one that is not awaited is ignored.
    package mutating func record(_ report: Report, of branch: Int) {
        guard branches[branch]?.awaited == .report else { return }
        branches[branch]?.awaited = .nothing
        branches[branch]?.report = report
        outstanding -= 1
    }

    /// Takes what the rules say of a branch's answer; a verdict that is not awaited is ignored.
    package mutating func record(_ verdict: Verdict, of branch: Int) {
        guard branches[branch]?.awaited == .verdict else { return }
        branches[branch]?.awaited = .nothing
        branches[branch]?.verdict = verdict
        outstanding -= 1
    }

    /// Ends the search from outside; the first reason given counts.
    package mutating func end(_ reason: EndReason) { pendingEnd = pendingEnd ?? reason }

    /// The branches whose latents are not needed any more, since the last call.
    package mutating func takeReleased() -> [Int] {
        defer { released = [] }
        return released
    }

    /// The branches to be copied, since the last call.
    package mutating func takeForks() -> [Fork] {
        defer { forks = [] }
        return forks
    }

    /// The view that the search is in; nil: the puzzle as asked.
    package var view: Symmetry? { restarts == 0 ? nil : views[restarts - 1] }

    /// Whether it is time to begin anew, and there is another view to do it in.
    var isToRestart: Bool {
        guard restarts < views.count else { return false }
        return branches.isEmpty || settings.deduction.restartAfter.map { tally.passes - passesBefore >= $0 } ?? false
    }

    /// Begins anew: what was deduced in one view, wrongly perhaps, is not taken along to the next.
    mutating func restart() {
        released += branches.keys.sorted()
        restarts += 1
        passesBefore = tally.passes
        lastBranch += 1
        branches = [lastBranch: Branch(lattice: view.map(root.view) ?? root)]
        tally.branches += 1
    }

    /// A branch's tokens, of the puzzle as asked.
    func answer(_ branch: Branch) -> [Int32] { view?.inverse.apply(branch.lattice.tokens) ?? branch.lattice.tokens }

    mutating func fork(_ branch: Int, to other: Int) { forks.append(Fork(from: branch, to: other)) }

    private var missingPasses: [Pass] {
        round.compactMap { number in
            guard let branch = branches[number], branch.awaited == .report else { return nil }
            return Pass(branch: number, lattice: branch.lattice)
        }
    }

    private var missingAnswers: [Answer] {
        round.compactMap { number in
            guard let branch = branches[number], branch.awaited == .verdict else { return nil }
            return Answer(branch: number, tokens: answer(branch))
        }
    }
}
