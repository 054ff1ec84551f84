import Exact
package import LineProtocol
import Profiles
import Puzzles
import Rollouts
import Scheduling
import Solving
import Verifiers

/// What control methods tell of the service.
extension SolverService {
    /// The models of all profiles.
    var modelInfos: [ModelInfo] {
        catalogue.loadAllModels()
        return catalogue.models.models.map {
            ModelInfo(
                name: $0.name, task: $0.task, parameters: $0.parameters, source: $0.isBundled ? "bundled" : $0.name,
                sha256: $0.sha256)
        }
    }

    var profileInfos: [ProfileInfo] {
        catalogue.profiles.profiles.map {
            ProfileInfo(
                name: $0.name, task: $0.task, model: $0.model, description: $0.description, settings: $0.values)
        }
    }

    /// Every kind of puzzle, with the profiles in force that solve it.
    var taskInfos: [TaskInfo] {
        let profiles = catalogue.profiles.profiles
        // What the file declares is solved by the rules that it states.
        let declared = catalogue.profiles.tasks.map(\.declaration.task)
        return (Tasks.all + declared).map { task in
            TaskInfo(
                name: task.name, title: task.title, notations: task.notations, addresses: task.linkNames,
                hasRules: task.hasChecker, hasSymmetries: task.hasSymmetries,
                hasExactSearch: ExactSearch.tasks.contains(task.name) || (task.trainingShape != nil && task.hasChecker),
                profiles: profiles.filter { $0.task == task.name }.map { profile in
                    TaskInfo.ProfileUse(
                        name: profile.name, model: profile.model ?? profile.deducer,
                        engines: profile.search.engines.map(\.rawValue),
                        largestSide: largestSide(of: profile))
                })
        }
    }

    /// Of the boards that the profile's model takes; nil without one.
    private func largestSide(of profile: Profile) -> Int? {
        guard let models = try? catalogue.models.models(of: profile) else { return nil }
        return (models.rollouts ?? models.deduction)?.shape.side
    }

    package var stats: StatsInfo {
        var stats = counters.snapshot(order: catalogue.profiles.profiles.map(\.name), load: scheduler.load)
        stats.draining = isDraining
        stats.connections = connectionCount
        stats.threads = scheduler.threadCount
        stats.verifiers = catalogue.profiles.profiles.compactMap { profile in
            catalogue.verifiers.counts(of: profile.name).map { StatsInfo.Verifier($0, profile: profile.name) }
        }
        return stats
    }
}

extension StatsInfo.Verifier {
    fileprivate init(_ counts: VerifierCounts, profile: String) {
        self.init(profile: profile)
        verdicts = counts.verdicts
        unanswered = counts.unanswered
        starts = counts.starts
        running = counts.running
        waiting = counts.waiting
        faults = VerifierFault.allCases.map { ($0.rawValue, counts.faults[$0] ?? 0) }
    }
}
