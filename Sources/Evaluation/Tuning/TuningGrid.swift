package import Rollouts
package import TRM

/// The settings that tuning tries. Noise scale, target and views need puzzles recorded anew; the rest is replayed.
package struct TuningGrid: Sendable {
    package var sigmas: [Float] = [0.1, 0.3, 1]
    package var noises: [NoiseTarget] = [.zL, .zH]
    package var views: [SearchSettings.Views] = [.none]
    /// Rollouts and steps at most.
    package var K = 16
    package var D = 32
    package var qThresholds: [Float] = [-1, 0, 1, 2, 3, 4, 5]
    package var ramps: [SearchSettings.Ramp?] = [
        nil, .init(start: 1, factor: 2, every: 2), .init(start: 1, factor: 2, every: 4),
        .init(start: 1, factor: 2, every: 8), .init(start: 1, factor: 4, every: 4),
    ]

    package init() {}

    /// The conditions to record, that of the base profile first.
    package func conditions(_ base: SearchSettings) -> [Condition] {
        var conditions = [Condition(base)]
        for sigma in sigmas {
            for noise in noises {
                for views in views {
                    var condition = Condition(base)
                    (condition.sigma, condition.noise, condition.views) = (sigma, noise, views)
                    if !conditions.contains(condition) { conditions.append(condition) }
                }
            }
        }
        return conditions
    }

    /// Every search to replay under a condition; cheaper ones first, so that ties go to them. Under the base profile's
    /// own condition its search is one of them.
    package func searches(_ base: SearchSettings, _ condition: Condition, goal: TuningGoal) -> [SearchSettings] {
        var list: [SearchSettings] = []
        for D in Self.levels(D, from: 8, factor: 2) {
            for K in Self.levels(K, from: 1, factor: 4) {
                for ramp in K == 1 ? [nil] : ramps {
                    for threshold in qThresholds {
                        var settings = served(condition.applied(to: base), goal: goal)
                        (settings.K, settings.D, settings.ramp, settings.qThreshold) = (K, D, ramp, threshold)
                        list.append(settings)
                    }
                }
            }
        }
        guard condition == Condition(base) else { return list }
        let own = served(cut(base), goal: goal)
        return list.contains(own) ? list : list + [own]
    }

    /// A search cut to the recorded rollouts and steps.
    package func cut(_ settings: SearchSettings) -> SearchSettings {
        var settings = settings
        (settings.K, settings.D) = (min(settings.K, K), min(settings.D, D))
        return settings
    }

    /// The search as one to serve, within the goal's budget.
    private func served(_ settings: SearchSettings, goal: TuningGoal) -> SearchSettings {
        var settings = goal.limiting(settings)
        settings.stop = .first
        // A profile that measures Q alone becomes one to serve: rules that there are decide.
        if settings.verify == .off { settings.verify = nil }
        return settings
    }

    /// `from`, `from` x `factor`, ... below `most`, and `most`.
    static func levels(_ most: Int, from: Int, factor: Int) -> [Int] {
        var levels: [Int] = []
        var level = from
        while level < most {
            levels.append(level)
            level *= factor
        }
        return levels + [most]
    }
}
