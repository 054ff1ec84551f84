package import JSON

/// The methods that take no fields but `id` and `method`, in the order in which an error lists them.
///
/// CONTRIBUTING.md lists what else belongs to a new one.
package enum ControlMethod: String, Sendable, CaseIterable {
    case cancelAll = "cancel_all"
    case ping, version, models, profiles, tasks, stats, reload
}

/// What a control request is answered with: the members from `method` on.
///
///     Reply(id: id, line: 4, .result(.cancel(true)))  // {"type":"result",...,"method":"cancel","cancelled":true}
package struct ControlResult: Sendable, Hashable {
    package let method: Request.Method
    /// `method` and what follows it.
    let members: JSONObject

    private init(_ method: Request.Method, _ members: JSONObject = [:]) {
        self.method = method
        self.members = members.reduce(into: ["method": .string(method.name)]) { $0[$1.key] = $1.value }
    }

    /// Whether a request was ended; false when none with that id was in flight.
    package static func cancel(_ cancelled: Bool) -> ControlResult {
        ControlResult(.cancel, ["cancelled": .bool(cancelled)])
    }

    /// How many requests were ended.
    package static func cancelAll(_ count: Int) -> ControlResult {
        ControlResult(.control(.cancelAll), ["cancelled": JSON(count: count)])
    }

    /// That it is answered is the answer.
    package static let ping = ControlResult(.control(.ping))

    package static func version(_ info: VersionInfo) -> ControlResult {
        ControlResult(.control(.version), info.members)
    }

    package static func models(_ models: [ModelInfo]) -> ControlResult {
        ControlResult(.control(.models), ["models": .array(models.map { .object($0.members) })])
    }

    package static func profiles(_ profiles: [ProfileInfo]) -> ControlResult {
        ControlResult(.control(.profiles), ["profiles": .array(profiles.map { .object($0.members) })])
    }

    /// - Parameter settings: the JSON Schema of each setting that a request may override, with its default.
    package static func tasks(_ tasks: [TaskInfo], settings: JSONObject) -> ControlResult {
        ControlResult(
            .control(.tasks),
            ["tasks": .array(tasks.map { .object($0.members) }), "settings": .object(settings)])
    }

    package static func stats(_ stats: StatsInfo) -> ControlResult {
        ControlResult(.control(.stats), ["stats": .object(stats.members)])
    }

    package static func reload(_ info: ReloadInfo) -> ControlResult {
        ControlResult(.control(.reload), info.members)
    }
}
