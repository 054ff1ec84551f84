package import JSON
package import Rollouts

/// What a line asks for.
package enum Request: Sendable, Hashable {
    case solve(SolveRequest)
    /// End the request with this id of the same connection.
    case cancel(RequestID)
    case control(ControlMethod)

    /// What `method` names.
    package enum Method: Sendable, Hashable {
        case solve, cancel
        case control(ControlMethod)

        /// In the order in which an error lists them.
        package static let all = [solve, cancel] + ControlMethod.allCases.map(control)
        static let names = all.map(\.name)

        /// Nil when no method has that name.
        init?(named name: String) {
            guard let method = Self.all.first(where: { $0.name == name }) else { return nil }
            self = method
        }

        package var name: String {
            switch self {
            case .solve: "solve"
            case .cancel: "cancel"
            case .control(let method): method.rawValue
            }
        }

        /// The fields that a request with this method may have.
        var fields: [String] {
            switch self {
            case .solve: Self.solveFields
            case .cancel: Self.commonFields + ["request_id"]
            case .control: Self.commonFields
            }
        }

        /// Every field that some method has.
        static let allFields = solveFields + ["request_id"]

        private static let commonFields = ["id", "method"]
        /// `solution` and `meta` are what lines of puzzles carry for other readers; solve does not look at them.
        private static let solveFields =
            commonFields + [
                "task", "profile", "puzzle", "overrides", "seed", "limits", "priority", "progress_every_ms", "include",
                "supersede", "solution", "meta",
            ]
    }

    package var method: Method {
        switch self {
        case .solve: .solve
        case .cancel: .cancel
        case .control(let method): .control(method)
        }
    }
}

/// One puzzle to solve. What the names and the puzzle mean is for the service to say.
package struct SolveRequest: Sendable, Hashable {
    package var task: String?
    package var profile: String?
    /// A string, an array or an object, as the task reads it.
    package var puzzle: JSON
    /// Search settings that replace the profile's.
    package var overrides: JSONObject?
    package var seed: UInt64?
    /// Budgets that replace the profile's where they are set; all are positive.
    package var limits = SearchSettings.Limits()
    /// Higher goes first; -1000...1000.
    package var priority = 0
    /// Nil: no progress lines. At least 10.
    package var progressEveryMs: Int?
    package var include: Set<Include> = []
    /// A newer request of the connection with the same key replaces an older one.
    package var supersede: String?

    package init(puzzle: JSON) { self.puzzle = puzzle }

    /// Parts of an answer that are only written when asked for.
    package enum Include: String, Sendable, CaseIterable {
        /// The result of every rollout.
        case candidates
        /// The Q logit of every rollout after every step.
        case trace
        /// How long the request waited and ran.
        case timings
        /// Whether the solution is the only one, which exact search finds out.
        case unique
        /// Every rule that the answer breaks, not the first alone.
        case violations

        static let names = allCases.map(\.rawValue)
    }
}
