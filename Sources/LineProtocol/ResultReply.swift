import JSON

/// What a control request came to.
package struct ResultReply: Sendable, Hashable {
    package var id: RequestID?
    package var line: Int
    package var result: ControlResult

    package init(id: RequestID?, line: Int, _ result: ControlResult) {
        self.id = id
        self.line = line
        self.result = result
    }

    var json: JSONObject {
        var object = JSONObject(type: "result", id: id, line: line)
        object["method"] = .string(result.method.rawValue)
        for (key, value) in result.members { object[key] = value }
        return object
    }
}

/// The results of the control methods. Their members follow `method` in the reply.
package enum ControlResult: Sendable, Hashable {
    /// Whether a request was ended; false when none with that id was in flight.
    case cancel(Bool)
    /// How many requests were ended.
    case cancelAll(Int)
    /// That it is answered is the answer.
    case ping
    case version(VersionInfo)
    case models([ModelInfo])
    case profiles([ProfileInfo])
    case stats(StatsInfo)
    case reload(ReloadInfo)

    package var method: Request.Method {
        switch self {
        case .cancel: .cancel
        case .cancelAll: .cancelAll
        case .ping: .ping
        case .version: .version
        case .models: .models
        case .profiles: .profiles
        case .stats: .stats
        case .reload: .reload
        }
    }

    var members: JSONObject {
        switch self {
        case .cancel(let cancelled): ["cancelled": .bool(cancelled)]
        case .cancelAll(let count): ["cancelled": JSON(count: count)]
        case .ping: [:]
        case .version(let info): info.members
        case .models(let models): ["models": .array(models.map { .object($0.members) })]
        case .profiles(let profiles): ["profiles": .array(profiles.map { .object($0.members) })]
        case .stats(let stats): ["stats": .object(stats.members)]
        case .reload(let info): info.members
        }
    }
}

/// `version`: what answers.
package struct VersionInfo: Sendable, Hashable {
    package var name: String
    package var version: String
    /// The kernels in use, in the spelling of `PTRM_ISA`.
    package var instructionSet: String

    package init(name: String, version: String, instructionSet: String) {
        self.name = name
        self.version = version
        self.instructionSet = instructionSet
    }

    var members: JSONObject {
        [
            "name": .string(name), "version": .string(version), "protocol": .integer(Wire.version),
            "instruction_set": .string(instructionSet),
        ]
    }
}

/// `reload`: whether the new set is in force, and if not, why.
package struct ReloadInfo: Sendable, Hashable {
    package var reloaded: Bool
    /// One per thing that is wrong, with its place (`profiles.yaml:3:7: …`); the old set stays in force.
    package var problems: [String]

    package init(reloaded: Bool, problems: [String] = []) {
        self.reloaded = reloaded
        self.problems = problems
    }

    var members: JSONObject {
        var object: JSONObject = ["reloaded": .bool(reloaded)]
        if !problems.isEmpty { object["problems"] = .array(problems.map(JSON.string)) }
        return object
    }
}
