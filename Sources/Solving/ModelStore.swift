import BundledFiles
import Checkpoints
import Platform
package import Profiles
package import Puzzles
import Rollouts
package import TRM
import Tensors
import Threading

/// A model in memory, ready to step.
package struct LoadedModel: Sendable {
    /// A bundled name or a path.
    package var name: String
    /// The name without folders and extension: the same answer whatever path a model was loaded by.
    package var label: String {
        let file = name.split(separator: "/").last.map(String.init) ?? name
        let suffix = ".safetensors"
        return file.hasSuffix(suffix) ? String(file.dropLast(suffix.count)) : file
    }
    package var model: TRMModel
    /// What its puzzles are encoded into.
    package var shape: InputShape
    /// The names of its puzzle-embedding rows, for ARC; nil for a model without such rows.
    package var identifiers: ArcIdentifiers?
    /// The task it was trained for, when its file says so.
    package var task: String?
    package var parameters: Int
    package var isBundled: Bool
    /// Of the whole file, in hexadecimal.
    package var sha256: String { checkpoint.sha256() }
    let checkpoint: Checkpoint
    /// The file as it was when it was read; nil for a bundled model.
    var stamp: FileStamp?
}

/// What a model's file says of itself, which is known before there is anything to step.
private struct ModelClaims {
    var name: String
    var config: ModelConfig
    /// The task it was trained for, when its file says so.
    var task: String?

    /// Throws when the model cannot serve the profile's task: its file says that it was trained for another, as which it
    /// would read every puzzle, or its boards and tokens are none that the task has. `tokens` takes any model.
    func check(for profile: Profile, as use: ModelUse) throws(ModelLoadError) {
        guard (config.architecture == .ldt) == (use == .deduction) else {
            let (key, engine) = use == .deduction ? ("ldt_model", "ldt") : ("model", "ptrm")
            throw ModelLoadError(
                model: name,
                reason: "is of the architecture \(config.architecture.rawValue), and \(key) of the profile "
                    + "\(profile.name) is for the engine \(engine), which "
                    + (use == .deduction ? "needs ldt" : "takes every other one; write ldt_model instead"))
        }
        let tokens = "tokens"
        // Whoever declares a task knows what the model was trained with; what does not fit shows below.
        if let task, profile.declared == nil, task != profile.task, task != tokens, profile.task != tokens {
            throw ModelLoadError(
                model: name, reason: "was trained for \(task), and the profile \(profile.name) is for \(profile.task)")
        }
        let shape = InputShape(seqLen: config.seqLen, vocabSize: config.vocabSize)
        if let mismatch = profile.puzzleTask?.mismatch(with: shape) {
            throw ModelLoadError(model: name, reason: "does not fit the profile \(profile.name): \(mismatch)")
        }
    }
}

extension LoadedModel {
    /// Throws when the model cannot serve the profile's task, or has no latent that takes its noise.
    func check(for profile: Profile, as use: ModelUse) throws(ModelLoadError) {
        try ModelClaims(name: name, config: model.config, task: task).check(for: profile, as: use)
        guard use == .rollouts else { return }
        do throws(TRMError) { try model.check(profile.search.noise) } catch {
            throw ModelLoadError(model: name, reason: "does not fit the profile \(profile.name): \(error)")
        }
    }
}

extension Profile {
    /// Whether its models are loaded before a request asks for them.
    /// - Parameter preloads: for a profile that does not say.
    func isLoadedEarly(_ preloads: Bool) -> Bool { modelFile != nil || deducerFile != nil || preload ?? preloads }

    /// The profile's task: one that its file declares, or of the program.
    package var puzzleTask: PuzzleTask? { declared?.declaration.task ?? Tasks.named(task) }
}

/// What a profile has a model for.
package enum ModelUse: Sendable, Hashable, CaseIterable {
    /// `model`: the engine `ptrm`.
    case rollouts
    /// `ldt_model`: the engine `ldt`.
    case deduction
}

/// The models of a profile; nil for the one that it does not have.
package struct ProfileModels: Sendable {
    package var rollouts: LoadedModel?
    package var deduction: LoadedModel?
}

/// A model that could not be loaded, and why. Commands end with exit code 3.
package struct ModelLoadError: Error, Sendable, CustomStringConvertible {
    package var model: String
    package var reason: String

    package var description: String { "model \(model): \(reason)" }
}

