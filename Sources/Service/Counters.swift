import CoreMetrics
import LineProtocol
import Rollouts
import Scheduling
import Synchronization
import Threading

/// What the service did since its start, for `stats`.
final class Counters: Sendable {
    enum Event: Sendable { case lines, results, warnings }

    private struct State {
        var answers = 0
        var errors: [ErrorCode: Int] = [:]
        var reloads = StatsInfo.Reloads()
        var rollouts = 0
        var conflicts = 0
        var engines = SearchSettings.Engine.allCases.map(StatsInfo.Engine.init)
        var latency = LatencyHistogram()
        var profiles: [String: Profile] = [:]
    }

    private struct Profile {
        var info: StatsInfo.Profile
        var latency = LatencyHistogram()
        /// The same durations for whoever collects metrics.
        let timer: Timer

        init(name: String) {
            info = .init(name: name)
            timer = Timer(label: "ptrmd_request_duration_seconds", dimensions: [("profile", name)])
        }
    }

    private let lines = Atomic<Int>(0)
    private let results = Atomic<Int>(0)
    private let warnings = Atomic<Int>(0)
    private let inFlight = Atomic<Int>(0)
    private let monitor = Monitor(State())
    private let started = MonotonicClock.now

    func count(_ event: Event) {
        switch event {
        case .lines: lines.add(1, ordering: .relaxed)
        case .results: results.add(1, ordering: .relaxed)
        case .warnings: warnings.add(1, ordering: .relaxed)
        }
    }

    /// Counts an error line.
    func count(_ error: ErrorCode) { monitor.withLock { state in state.errors[error, default: 0] += 1 } }

    /// Counts a reading of profiles and models after the first.
    func count(reload isDone: Bool) {
        monitor.withLock { state in
            if isDone { state.reloads.done += 1 } else { state.reloads.failed += 1 }
            state.reloads.hasLastFailed = !isDone
        }
    }

    /// Solve requests that came in or, when negative, left.
    func solves(_ change: Int) { inFlight.add(change, ordering: .relaxed) }

    /// Counts an answer under its profile.
    /// - Parameter latency: nanoseconds from the line's arrival.
    func count(_ answer: AnswerReply, latency: UInt64) {
        monitor.withLock { state in
            state.answers += 1
            state.rollouts += answer.rollouts
            state.conflicts += answer.conflicts
            if let engine = state.engines.firstIndex(where: { $0.engine == answer.engine }) {
                if answer.status == .solved {
                    state.engines[engine].solved += 1
                } else {
                    state.engines[engine].unsolved += 1
                }
            }
            state.latency.add(nanoseconds: latency)
            var profile =
                state.profiles.removeValue(forKey: answer.profile) ?? Profile(name: answer.profile)
            if answer.status == .solved { profile.info.solved += 1 } else { profile.info.unsolved += 1 }
            profile.info.falseAlarms += answer.falseAlarms
            profile.info.rollouts += answer.rollouts
            profile.info.steps += answer.steps
            profile.latency.add(nanoseconds: latency)
            profile.timer.recordNanoseconds(Int64(clamping: latency))
            state.profiles[answer.profile] = profile
        }
    }

    /// The counters, with the profiles named in `order` (zeros where nothing was asked yet) and the scheduler's load.
    func snapshot(order: [String], load: Scheduler.Load) -> StatsInfo {
        var stats = StatsInfo()
        stats.uptimeMs = Int((MonotonicClock.now - started) / 1_000_000)
        stats.lines = lines.load(ordering: .relaxed)
        stats.results = results.load(ordering: .relaxed)
        stats.warnings = warnings.load(ordering: .relaxed)
        stats.inFlight = inFlight.load(ordering: .relaxed)
        stats.queued = load.queued
        stats.rolloutsAlive = load.rolloutsAlive
        stats.steps = load.steps
        stats.stepsPerSecond = load.stepsPerSecond
        stats.batchOccupancy = load.occupancy
        monitor.withLock { state in
            stats.answers = state.answers
            stats.errors = state.errors.values.reduce(0, +)
            stats.errorsByCode = state.errors
            stats.reloads = state.reloads
            stats.rollouts = state.rollouts
            stats.conflicts = state.conflicts
            stats.engines = state.engines
            stats.latency = state.latency.summary
            stats.profiles = order.map { name in
                guard let profile = state.profiles[name] else { return StatsInfo.Profile(name: name) }
                var info = profile.info
                info.latency = profile.latency.summary
                return info
            }
        }
        return stats
    }
}
