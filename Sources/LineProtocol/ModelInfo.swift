package import JSON

/// `models`: one model that the daemon can use.
package struct ModelInfo: Sendable, Hashable {
    package var name: String
    /// Nil when the checkpoint does not say.
    package var task: String?
    /// How many numbers it has learned.
    package var parameters: Int
    /// "bundled", or the file's path.
    package var source: String
    /// Of the file, in hexadecimal; nil while it was not computed.
    package var sha256: String?

    package init(name: String, task: String?, parameters: Int, source: String, sha256: String? = nil) {
        self.name = name
        self.task = task
        self.parameters = parameters
        self.source = source
        self.sha256 = sha256
    }

    var members: JSONObject {
        var object: JSONObject = [
            "name": .string(name), "task": task.map(JSON.string) ?? .null, "parameters": JSON(count: parameters),
            "source": .string(source),
        ]
        object["sha256"] = sha256.map(JSON.string)
        return object
    }
}

/// `profiles`: one profile with everything it says or leaves at its default.
package struct ProfileInfo: Sendable, Hashable {
    package var name: String
    package var task: String
    /// Nil for a profile without one.
    package var model: String?
    package var description: String?
    /// Every search key with the value in force, in the order of the profile documentation.
    package var settings: JSONObject

    package init(name: String, task: String, model: String?, description: String? = nil, settings: JSONObject) {
        self.name = name
        self.task = task
        self.model = model
        self.description = description
        self.settings = settings
    }

    var members: JSONObject {
        var object: JSONObject = [
            "name": .string(name), "task": .string(task), "model": model.map(JSON.string) ?? .null,
        ]
        object["description"] = description.map(JSON.string)
        object["settings"] = .object(settings)
        return object
    }
}
