import TRM

/// A compute thread's scratch memory, one for each model it steps.
struct WorkspaceCache {
    /// The most threads that share a step.
    private static let maxTeamSize = 16

    private struct Entry {
        /// Weak: a model that nobody uses any more is let go.
        weak var model: TRMModel?
        var workspace: Workspace
    }

    private var entries: [Entry] = []

    /// - Parameter teamSize: how many may share a step in it.
    mutating func workspace(for model: TRMModel, teamSize: Int = 1) -> Workspace {
        let size = min(teamSize, Self.maxTeamSize)
        if let entry = entries.first(where: { $0.model === model }), entry.workspace.teamSize >= size {
            return entry.workspace
        }
        // A handful of models serve at once; the oldest scratch goes when more do.
        entries.removeAll { $0.model == nil || $0.model === model }
        if entries.count >= 8 { entries.removeFirst() }
        let workspace = model.makeWorkspace(teamSize: size)
        entries.append(Entry(model: model, workspace: workspace))
        return workspace
    }
}
