package import Profiles
package import Puzzles

/// Why a request cannot be prepared: one error for everything that may be wrong with what a user asks, mapped to the wire
/// and to exit codes in one place each.
package struct Refusal: Error, Sendable, Hashable {
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// The request names something that does not exist, or its puzzle cannot be read or does not fit.
        case request
        /// The model that the request needs cannot be loaded.
        case model
        /// A defect of the program.
        case defect
    }

    package var kind: Kind
    /// The field at fault, with dots for fields of fields (`overrides.K`); empty when no field is.
    package var field: String
    /// For people: what is wrong, where, and what was expected.
    package var message: String
    /// The valid name closest to an unknown one.
    package var nearest: String?
    /// The valid names, when one was to be chosen.
    package var known: [String]
    /// The cells at fault.
    package var cells: [Cell]
    /// Whether the engine that was asked cannot take such a puzzle, while another one may.
    var isAboutFit = false

    package init(
        _ kind: Kind = .request, field: String = "", _ message: String, nearest: String? = nil, known: [String] = [],
        cells: [Cell] = []
    ) {
        self.kind = kind
        self.field = field
        self.message = message
        self.nearest = nearest
        self.known = known
        self.cells = cells
    }
}

extension Refusal {
    private static let wayToModel =
        "; none of its models is bundled: `ptrmd import` makes one of a checkpoint, and a profile that names task and model "
        + "goes into a file for --profiles"

    static func unfit(field: String, _ message: String) -> Refusal {
        var refusal = Refusal(field: field, message)
        refusal.isAboutFit = true
        return refusal
    }

    package init(_ error: PuzzleError) { self.init(field: error.field, error.message, cells: error.cells) }

    package init(_ error: ProfileSelectionError) {
        // A task that the program knows and no profile is for: ARC and tokens have no bundled model.
        let isKnown = error.unsolvedTask.map { Tasks.named($0) != nil } ?? false
        let wayOnward = isKnown ? Self.wayToModel : ""
        self.init(field: error.field, error.message + wayOnward, nearest: error.nearest, known: error.known)
    }

    package init(_ error: OverrideError) {
        self.init(field: error.field, error.message, nearest: error.nearest, known: error.known)
    }

    package init(_ error: ModelLoadError) { self.init(.model, "\(error)") }
}