/// Loads each model once and shares it among all profiles that name it.
package final class ModelStore: Sendable {
    fileprivate struct Key: Hashable {
        var name: String
        var precision: Precision
        /// Whether the names of its puzzle-embedding rows are needed.
        var namesRows: Bool

        /// Nil for a profile without such a model.
        init?(_ profile: Profile, _ use: ModelUse) {
            let written: String?
            switch use {
            case .rollouts:
                written = profile.modelFile ?? profile.model
                namesRows = profile.task == ArcPuzzle.task.name
            case .deduction:
                written = profile.deducerFile ?? profile.deducer
                namesRows = false
            }
            guard let written else { return nil }
            name = written
            precision = profile.precision
        }
    }

    /// Models ready to be installed.
    package struct ModelSet: Sendable {
        fileprivate var models: [Key: LoadedModel]
    }

    private let loaded = Monitor<[Key: LoadedModel]>([:])

    package init() {}

    /// The models of these profiles: those in memory, but files that are new or have changed are read now. Left out is what no
    /// request has asked for and `preloads` and the profiles do not want at once.
    package func refreshed(for profiles: [Profile], preloads: Bool) throws(ModelLoadError) -> ModelSet {
        let present = loaded.withLock { models in models }
        var models: [Key: LoadedModel] = [:]
        for profile in profiles {
            for use in ModelUse.allCases {
                guard let key = Key(profile, use) else { continue }
                if models[key] != nil {
                    // Loaded for a profile before this one.
                } else if let model = present[key], model.isBundled || model.stamp == FileStamp(path: key.name) {
                    models[key] = model
                } else if profile.isLoadedEarly(preloads) {
                    models[key] = try Self.load(key)
                } else {
                    try Self.check(key, for: profile, as: use)
                }
                try models[key]?.check(for: profile, as: use)
            }
        }
        return ModelSet(models: models)
    }

    /// Puts a set in the place of the models in memory; what is not in it is let go once no search uses it.
    package func install(_ set: ModelSet) { loaded.withLock { models in models = set.models } }

    /// The models of a profile, loaded now if they were not before.
    package func models(of profile: Profile) throws(ModelLoadError) -> ProfileModels {
        ProfileModels(
            rollouts: try model(of: profile, .rollouts), deduction: try model(of: profile, .deduction))
    }

    /// Nil for a profile without one.
    package func model(of profile: Profile, _ use: ModelUse) throws(ModelLoadError) -> LoadedModel? {
        guard let key = Key(profile, use) else { return nil }
        let result = loaded.withLock { models -> Result<LoadedModel, ModelLoadError> in
            if let model = models[key] { return .success(model) }
            do throws(ModelLoadError) {
                let model = try Self.load(key)
                models[key] = model
                return .success(model)
            } catch {
                return .failure(error)
            }
        }
        let model = try result.get()
        try model.check(for: profile, as: use)
        return model
    }

    /// Holds the models of a profile against it without making them ready: a wrong file of profiles shows at once, not at the
    /// first request.
    package func check(_ profile: Profile) throws(ModelLoadError) {
        for use in ModelUse.allCases {
            guard let key = Key(profile, use) else { continue }
            try Self.check(key, for: profile, as: use)
        }
    }

    private static func check(_ key: Key, for profile: Profile, as use: ModelUse) throws(ModelLoadError) {
        let checkpoint = try checkpoint(key.name)
        try ModelClaims(name: key.name, config: checkpoint.config, task: checkpoint.task).check(for: profile, as: use)
    }

    private static func checkpoint(_ name: String) throws(ModelLoadError) -> Checkpoint {
        do {
            return if let bundled = BundledFiles.model(name) { try .load(bytes: bundled, name: name) } else {
                try .load(path: name)
            }
        } catch {
            // Its own name stands before the reason already; that of a file beside it does not.
            throw ModelLoadError(model: name, reason: error.file == name ? error.message : "\(error)")
        }
    }

    /// The models in memory, by name.
    package var models: [LoadedModel] {
        loaded.withLock { models in models.values.sorted { $0.name < $1.name } }
    }

    private static func load(_ key: Key) throws(ModelLoadError) -> LoadedModel {
        let name = key.name
        let bundled = BundledFiles.model(name)
        // Taken before the file is read: a change meanwhile shows at the next look.
        let stamp = bundled == nil ? FileStamp(path: name) : nil
        let checkpoint = try checkpoint(name)
        // `import` numbers its tokens as the tasks do.
        guard !checkpoint.isNano else {
            throw ModelLoadError(
                model: name, reason: "is a checkpoint of nano-trm; convert it with ptrmd import, which knows its tokens"
            )
        }
        // An allocation that fails ends the process: what cannot fit is not begun.
        let (needed, room) = (TRMModel.memoryToLoad(checkpoint), MemoryRoom.present.mostCounted)
        guard needed <= room else {
            throw ModelLoadError(
                model: name,
                reason: "needs about \(needed >> 20) MiB to load, and the process may take \(room >> 20) MiB more")
        }
        let model: TRMModel
        do {
            model = try TRMModel(
                checkpoint, precision: key.precision, int8IsAsGood: bundled != nil && BundledFiles.isAsGoodInInt8(name))
        } catch {
            throw ModelLoadError(model: name, reason: "\(error)")
        }
        return LoadedModel(
            name: name, model: model,
            shape: InputShape(seqLen: checkpoint.config.seqLen, vocabSize: checkpoint.config.vocabSize),
            identifiers: key.namesRows && bundled == nil ? try identifiers(of: checkpoint, at: name) : nil,
            task: checkpoint.task, parameters: checkpoint.parameterCount, isBundled: bundled != nil,
            checkpoint: checkpoint, stamp: stamp)
    }

    /// Reads `identifiers.json` beside an ARC checkpoint that has a puzzle embedding.
    private static func identifiers(
        of checkpoint: Checkpoint, at path: String
    ) throws(ModelLoadError) -> ArcIdentifiers? {
        guard checkpoint.config.puzzleEmbNdim > 0 else { return nil }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let file = folder + "identifiers.json"
        let table: ArcIdentifiers
        do {
            let storage = try FileStorage(path: file)
            table = try withExtendedLifetime(storage) { try ArcIdentifiers(parsing: storage.bytes) }
        } catch {
            throw ModelLoadError(
                model: path, reason: "the names of its puzzle-embedding rows cannot be read: \(file): \(error)")
        }
        // The builder of the data set names every row: with another number these are the names of another model's rows.
        guard table.count == checkpoint.config.numPuzzleIdentifiers else {
            throw ModelLoadError(
                model: path,
                reason: "\(file) names \(table.count) rows, the puzzle embedding has "
                    + "\(checkpoint.config.numPuzzleIdentifiers)")
        }
        return table
    }
}
