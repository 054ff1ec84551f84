import Checkpoints
package import Problems
package import Profiles
import Puzzles
import Synchronization
import TRM

/// Profiles, models and tasks: what there is to solve with, as it is in force now.
///
/// It has no threads and no words of the protocol: commands that only measure or read puzzles use it without a service.
///
///     let catalogue = Catalogue(profiles: try source.load(), source: source, models: ModelStore())
///     let prepared = try catalogue.prepare(request)
package final class Catalogue: Sendable {
    package let models: ModelStore
    package let verifiers: VerifierStore
    private let source: ProfileSource
    private let current: Mutex<ProfileSet>
    private let reloading = Mutex(())
    private let budget: Mutex<MemoryBudget>
    /// Whether profiles that do not say so have their models ready before a request asks for them.
    private let preloads: Bool

    /// - Parameters:
    ///   - profiles: the set in force at first.
    ///   - source: where `reload` reads it again.
    ///   - memory: what all searches may take together.
    ///   - preloads: whether `loadModels` loads those of profiles that do not say.
    package init(
        profiles: ProfileSet, source: ProfileSource, models: ModelStore, verifiers: VerifierStore = VerifierStore(),
        memory: MemoryBudget = MemoryBudget(), preloads: Bool = true
    ) {
        self.preloads = preloads
        self.models = models
        self.verifiers = verifiers
        self.source = source
        current = Mutex(profiles)
        budget = Mutex(memory)
    }

    /// The profiles in force.
    package var profiles: ProfileSet { current.withLock { set in set } }

    /// What all searches may take together: one that could never fit is refused. It is known when the models are loaded.
    package var memory: MemoryBudget {
        get { budget.withLock { $0 } }
        set { budget.withLock { $0 = newValue } }
    }

    /// Loads the models that are wanted at once, so that no request waits for one: those of profiles with `preload`, and those of
    /// files, for a bad one to show. Every other is loaded when it is first asked for.
    package func loadModels() throws(ModelLoadError) {
        for profile in profiles.profiles {
            if profile.isLoadedEarly(preloads) { _ = try models.models(of: profile) } else { try models.check(profile) }
        }
    }

    /// Loads what is not in memory yet: for those who ask about every model.
    package func loadAllModels() {
        for profile in profiles.profiles { _ = try? models.models(of: profile) }
    }

    /// Does one supervision step of every loaded model, so that the first request finds code and weights in memory.
    package func warmUp() {
        for loaded in models.models {
            let model = loaded.model
            guard let embedding = try? model.embed(tokens: [Int32](repeating: 0, count: model.config.seqLen)) else {
                continue
            }
            var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding)]
            model.step(&slots, in: model.makeWorkspace())
        }
    }

    /// Reads profiles and models again. A set with anything wrong in it, its models included, changes nothing. Requests
    /// that were prepared before keep what they have.
    /// - Throws: what `ProfileSource.load` or `ModelStore.refreshed` throw; `ProfileSource.problems` tells it.
    package func reload() throws {
        try reloading.withLock { _ in
            let set = try source.load()
            let loaded = try models.refreshed(for: set.profiles, preloads: preloads)
            current.withLock { current in
                current = set
                models.install(loaded)
                verifiers.keep(set)
            }
        }
    }

    /// The profile that a request means and its models, of one and the same set; a reload waits meanwhile.
    func lookUp(_ request: PuzzleRequest) throws(Refusal) -> (Profile, ProfileModels) {
        try current.withLock { profiles -> Result<(Profile, ProfileModels), Refusal> in
            do {
                let profile = try profiles.select(profile: request.profile, task: request.task)
                return .success((profile, try models.models(of: profile)))
            } catch let error as ProfileSelectionError {
                return .failure(Refusal(error))
            } catch let error as ModelLoadError {
                return .failure(Refusal(error))
            } catch {
                return .failure(Refusal(.defect, "\(error)"))
            }
        }.get()
    }
}
