import Rollouts
import TRM
import Testing

/// Spellings and defaults that profiles, requests and answers rely on.
@Suite struct SettingsTests {
    @Test func spellings() {
        #expect(NoiseTarget.allCases.map(\.rawValue) == ["z_L", "z_H", "both"])
        #expect(Precision.allCases.map(\.rawValue) == ["auto", "float", "fp32", "bf16", "int8"])
        #expect(SearchSettings.FirstRollout.allCases.map(\.rawValue) == ["deterministic", "noisy"])
        #expect(SearchSettings.StopRule.allCases.map(\.rawValue) == ["first", "all"])
        #expect(SearchSettings.Verification.allCases.map(\.rawValue) == ["require", "report", "off"])
        #expect(SearchSettings.Views.allCases.map(\.rawValue) == ["none", "some", "all"])
        #expect(SearchSettings.Selection.allCases.map(\.rawValue) == ["best_q", "mode", "top1", "score"])
        #expect(
            StopReason.allCases.map(\.rawValue) == [
                "q_threshold", "verified", "quorum", "depth", "step_limit", "time_limit", "cancelled", "superseded",
                "shutdown", "exact", "no_solution", "conflict_limit", "deduced", "abstained",
            ])
    }

    @Test func defaults() {
        let settings = SearchSettings()
        #expect(settings.K == 100 && settings.D == 16 && settings.sigma == 0.2 && settings.noise == .zL)
        #expect(settings.seed == 0 && settings.firstRollout == .deterministic && settings.qThreshold == 0)
        #expect(settings.minSteps == 1 && settings.patience == 1 && settings.quorum == 1)
        #expect(settings.stop == .first && settings.verify == nil && settings.checkEvery == nil)
        #expect(settings.ramp == nil && settings.views == .none && settings.selection == .bestQ)
        #expect(settings.limits == SearchSettings.Limits())
    }

    /// Settings outside their ranges are refused where they are read; a search of them ends all the same.
    @Test func settingsOutsideTheirRangesDoNotTrap() {
        let world = World(q: [[-1, -1, -1]])
        for value in [0, -1, .min] {
            for change: (inout SearchSettings) -> Void in [
                { $0.K = value }, { $0.D = value }, { $0.patience = value }, { $0.minSteps = value },
                { $0.quorum = value }, { $0.checkEvery = value }, { $0.limits.maxSteps = value },
                { $0.ramp = .init(start: value, factor: Double(value), every: value) },
            ] {
                var search = Search(settings: .table(K: 1, D: 3, change), hasChecker: true)
                var demands = 0
                while demands < 20 {
                    demands += 1
                    switch search.next() {
                    case .step(let orders):
                        for order in orders {
                            search.record(world.report(rollout: 0, step: order.step), of: order.rollout)
                        }
                    case .decode(let rollouts):
                        for k in rollouts { search.record(world.candidate(rollout: k, steps: 1), of: k) }
                    case .finished: demands = 100
                    }
                }
                #expect(demands == 100)
            }
        }
    }
}
