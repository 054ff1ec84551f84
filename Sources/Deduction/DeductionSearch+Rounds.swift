import Puzzles
import Rollouts

/// Choosing the branches of a round, and what its passes lead to.
extension DeductionSearch {
    private var remainingPasses: Int { settings.limits.maxSteps.map { max(0, $0 - tally.passes) } ?? .max }

    mutating func beginRound() {
        // The ends that are the same on every run come before those that depend on the clock.
        let isToRestart = isToRestart
        if branches.isEmpty, !isToRestart { return finish(.abstained) }
        if remainingPasses == 0 { return finish(.stepLimit) }
        if let pendingEnd { return finish(pendingEnd.stopReason) }
        if isToRestart { restart() }
        round = first(min(max(1, settings.deduction.width), remainingPasses))
        for number in round { branches[number]?.awaited = .report }
        outstanding = round.count
        phase = .passing
    }

    /// The branches that go on, in order of their numbers.
    private func first(_ count: Int) -> [Int] {
        guard branches.count > count else { return branches.keys.sorted() }
        let precedes: (Dictionary<Int, Branch>.Element, Dictionary<Int, Branch>.Element) -> Bool =
            switch settings.deduction.order {
            case .depthFirst:
                { ($1.value.depth, $0.key) < ($0.value.depth, $1.key) }
            case .bestFirst:
                { $0.value.q == $1.value.q ? $0.key < $1.key : $0.value.q > $1.value.q }
            }
        return branches.sorted(by: precedes).prefix(count).map(\.key).sorted()
    }

    /// Takes the round's passes over, in order, and asks what the rules say of answers.
    mutating func closeRound() {
        let isComplete = outstanding == 0
        outstanding = 0
        for number in round { take(number) }
        if !isComplete, let pendingEnd { return finish(pendingEnd.stopReason) }
        round = round.filter { branches[$0]?.lattice.isSettled == true }
        if verification != .off {
            for number in round { branches[number]?.awaited = .verdict }
            outstanding = round.count
        }
        phase = .checking
    }

    /// What one pass changes: candidates go, and the branch ends in a contradiction or is split where nothing went.
    private mutating func take(_ number: Int) {
        guard var branch = branches[number] else { return }
        branch.awaited = .nothing
        defer { if branches[number] != nil { branches[number] = branch } }
        guard let report = branch.report else { return }
        branch.report = nil
        tally.passes += 1
        guard report.isFinite, report.q.isFinite else {
            tally.dropped += 1
            return remove(number)
        }
        branch.q = report.q
        let gone = branch.lattice.project(
            report.impossible, vocabulary: vocabulary, threshold: settings.deduction.threshold)
        tally.eliminations += gone.count
        for logit in gone { branch.doubt += Branch.doubt(ofLogit: logit) }
        branch.still = gone.isEmpty ? branch.still + 1 : 0
        if branch.lattice.isContradictory {
            tally.contradictions += 1
            return remove(number)
        }
        guard !branch.lattice.isSettled, branch.still >= max(1, settings.deduction.still) else { return }
        guard
            let choice = branch.lattice.choice(
                report.impossible, vocabulary: vocabulary, temperature: settings.deduction.temperature,
                seed: settings.seed, branch: number)
        else { return }
        split(number, branch, at: choice)
    }

    /// Two branches in the place of one. The side that has the candidate comes first in the order of numbers.
    private mutating func split(_ number: Int, _ branch: Branch, at choice: Choice) {
        let (with, without) = branch.lattice.split(at: choice)
        let first = lastBranch + 1
        lastBranch += 2
        branches[first] = branch.child(with, doubt: Double(-choice.logShare))
        branches[first + 1] = branch.child(without, doubt: Branch.doubt(ofOther: choice.logShare))
        fork(number, to: first)
        fork(number, to: first + 1)
        tally.branches += 2
        tally.depth = max(tally.depth, branch.depth + 1)
        remove(number)
    }

    /// Ends at the first answer that stands; a wrong one ends its branch.
    mutating func decide() {
        for number in round {
            guard let branch = branches[number] else { continue }
            let isRight = branch.verdict.isRight
            if isRight == false { tally.wrong += 1 }
            if isRight != false || verification == .report {
                return finish(.deduced, answer: branch)
            }
            remove(number)
        }
        round = []
        phase = .betweenRounds
    }

    private mutating func remove(_ number: Int) {
        branches[number] = nil
        released.append(number)
    }

    private mutating func finish(_ reason: StopReason, answer: Branch? = nil) {
        let selected = answer.map {
            DeductionOutcome.Selected(
                tokens: self.answer($0), verdict: $0.verdict, q: $0.margin, depth: $0.depth)
        }
        released += branches.keys.sorted()
        branches = [:]
        phase = .finished(DeductionOutcome(stopReason: reason, selected: selected, tally: tally))
    }
}
