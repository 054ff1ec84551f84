package import JSON
package import Rollouts

extension SearchSettings {
    /// These settings with a request's `overrides` applied: the same keys and ranges as in a profile, except those
    /// that choose the model (task, model, precision, calibration, description).
    ///
    /// `limits` changes the budgets it names and leaves the others; `ramp` is replaced as a whole.
    /// - Throws: the first override that is no search setting, with the field's path.
    package func applying(overrides: JSONObject) throws(OverrideError) -> SearchSettings {
        var settings = self
        for (name, value) in overrides {
            guard let key = ProfileKey.named(name), case .search(let accessor) = key.access else {
                throw OverrideError(field: "overrides.\(name)", message: Self.refusal(of: name))
            }
            if let problem = key.shape.problems(in: value, at: [.key(name)]).first {
                throw OverrideError(field: "overrides" + problem.dotted, message: problem.message + problem.hint)
            }
            accessor.set(value, &settings)
        }
        return settings
    }

    private static func refusal(of name: String) -> String {
        if ProfileKey.named(name) != nil { return "\(name) belongs to the profile and cannot be overridden" }
        let names = ProfileKey.search.map(\.name)
        return "unknown setting \(JSON.string(name).text)" + Names.hint(for: name, among: names)
    }
}

extension ValueProblem {
    /// `.ramp.factor`, `.calibration.points[2]`.
    var dotted: String {
        path.reduce(into: "") { text, step in
            switch step {
            case .key(let name): text += ".\(name)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}
