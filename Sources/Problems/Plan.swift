import Deduction
import Exact
package import Rollouts

/// A request as its searches, one after the other, so that its memory is that of a single one.
///
/// A plan is a value that whoever drives it keeps under its own lock: it starts nothing. Budgets are those of the whole
/// request, so each search gets what the ones before it have left.
///
///     var plan = Plan(searches)
///     while let search = plan.current { plan.record(run(search)) }
///     reply(plan.stopReason, plan.results)
package struct Plan: Sendable {
    /// When the next search follows.
    package enum Course: Sendable, Hashable {
        /// Always, until a budget is used up: each result is a vote.
        case all
        /// When the ones before it have not settled the puzzle: engines, each with a budget of its own beside the times. One
        /// that is asked whether the solution is the only one follows in any case.
        case untilSettled
    }

    package let searches: [PlannedSearch]
    package let course: Course
    /// The results so far, in the order of `searches`.
    package private(set) var results: [SearchResult] = []
    /// Why no search follows though some are left.
    private var ending: StopReason?

    /// - Parameter searches: at least one; the first one's limits are the whole plan's.
    package init(_ searches: [PlannedSearch], course: Course) {
        self.searches = searches
        self.course = course
        if searches.isEmpty { ending = .depth }
    }

    private var limits: SearchSettings.Limits { searches.first?.limits ?? .init() }

    /// The search that runs now or is next, with what is left of the budgets; nil when the plan is done.
    package var current: PlannedSearch? {
        guard ending == nil, results.count < searches.count else { return nil }
        var search = searches[results.count]
        search.limits = limits
        if let most = limits.maxSteps { search.limits.maxSteps = most - steps }
        if let most = limits.timeMs { search.limits.timeMs = most - milliseconds }
        return search
    }

    /// Takes the current search's result.
    package mutating func record(_ result: SearchResult) {
        guard results.count < searches.count else { return }
        results.append(result)
        guard ending == nil else { return }
        if result.stopReason.endsPlan(course) {
            ending = result.stopReason
        } else if results.count < searches.count {
            ending = follows(searches[results.count]) ? usedUp : decisive?.stopReason
        }
    }

    private func follows(_ next: PlannedSearch) -> Bool {
        course == .all || decisive == nil || next.exact?.options.wantsUniqueness == true
    }

    /// Ends the plan from outside: no other search follows the one that runs. What runs last ends by itself, or is ended
    /// by whoever drives it, and keeps the reason of that. False when no search would have followed.
    package mutating func end(_ reason: EndReason) -> Bool {
        guard ending == nil, results.count + 1 < searches.count else { return false }
        ending = reason.stopReason
        return true
    }

    /// A budget that is used up before the next search.
    private var usedUp: StopReason? {
        if course == .all, let most = limits.maxSteps, steps >= most { return .stepLimit }
        if let most = limits.timeMs, milliseconds >= most { return .timeLimit }
        return nil
    }
}

/// What all searches together did.
extension Plan {
    /// Supervision steps of the searches that have ended; a pass of a deduction is one.
    package var steps: Int { results.reduce(0) { $0 + ($1.rollouts?.steps ?? $1.deduction?.tally.passes ?? 0) } }
    /// Branches of searches by deduction.
    package var branches: Int { results.reduce(0) { $0 + ($1.deduction?.tally.branches ?? 0) } }
    /// Rollouts of the searches that have ended.
    package var rollouts: Int { results.reduce(0) { $0 + ($1.rollouts?.rollouts ?? 0) } }
    /// Conflicts of exact searches.
    package var conflicts: Int { results.reduce(0) { $0 + ($1.exact?.conflicts ?? 0) } }
    package var dropped: Int { results.reduce(0) { $0 + ($1.rollouts?.dropped ?? $1.deduction?.tally.dropped ?? 0) } }
    package var falseAlarms: Int {
        results.reduce(0) { $0 + ($1.rollouts?.falseAlarms ?? $1.deduction?.tally.wrong ?? 0) }
    }
    /// Nanoseconds.
    package var queueTime: UInt64 { results.first?.queueTime ?? 0 }
    /// Nanoseconds.
    package var computeTime: UInt64 { results.reduce(0) { $0 + $1.computeTime } }
    /// The halt logits of all rollouts, those of a search behind those of the search before it; nil unless asked for.
    package var trace: [[Float]]? {
        guard searches.first?.rollouts?.records.contains(.trace) == true else { return nil }
        return results.flatMap { $0.rollouts?.trace ?? [] }
    }

    /// The first result that settles the puzzle, of engines; one that is proved before one that nothing has checked.
    package var decisive: SearchResult? {
        guard course == .untilSettled else { return nil }
        let settled = results.filter(\.isSettled)
        return settled.first(where: \.isProved) ?? settled.first
    }

    /// Why the plan ended: an end from outside or of a budget; else of engines what settled the puzzle or the last one's
    /// reason, of votes the reason that all share, or `depth`.
    package var stopReason: StopReason {
        if let ending { return ending }
        if course == .untilSettled { return (decisive ?? results.last)?.stopReason ?? .depth }
        let reasons = Set(results.map(\.stopReason))
        return reasons.count == 1 ? reasons.first ?? .depth : .depth
    }

    /// The engine that `stopReason` is of.
    package var engine: SearchSettings.Engine { (decisive ?? results.last)?.engine ?? .ptrm }

    private var milliseconds: Int { Int(clamping: computeTime / 1_000_000) }
}

extension StopReason {
    /// Whether it leaves no room for further searches. An engine's steps or conflicts are its own.
    fileprivate func endsPlan(_ course: Plan.Course) -> Bool {
        switch self {
        case .timeLimit, .cancelled, .superseded, .shutdown: true
        case .stepLimit: course == .all
        case .qThreshold, .verified, .quorum, .depth, .exact, .noSolution, .conflictLimit, .deduced, .abstained: false
        }
    }
}
