import JSON
import Rollouts
import Spelling

extension RequestFields {
    /// The solve request, and warnings about what it ignores inside its fields.
    func solve() throws(WireError) -> (SolveRequest, [WireWarning]) {
        var request = SolveRequest(puzzle: try puzzle())
        request.task = try string("task")
        request.profile = try string("profile")
        request.overrides = try object("overrides")
        request.seed = try integer("seed", in: 0...Int64.max).map(UInt64.init)
        request.limits = try limits()
        request.priority = try integer("priority", in: -1000...1000).map(Int.init) ?? 0
        request.progressEveryMs = try integer("progress_every_ms", in: 10...Wire.maxMilliseconds).map(Int.init)
        request.supersede = try supersede()
        let (include, warnings) = try include()
        request.include = include
        return (request, warnings)
    }

    private func puzzle() throws(WireError) -> JSON {
        guard let value = self["puzzle"] else {
            guard has("puzzle") || has("method") || has("task") || has("profile") else {
                let message = "not a request: there is neither a method nor a puzzle"
                throw WireError(.request, message, WireError.Details(field: "puzzle"))
            }
            throw .params("puzzle", "solve needs a puzzle")
        }
        switch value {
        case .string, .array, .object: return value
        case .null, .bool, .integer, .number:
            throw .params("puzzle", "puzzle must be a string, an array or an object, not \(described(value))")
        }
    }

    private static let limitNames = ["max_steps", "time_ms", "deadline_ms", "conflicts"]

    /// Unlike an unknown field of the request, an unknown limit is an error: a budget that is not kept is no trifle.
    private func limits() throws(WireError) -> SearchSettings.Limits {
        var limits = SearchSettings.Limits()
        guard let members = try object("limits") else { return limits }
        for (name, _) in members where !Self.limitNames.contains(name) {
            let field = "limits.\(Wire.clipped(name))"
            let nearest = NearestName.of(name, among: Self.limitNames)
            var error = WireError.params(field, "unknown limit \(Wire.quoted(name))", nearest: nearest)
            error.details.known = Self.limitNames
            throw error
        }
        let fields = RequestFields(members)
        func count(_ name: String, upTo most: Int64) throws(WireError) -> Int? {
            try fields.integer(name, in: 1...most, path: "limits.\(name)").map(Int.init)
        }
        limits.maxSteps = try count("max_steps", upTo: Wire.maxSteps)
        limits.timeMs = try count("time_ms", upTo: Wire.maxMilliseconds)
        limits.conflicts = try count("conflicts", upTo: Int64(SearchSettings.Ranges.conflicts.upperBound))
        limits.deadlineMs = try count("deadline_ms", upTo: Wire.maxMilliseconds)
        return limits
    }

    private func supersede() throws(WireError) -> String? {
        guard let key = try string("supersede") else { return nil }
        guard key.utf8.count <= Wire.maxKeyBytes else {
            let message = "supersede must be at most \(Wire.maxKeyBytes) bytes, not \(key.utf8.count)"
            throw .params("supersede", message)
        }
        return key
    }

    private func include() throws(WireError) -> (Set<SolveRequest.Include>, [WireWarning]) {
        var parts: Set<SolveRequest.Include> = []
        var warnings: [WireWarning] = []
        guard let value = self["include"] else { return (parts, warnings) }
        guard let elements = value.arrayValue else {
            throw .params("include", "include must be an array of strings, not \(described(value))")
        }
        for (index, element) in elements.enumerated() {
            guard let name = element.stringValue else {
                let field = "include[\(index)]"
                throw .params(field, "\(field) must be a string, not \(described(element))")
            }
            if let part = SolveRequest.Include(rawValue: name) {
                parts.insert(part)
            } else {
                let known = SolveRequest.Include.names
                warnings.append(.unknownValue(name, of: "include", known: known, index: warnings.count))
            }
        }
        return (parts, warnings)
    }
}
