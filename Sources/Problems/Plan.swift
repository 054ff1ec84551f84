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
    }

    package let searches: [PlannedSearch]
    package let course: Course
    /// The results so far, in the order of `searches`.
    package private(set) var results: [SearchResult] = []
    /// Why no search follows though some are left.
    private var ending: StopReason?

    /// - Parameter searches: at least one; the first one's limits are the whole plan's.
    package init(_ searches: [PlannedSearch], course: Course = .all) {
        self.searches = searches
        self.course = course
        if searches.isEmpty { ending = .depth }
    }

    private var limits: SearchSettings.Limits { searches.first?.settings.limits ?? .init() }

    /// The search that runs now or is next, with what is left of the budgets; nil when the plan is done.
    package var current: PlannedSearch? {
        guard ending == nil, results.count < searches.count else { return nil }
        var search = searches[results.count]
        search.settings.limits = limits
        if let most = limits.maxSteps { search.settings.limits.maxSteps = most - steps }
        if let most = limits.timeMs { search.settings.limits.timeMs = most - milliseconds }
        return search
    }

    /// Takes the current search's result.
    package mutating func record(_ result: SearchResult) {
        guard results.count < searches.count else { return }
        results.append(result)
        guard ending == nil else { return }
        if result.outcome.stopReason.endsPlan {
            ending = result.outcome.stopReason
        } else if results.count < searches.count {
            ending = usedUp
        }
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
        if let most = limits.maxSteps, steps >= most { return .stepLimit }
        if let most = limits.timeMs, milliseconds >= most { return .timeLimit }
        return nil
    }
}

/// What all searches together did.
extension Plan {
    /// Supervision steps of the searches that have ended.
    package var steps: Int { results.reduce(0) { $0 + $1.outcome.steps } }
    /// Rollouts of the searches that have ended.
    package var rollouts: Int { results.reduce(0) { $0 + $1.outcome.rollouts } }
    package var dropped: Int { results.reduce(0) { $0 + $1.outcome.dropped } }
    package var falseAlarms: Int { results.reduce(0) { $0 + $1.outcome.falseAlarms } }
    /// Nanoseconds.
    package var queueTime: UInt64 { results.first?.queueTime ?? 0 }
    /// Nanoseconds.
    package var computeTime: UInt64 { results.reduce(0) { $0 + $1.computeTime } }
    /// The halt logits of all rollouts, those of a search behind those of the search before it; nil unless asked for.
    package var trace: [[Float]]? {
        guard searches.first?.records.contains(.trace) == true else { return nil }
        return results.flatMap { $0.outcome.trace ?? [] }
    }

    /// Why the plan ended: an end from outside or of a budget; else the reason that all its searches share, or `depth`.
    package var stopReason: StopReason {
        if let ending { return ending }
        let reasons = Set(results.map(\.outcome.stopReason))
        return reasons.count == 1 ? reasons.first ?? .depth : .depth
    }

    private var milliseconds: Int { Int(clamping: computeTime / 1_000_000) }
}

extension StopReason {
    /// Whether it leaves no room for further searches.
    fileprivate var endsPlan: Bool {
        switch self {
        case .stepLimit, .timeLimit, .cancelled, .superseded, .shutdown: true
        case .qThreshold, .verified, .quorum, .depth: false
        }
    }
}
