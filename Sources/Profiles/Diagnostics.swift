/// One problem of a profiles' file.
package struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    package var place: SourcePlace
    package var message: String

    package init(place: SourcePlace, message: String) {
        self.place = place
        self.message = message
    }

    /// `file:line:column: message`, as compilers write it.
    package var description: String { "\(place): \(message)" }
}

/// Every problem of a file, in the order of the file.
package struct ProfileErrors: Error, Sendable, Hashable, CustomStringConvertible {
    package var diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    /// One diagnostic a line.
    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// A request that names no profile of the set.
package struct ProfileSelectionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The request's field: `profile` or `task`.
    package var field: String
    package var message: String
    /// What could have been named.
    package var known: [String]
    /// The known name closest to it.
    package var nearest: String?
    /// The task that no profile solves, when that is what is wrong.
    package var unsolvedTask: String?

    package init(field: String, message: String, known: [String] = [], nearest: String? = nil) {
        self.field = field
        self.message = message
        self.known = known
        self.nearest = nearest
    }

    package var description: String { "\(field): \(message)" }
}

/// A request's override that is no search setting.
package struct OverrideError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The field with its path: `overrides.ramp.factor`.
    package var field: String
    package var message: String
    /// The valid names where an unknown one stands, and the one that was meant.
    package var known: [String]
    package var nearest: String?

    package init(field: String, message: String, known: [String] = [], nearest: String? = nil) {
        self.field = field
        self.message = message
        self.known = known
        self.nearest = nearest
    }

    package var description: String { "\(field): \(message)" }
}
