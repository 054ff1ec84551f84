import JSON

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
