import JSON
package import Rollouts

/// `stats`: what the daemon did since it started, over all connections, and what it is doing.
package struct StatsInfo: Sendable, Hashable {
    package var uptimeMs = 0
    /// It shuts down and takes no new work.
    package var draining = false
    /// Open connections.
    package var connections = 0
    /// Lines read that were not blank.
    package var lines = 0
    package var answers = 0
    package var results = 0
    package var errors = 0
    package var warnings = 0
    /// The errors apart; for metrics, not for `stats`.
    package var errorsByCode: [ErrorCode: Int] = [:]
    /// For metrics, not for `stats`.
    package var reloads = Reloads()
    /// Solve requests without a terminal line: those that run and those that wait.
    package var inFlight = 0
    /// Of those, the ones whose search has not begun.
    package var queued = 0
    /// Rollouts of the requests that were answered.
    package var rollouts = 0
    /// Rollouts that have steps left to do in the searches that run.
    package var rolloutsAlive = 0
    /// Supervision steps so far.
    package var steps = 0
    /// Supervision steps per second, over the last seconds.
    package var stepsPerSecond = 0.0
    /// Compute threads.
    package var threads = 0
    /// Share of the compute threads' time that went into steps and candidates, over the last seconds; 0...1.
    package var batchOccupancy = 0.0
    /// From a solve line's arrival to its answer.
    package var latency = Latency()
    /// Conflicts of exact search, of the requests that were answered.
    package var conflicts = 0
    /// By engine: whose stop reasons the answers have.
    package var engines = SearchSettings.Engine.allCases.map(Engine.init)
    /// By profile, in the order of the profile file.
    package var profiles: [Profile] = []

    /// By profile, those whose verifier was asked something.
    package var verifiers: [Verifier] = []

    /// What one profile's verifier did.
    package struct Verifier: Sendable, Hashable {
        package var profile: String
        package var verdicts = 0
        /// Questions that got no verdict.
        package var unanswered = 0
        /// Processes started.
        package var starts = 0
        /// Processes that run.
        package var running = 0
        /// Questions that wait.
        package var waiting = 0
        /// What its processes did wrong, by the fault's name; every fault is there.
        package var faults: [(name: String, count: Int)] = []

        package init(profile: String) { self.profile = profile }

        package static func == (left: Self, right: Self) -> Bool { left.members == right.members }
        package func hash(into hasher: inout Hasher) { hasher.combine(members) }

        var members: JSONObject {
            var kinds = JSONObject()
            for fault in faults { kinds[fault.name] = JSON(count: fault.count) }
            return [
                "verdicts": JSON(count: verdicts), "unanswered": JSON(count: unanswered),
                "starts": JSON(count: starts), "running": JSON(count: running), "waiting": JSON(count: waiting),
                "faults": .object(kinds),
            ]
        }
    }

    /// Readings of profiles and models after the first.
    package struct Reloads: Sendable, Hashable {
        package var done = 0
        package var failed = 0
        /// The file that was read last is not what is in force.
        package var hasLastFailed = false

        package init() {}
    }

    /// The results of one profile's requests.
    package struct Profile: Sendable, Hashable {
        package var name: String
        package var solved = 0
        package var unsolved = 0
        package var falseAlarms = 0
        package var rollouts = 0
        package var steps = 0
        package var latency = Latency()

        package init(name: String) { self.name = name }
    }

    /// The answers of one engine.
    package struct Engine: Sendable, Hashable {
        package var engine: SearchSettings.Engine
        package var solved = 0
        package var unsolved = 0

        package init(_ engine: SearchSettings.Engine) { self.engine = engine }
    }

    /// Quantiles of a duration in milliseconds.
    package struct Latency: Sendable, Hashable {
        /// How many durations; the quantiles mean nothing when 0.
        package var count = 0
        /// All durations together.
        package var sumMs = 0.0
        package var p50Ms = 0.0
        package var p90Ms = 0.0
        package var p99Ms = 0.0
        package var maxMs = 0.0

        package init() {}
    }

    package init() {}

    var members: JSONObject {
        var byProfile = JSONObject()
        for profile in profiles { byProfile[profile.name] = .object(profile.members) }
        var byEngine = JSONObject()
        for engine in engines {
            byEngine[engine.engine.rawValue] = [
                "solved": JSON(count: engine.solved), "unsolved": JSON(count: engine.unsolved),
            ]
        }
        var members: JSONObject = [
            "uptime_ms": JSON(count: uptimeMs), "draining": .bool(draining), "connections": JSON(count: connections),
            "lines": JSON(count: lines), "answers": JSON(count: answers), "results": JSON(count: results),
            "errors": JSON(count: errors), "warnings": JSON(count: warnings), "in_flight": JSON(count: inFlight),
            "queued": JSON(count: queued), "rollouts": JSON(count: rollouts),
            "rollouts_alive": JSON(count: rolloutsAlive), "steps": JSON(count: steps),
            "steps_per_second": JSON(thousandths: stepsPerSecond), "threads": JSON(count: threads),
            "batch_occupancy": JSON(thousandths: batchOccupancy), "latency_ms": latency.json,
            "conflicts": JSON(count: conflicts), "engines": .object(byEngine), "profiles": .object(byProfile),
        ]
        if !verifiers.isEmpty {
            var byVerifier = JSONObject()
            for verifier in verifiers { byVerifier[verifier.profile] = .object(verifier.members) }
            members["verifiers"] = .object(byVerifier)
        }
        return members
    }
}

extension StatsInfo.Profile {
    var members: JSONObject {
        [
            "solved": JSON(count: solved), "unsolved": JSON(count: unsolved),
            "false_alarms": JSON(count: falseAlarms), "rollouts": JSON(count: rollouts), "steps": JSON(count: steps),
            "latency_ms": latency.json,
        ]
    }
}

extension StatsInfo.Latency {
    /// Null as long as there is none.
    var json: JSON {
        guard count > 0 else { return .null }
        return [
            "p50": JSON(milliseconds: p50Ms), "p90": JSON(milliseconds: p90Ms), "p99": JSON(milliseconds: p99Ms),
            "max": JSON(milliseconds: maxMs),
        ]
    }
}
