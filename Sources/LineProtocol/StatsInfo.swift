import JSON

/// `stats`: what the daemon did since it started, over all connections.
package struct StatsInfo: Sendable, Hashable {
    package var uptimeMs = 0
    /// Lines read that were not blank.
    package var lines = 0
    package var answers = 0
    package var results = 0
    package var errors = 0
    package var warnings = 0
    /// Solve requests without a terminal line: those that run and those that wait.
    package var inFlight = 0
    /// Of those, the ones whose search has not begun.
    package var queued = 0
    /// Rollouts of the requests that were answered.
    package var rollouts = 0
    /// Supervision steps so far.
    package var steps = 0
    /// By profile, in the order of the profile file.
    package var profiles: [Profile] = []

    /// What one profile's requests came to.
    package struct Profile: Sendable, Hashable {
        package var name: String
        package var solved = 0
        package var unsolved = 0
        package var falseAlarms = 0
        package var rollouts = 0
        package var steps = 0

        package init(name: String) { self.name = name }
    }

    package init() {}

    var members: JSONObject {
        var byProfile = JSONObject()
        for profile in profiles { byProfile[profile.name] = .object(profile.members) }
        return [
            "uptime_ms": JSON(count: uptimeMs), "lines": JSON(count: lines), "answers": JSON(count: answers),
            "results": JSON(count: results), "errors": JSON(count: errors), "warnings": JSON(count: warnings),
            "in_flight": JSON(count: inFlight), "queued": JSON(count: queued), "rollouts": JSON(count: rollouts),
            "steps": JSON(count: steps), "profiles": .object(byProfile),
        ]
    }
}

extension StatsInfo.Profile {
    var members: JSONObject {
        [
            "solved": JSON(count: solved), "unsolved": JSON(count: unsolved),
            "false_alarms": JSON(count: falseAlarms), "rollouts": JSON(count: rollouts), "steps": JSON(count: steps),
        ]
    }
}
