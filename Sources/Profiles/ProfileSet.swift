/// The profiles of one file, in its order.
///
///     let set = try ProfileSet.parse(
///         bytes, path: "profiles.yaml", knownTasks: ["sudoku"], knownModels: BundledFiles.models)
///     let profile = try set.select(profile: nil, task: "sudoku")
package struct ProfileSet: Sendable {
    package var profiles: [Profile]
    /// The tasks that the file declares.
    package var tasks: [DeclaredTask]

    package init(_ profiles: [Profile], tasks: [DeclaredTask] = []) {
        self.profiles = profiles
        self.tasks = tasks
    }

    package subscript(_ name: String) -> Profile? { profiles.first { $0.name == name } }

    /// The profile that a request means.
    ///
    /// A `profile` is taken by its name, and must solve the `task` if both are given. A `task` alone picks the profile
    /// of that name, else the only profile with that task. Neither picks the only profile there is.
    /// - Throws: the field that is wrong, with the names to choose from.
    package func select(profile name: String?, task: String?) throws(ProfileSelectionError) -> Profile {
        if let name { return try select(named: name, task: task) }
        guard let task else {
            if profiles.count == 1 { return profiles[0] }
            throw ProfileSelectionError(
                field: "profile", message: "name a task or a profile: \(Names.list(profiles.map(\.name)))",
                known: profiles.map(\.name))
        }
        let candidates = profiles.filter { $0.task == task }
        if let namesake = candidates.first(where: { $0.name == task }) { return namesake }
        if candidates.count == 1 { return candidates[0] }
        if candidates.isEmpty {
            let tasks = profiles.map(\.task).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            var error = ProfileSelectionError(
                field: "task", message: "no profile solves \(quoted(task))" + Names.hint(for: task, among: tasks),
                known: tasks, nearest: Names.nearest(to: task, among: tasks))
            error.unsolvedTask = task
            throw error
        }
        throw ProfileSelectionError(
            field: "profile",
            message: "several profiles solve \(task); name one: \(Names.list(candidates.map(\.name)))",
            known: candidates.map(\.name))
    }

    private func select(named name: String, task: String?) throws(ProfileSelectionError) -> Profile {
        guard let profile = self[name] else {
            throw ProfileSelectionError(
                field: "profile",
                message: "unknown profile \(quoted(name))" + Names.hint(for: name, among: profiles.map(\.name)),
                known: profiles.map(\.name), nearest: Names.nearest(to: name, among: profiles.map(\.name)))
        }
        guard task == nil || task == profile.task else {
            throw ProfileSelectionError(
                field: "task", message: "the profile \(name) solves \(profile.task), not \(quoted(task ?? ""))")
        }
        return profile
    }

    private func quoted(_ name: String) -> String { "\"\(name.prefix(60))\"" }
}
