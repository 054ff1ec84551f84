package import YAML

extension ProfileSet {
    /// Reads a file's bytes.
    /// - Parameters:
    ///   - path: the file's path, for messages and for the paths of models, which are relative to its folder.
    ///   - knownTasks: the names that `task` may have.
    ///   - knownModels: the names of bundled models; a `model` that contains a slash or ends in .safetensors or .pt
    ///     is a path. Whether its file exists shows when it is loaded.
    /// - Throws: every problem of the file.
    package static func parse(
        _ bytes: [UInt8], path: String, knownTasks: [String], knownModels: [String],
        limits: YAMLLimits = YAMLLimits()
    ) throws(ProfileErrors) -> ProfileSet {
        let document: YAMLDocument
        do {
            document = try YAML.compose(bytes, limits: limits)
        } catch {
            let place = SourcePlace(file: path, line: error.line, column: error.column)
            throw ProfileErrors([Diagnostic(place: place, message: error.message)])
        }
        var reader = ProfileReader(path: path, knownTasks: knownTasks, knownModels: knownModels)
        let profiles = reader.profiles(in: document.root)
        let notation = document.problems.map { problem in
            Diagnostic(
                place: SourcePlace(file: path, line: problem.line, column: problem.column), message: problem.message)
        }
        // Where the notation is wrong there is no value to be right or wrong.
        let refused = Set(notation.map(\.place))
        let diagnostics = notation + reader.diagnostics.filter { !refused.contains($0.place) }
        guard diagnostics.isEmpty else {
            throw ProfileErrors(
                diagnostics.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) })
        }
        return ProfileSet(profiles, tasks: reader.declared)
    }
}
