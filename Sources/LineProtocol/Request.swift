package import JSON
package import Rollouts

/// What a line asks for.
package enum Request: Sendable, Hashable {
    case solve(SolveRequest)
    /// End the request with this id of the same connection.
    case cancel(RequestID)
    case cancelAll
    case ping
    case version
    case models
    case profiles
    case stats
    case reload

    /// The methods by name, in the order in which an error lists them.
    package enum Method: String, Sendable, CaseIterable {
        case solve, cancel
        case cancelAll = "cancel_all"
        case ping, version, models, profiles, stats, reload

        /// The fields that a request with this method may have.
        var fields: [String] {
            switch self {
            case .solve: Self.solveFields
            case .cancel: Self.cancelFields
            case .cancelAll, .ping, .version, .models, .profiles, .stats, .reload: Self.commonFields
            }
        }

        static let names = allCases.map(\.rawValue)
        /// Every field that some method has.
        static let allFields = solveFields + ["request_id"]

        private static let commonFields = ["id", "method"]
        private static let cancelFields = commonFields + ["request_id"]
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
        case .cancelAll: .cancelAll
        case .ping: .ping
        case .version: .version
        case .models: .models
        case .profiles: .profiles
        case .stats: .stats
        case .reload: .reload
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
        /// What every rollout came to.
        case candidates
        /// The Q logit of every rollout after every step.
        case trace
        /// How long the request waited and ran.
        case timings
        /// Whether the solution is the only one, which exact search finds out.
        case unique

        static let names = allCases.map(\.rawValue)
    }
}
