import LineProtocol
import Scheduling
import Threading

/// What the service did since its start, for `stats`.
final class Counters: Sendable {
    enum Event: Sendable { case lines, errors, results, warnings }

    private struct State {
        var stats = StatsInfo()
        var profiles: [String: StatsInfo.Profile] = [:]
    }

    private let monitor = Monitor(State())
    private let started = MonotonicClock.now

    func count(_ event: Event) {
        monitor.withLock { state in
            switch event {
            case .lines: state.stats.lines += 1
            case .errors: state.stats.errors += 1
            case .results: state.stats.results += 1
            case .warnings: state.stats.warnings += 1
            }
        }
    }

    /// Counts an answer under its profile.
    func count(_ answer: AnswerReply) {
        monitor.withLock { state in
            state.stats.answers += 1
            state.stats.rollouts += answer.rollouts
            var profile = state.profiles[answer.profile] ?? StatsInfo.Profile(name: answer.profile)
            if answer.status == .solved { profile.solved += 1 } else { profile.unsolved += 1 }
            profile.falseAlarms += answer.falseAlarms
            profile.rollouts += answer.rollouts
            profile.steps += answer.steps
            state.profiles[answer.profile] = profile
        }
    }

    /// The counters, with the profiles named in `order` (zeros where nothing was asked yet) and the scheduler's load.
    func snapshot(order: [String], load: Scheduler.Load) -> StatsInfo {
        monitor.withLock { state in
            var stats = state.stats
            stats.uptimeMs = Int((MonotonicClock.now - started) / 1_000_000)
            stats.inFlight = load.queued + load.active
            stats.queued = load.queued
            stats.steps = load.steps
            stats.profiles = order.map { state.profiles[$0] ?? StatsInfo.Profile(name: $0) }
            return stats
        }
    }
}
