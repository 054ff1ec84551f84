package import JSON
package import Rollouts

extension SearchSettings {
    /// These settings with a request's `overrides` applied: the same keys and ranges as in a profile, except those
    /// that choose the model (task, model, precision, calibration, description).
    ///
    /// A null counts as absent for a key that has no null of its own. `limits` changes the budgets it names and leaves the others; `ramp` is replaced as a whole.
    /// - Throws: the first override that is no search setting, with the field's path.
    package func applying(overrides: JSONObject) throws(OverrideError) -> SearchSettings {
        var settings = self
        for (name, value) in overrides {
            guard let key = ProfileKey.named(name), case .search(let accessor) = key.access else {
                throw Self.refusal(of: name)
            }
            // Tables fill what a row lacks with null.
            if value.isNull, !key.shape.takesNull { continue }
            if let problem = key.shape.problems(in: value, at: [.key(name)]).first {
                var error = OverrideError(
                    field: "overrides" + problem.dotted,
                    message: "\(problem.dotted.dropFirst()): " + problem.message + problem.hint,
                    known: problem.known)
                if case .key(let wrong) = problem.path.last {
                    error.nearest = Names.nearest(to: wrong, among: problem.known)
                }
                throw error
            }
            accessor.set(value, &settings)
        }
        return settings
    }

    private static func refusal(of name: String) -> OverrideError {
        let field = "overrides.\(name)"
        if ProfileKey.named(name) != nil {
            return OverrideError(field: field, message: "\(name) belongs to the profile and cannot be overridden")
        }
        let names = ProfileKey.search.map(\.name)
        return OverrideError(
            field: field, message: "unknown setting \(JSON.string(name).text)" + Names.hint(for: name, among: names),
            known: names, nearest: Names.nearest(to: name, among: names))
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
