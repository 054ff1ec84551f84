import BundledFiles
import Platform
package import Profiles
import Puzzles

/// Where the profiles come from: a file, or the set that is part of the program.
package struct ProfileSource: Sendable {
    /// Nil: the bundled set.
    package var path: String?

    package init(path: String?) { self.path = path }

    /// Reads and checks the set.
    /// - Throws: `ProfileErrors` with every problem, or `ProfileFileError` when there is nothing to read.
    package func load() throws -> ProfileSet {
        let bytes: [UInt8]
        if let path { bytes = try Self.read(path) } else { bytes = Array(BundledFiles.profiles) }
        return try ProfileSet.parse(
            bytes, path: path ?? "(bundled) profiles.yaml", knownTasks: Tasks.all.map(\.name),
            knownModels: BundledFiles.models)
    }

    /// The problems of an error that `load` or a model threw, one each.
    package static func problems(in error: any Error) -> [String] {
        if let errors = error as? ProfileErrors { return errors.diagnostics.map(\.description) }
        return ["\(error)"]
    }

    /// The most bytes of a profiles' file.
    private static let maxBytes = 1 << 20

    private static func read(_ path: String) throws(ProfileFileError) -> [UInt8] {
        do {
            return try FileSystem.read(path, upTo: maxBytes)
        } catch {
            throw ProfileFileError(path: path, reason: "\(error)")
        }
    }
}

/// The profiles' file cannot be read at all.
package struct ProfileFileError: Error, Sendable, CustomStringConvertible {
    package var path: String
    package var reason: String

    package var description: String { "\(path): \(reason)" }
}
