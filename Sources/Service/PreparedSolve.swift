import JSON
package import LineProtocol
package import Profiles
package import Puzzles
package import Rollouts
package import TRM

/// A solve request with everything it names looked up: what is left is the search.
package struct PreparedSolve: Sendable {
    /// Without its `puzzle`.
    package var request: SolveRequest
    package var profile: Profile
    package var task: PuzzleTask
    package var model: LoadedModel
    package var puzzle: any Puzzle
    /// The searches of an ARC request; nil for the other tasks, whose requests are one search.
    package var arc: ArcRun?
    package var embedding: InputEmbedding
    package var settings: SearchSettings
    /// Carries that the search may hold at once where that does not show.
    package var maxAlive: Int

    /// The puzzle that the current search is about.
    var searched: any Puzzle { arc?.current ?? puzzle }

    /// What the search must keep for the parts of the answer that were asked for.
    var records: SearchRecords {
        var records: SearchRecords = []
        if request.include.contains(.candidates) { records.insert(.candidates) }
        if request.include.contains(.trace) { records.insert(.trace) }
        return records
    }
}

extension SolverService {
    /// Looks up what a request names and reads its puzzle. Whatever is wrong names its field.
    package func prepare(_ request: SolveRequest) throws(WireError) -> PreparedSolve {
        let (profile, model) = try lookUp(request).get()
        guard let task = Tasks.named(profile.task) else {
            throw WireError(.internal, "profile \(profile.name) names the unknown task \(profile.task)")
        }
        let settings = try settings(of: request, profile: profile)
        let (puzzle, arc) = try read(request.puzzle, task: task, model: model, settings: settings)
        let embedding: InputEmbedding
        do {
            embedding = try model.model.embed(arc?.current ?? puzzle, in: model.frame)
        } catch {
            // The tokens have been held against the model's frame: what is left is the row of the embedding.
            let row = "puzzle_identifier"
            throw .params(request.puzzle[row] == nil ? "puzzle" : "puzzle.\(row)", "\(error)")
        }
        try checkMemory(settings, task: task, model: model)
        var request = request
        // Read, and ten times as large as what was read: a request may wait for long.
        request.puzzle = .null
        return PreparedSolve(
            request: request, profile: profile, task: task, model: model, puzzle: puzzle, arc: arc,
            embedding: embedding, settings: settings, maxAlive: maxAlive(model, views: settings.views))
    }

    /// The profile that a request means and its model, of one and the same set.
    private func lookUp(_ request: SolveRequest) -> Result<(Profile, LoadedModel), WireError> {
        withProfiles { profiles in
            Result { () throws(WireError) in
                let profile = try self.select(request, from: profiles)
                do {
                    return (profile, try models.model(of: profile))
                } catch {
                    throw WireError(.internal, "\(error)")
                }
            }
        }
    }

    private func select(_ request: SolveRequest, from profiles: ProfileSet) throws(WireError) -> Profile {
        do {
            return try profiles.select(profile: request.profile, task: request.task)
        } catch {
            var wire = WireError.params(error.field, error.message, nearest: error.nearest)
            wire.details.known = error.known
            throw wire
        }
    }

    /// The profile's settings with the request's `overrides`, `seed` and `limits` on top.
    private func settings(of request: SolveRequest, profile: Profile) throws(WireError) -> SearchSettings {
        var settings = profile.search
        do {
            if let overrides = request.overrides { settings = try settings.applying(overrides: overrides) }
        } catch {
            var wire = WireError.params(error.field, error.message, nearest: error.nearest)
            wire.details.known = error.known
            throw wire
        }
        if let seed = request.seed { settings.seed = seed }
        settings.limits.maxSteps = request.limits.maxSteps ?? settings.limits.maxSteps
        settings.limits.timeMs = request.limits.timeMs ?? settings.limits.timeMs
        settings.limits.deadlineMs = request.limits.deadlineMs ?? settings.limits.deadlineMs
        return settings
    }

    private func read(
        _ json: JSON, task: PuzzleTask, model: LoadedModel, settings: SearchSettings
    ) throws(WireError) -> (puzzle: any Puzzle, arc: ArcRun?) {
        do throws(PuzzleError) {
            let puzzle = try task.read(json)
            // Sizes the model does not take are refused here, before anything is queued.
            guard let arc = puzzle as? ArcPuzzle else {
                _ = try puzzle.tokens(in: model.frame)
                return (puzzle, nil)
            }
            let parts = try arc.parts(model.identifiers, augmentations: settings.augmentations ?? .max)
            for part in parts {
                do throws(PuzzleError) {
                    _ = try part.tokens(in: model.frame)
                } catch {
                    throw PuzzleError(error.message, cells: error.cells, field: "puzzle.test[\(part.test)].input")
                }
            }
            return (puzzle, ArcRun(arc, parts: parts))
        } catch {
            var wire = WireError.params(error.field, error.message)
            wire.details.cells = error.cells.map { [$0.row, $0.column] }
            throw wire
        }
    }

    /// The carries that a search holds at the same time must fit into the memory that they may take. A search whose
    /// rollouts are independent runs as many at once as fit; any other needs all that its K and steps let be alive.
    private func checkMemory(
        _ settings: SearchSettings, task: PuzzleTask, model: LoadedModel
    ) throws(WireError) {
        let most = maxAlive(model, views: settings.views)
        let search = Search(settings: settings, hasChecker: task.hasChecker, maxAlive: most)
        guard search.peakAlive > most else { return }
        throw .params(
            "overrides.K",
            "\(search.peakAlive) rollouts of this model alive at once need more memory than carries may take: "
                + "at most \(most); lower K or limits.max_steps")
    }

    /// Rollouts of this model that fit into the memory that the carries of one search may take, with the views they solve.
    func maxAlive(_ model: LoadedModel, views: SearchSettings.Views) -> Int {
        let bytes = model.model.carryBytes + (views == .none ? 0 : model.model.embeddingBytes)
        return max(1, options.maxCarryBytes / max(1, bytes))
    }
}

extension TRMModel {
    /// What the model sees of a puzzle: its tokens behind the puzzle embedding of its row.
    func embed(_ puzzle: any Puzzle, in frame: Frame) throws -> InputEmbedding {
        try embed(tokens: try puzzle.tokens(in: frame), puzzleIdentifier: puzzle.puzzleIdentifier)
    }
}
