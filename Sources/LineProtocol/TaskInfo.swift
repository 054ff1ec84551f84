import JSON

/// `tasks`: one kind of puzzle that can be asked for, so that a program can offer it without knowing it.
package struct TaskInfo: Sendable, Hashable {
    package var name: String
    /// The name for people.
    package var title: String
    /// A line on how its puzzles are written and how large they may be.
    package var notations: String
    /// The genre names of its puzz.link addresses.
    package var addresses: [String]
    /// Whether exact rules check its answers.
    package var hasRules: Bool
    /// Whether its puzzles have symmetric views.
    package var hasSymmetries: Bool
    /// Whether exact search takes its puzzles.
    package var hasExactSearch: Bool
    package var profiles: [ProfileUse]

    /// A profile that solves the task's puzzles.
    package struct ProfileUse: Sendable, Hashable {
        package var name: String
        /// Nil for a profile without one.
        package var model: String?
        package var engines: [String]
        /// The side of the largest board that the model takes; nil without a model, or for one whose input is no square.
        package var largestSide: Int?

        package init(name: String, model: String?, engines: [String], largestSide: Int?) {
            self.name = name
            self.model = model
            self.engines = engines
            self.largestSide = largestSide
        }
    }

    package init(
        name: String, title: String, notations: String, addresses: [String] = [], hasRules: Bool, hasSymmetries: Bool,
        hasExactSearch: Bool, profiles: [ProfileUse] = []
    ) {
        self.name = name
        self.title = title
        self.notations = notations
        self.addresses = addresses
        self.hasRules = hasRules
        self.hasSymmetries = hasSymmetries
        self.hasExactSearch = hasExactSearch
        self.profiles = profiles
    }

    var members: JSONObject {
        [
            "name": .string(name), "title": .string(title), "notations": .string(notations),
            "addresses": .array(addresses.map(JSON.string)), "rules": .bool(hasRules),
            "symmetries": .bool(hasSymmetries), "exact": .bool(hasExactSearch),
            "profiles": .array(
                profiles.map { profile in
                    [
                        "name": .string(profile.name), "model": profile.model.map(JSON.string) ?? .null,
                        "engines": .array(profile.engines.map(JSON.string)),
                        "largest_side": profile.largestSide.map(JSON.init(count:)) ?? .null,
                    ]
                }),
        ]
    }
}
