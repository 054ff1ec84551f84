import JSON
import Profiles
import Puzzles
import Randomness
import Rollouts
import TRM
import TestSupport
import Testing
import Verifiers

@Suite struct ProfileWritingTests {
    @Test func showsEveryKey() throws {
        let profile = try #require(try parse(fileWith("ramp: {start: 1, factor: 2, every: 4}"))["s"])
        #expect(
            profile.yaml == """
                version: 1
                profiles:
                  s:
                    task: sudoku
                    model: sudoku-9x9
                    ldt_model: null
                    description: null
                    K: 100
                    D: 16
                    sigma: 0.2
                    noise: z_L
                    seed: 0
                    first_rollout: deterministic
                    q_threshold: 0.0
                    min_steps: 1
                    patience: 1
                    quorum: 1
                    stop: first
                    verify: null
                    check_every: null
                    ramp: {start: 1, factor: 2.0, every: 4}
                    proposals: none
                    resampling: none
                    views: none
                    augmentations: null
                    selection: best_q
                    engines: [ptrm]
                    handover_steps: null
                    deduction: {threshold: 6.0, still: 1, width: 1, order: depth_first, temperature: 0.0, restarts: 0, restart_after: null}
                    lone_question: any
                    limits: {max_steps: null, time_ms: null, deadline_ms: null, conflicts: null}
                    verifier: null
                    precision: auto
                    preload: null
                    calibration: null

                """)
    }

    @Test(arguments: 0..<100)
    func whatIsShownReadsBack(_ seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let profiles = (0..<3).map { Profile.random(name: "p-\($0).x", using: &random) }
        let set = ProfileSet(profiles)
        let back = try parse(set.yaml)
        #expect(back.profiles.map(\.name) == profiles.map(\.name))
        for (profile, again) in zip(profiles, back.profiles) {
            #expect(again.values == profile.values)
            #expect(again.search == profile.search && again.calibration == profile.calibration)
            #expect(again.verifier == profile.verifier)
            #expect(again.precision == profile.precision && again.description == profile.description)
        }
        #expect(back.yaml == set.yaml)
        // The values of a search are its overrides too.
        for profile in profiles {
            var overrides = profile.values
            for key in ["task", "model", "ldt_model", "description", "verifier", "precision", "preload", "calibration"]
            {
                overrides[key] = nil
            }
            #expect(try SearchSettings().applying(overrides: overrides) == profile.search)
        }
    }
}

extension Profile {
    static func random(name: String, using random: inout SplitMix) -> Profile {
        var profile = Profile(name: name, place: SourcePlace(file: "p", line: 1, column: 1))
        profile.task = Bool.random(using: &random) ? "sudoku" : "lightup"
        profile.model = ["sudoku-9x9", "lightup-10", "a/b: c", "é.pt", "\"'.pt"].randomElement(using: &random) ?? ""
        profile.search = .random(using: &random)
        if profile.search.selection == .score || Bool.random(using: &random) {
            var verifier = VerifierSettings(command: ["python3", "a b.py", "\"'"])
            verifier.processes = .random(in: VerifierSettings.Ranges.processes, using: &random)
            verifier.timeoutMs = .random(in: VerifierSettings.Ranges.milliseconds, using: &random)
            verifier.folder = "conf/"
            profile.verifier = verifier
        }
        profile.precision = Precision.allCases.randomElement(using: &random) ?? .auto
        profile.preload = [nil, true, false].randomElement(using: &random) ?? nil
        profile.description =
            [nil, "plain words", "a: b # c", " \n\t\"\\ ", "null", "12"].randomElement(using: &random) ?? nil
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            profile.calibration = .platt(
                scale: .random(in: 0...1000, using: &random), offset: .random(in: -1000...1000, using: &random))
        case 1:
            let count = Int.random(in: 2...20, using: &random)
            let q = (0..<count).map { _ in Double.random(in: -1e6...1e6, using: &random) }.sorted()
            let probabilities = (0..<count).map { _ in Double.random(in: 0...1, using: &random) }.sorted()
            profile.calibration = .isotonic(zip(q, probabilities).map { .init(q: $0, probability: $1) })
        default: break
        }
        return profile
    }
}

extension SearchSettings {
    static func random(using random: inout SplitMix) -> SearchSettings {
        func optional(_ range: ClosedRange<Int>) -> Int? {
            Bool.random(using: &random) ? Int.random(in: range, using: &random) : nil
        }
        var settings = SearchSettings()
        settings.K = .random(in: Ranges.K, using: &random)
        settings.D = .random(in: Ranges.D, using: &random)
        settings.sigma = .random(in: 0...100, using: &random)
        settings.noise = NoiseTarget.allCases.randomElement(using: &random) ?? .zL
        settings.seed = random.next() >> 1
        settings.firstRollout = Bool.random(using: &random) ? .deterministic : .noisy
        settings.qThreshold = Bool.random(using: &random) ? .random(in: -1e6...1e6, using: &random) : nil
        settings.minSteps = .random(in: Ranges.minSteps, using: &random)
        settings.patience = .random(in: Ranges.patience, using: &random)
        settings.quorum = .random(in: Ranges.quorum, using: &random)
        settings.stop = Bool.random(using: &random) ? .first : .all
        settings.verify = [nil, .require, .report, .off].randomElement(using: &random) ?? nil
        settings.checkEvery = optional(Ranges.checkEvery)
        settings.engines =
            [[.ptrm], [.exact], [.ptrm, .exact], [.exact, .ptrm]].randomElement(using: &random) ?? [.ptrm]
        settings.handoverSteps = optional(Ranges.maxSteps)
        settings.loneQuestion = Bool.random(using: &random) ? .any : .shaded
        if Bool.random(using: &random) {
            settings.ramp = Ramp(
                start: .random(in: Ranges.rampStart, using: &random),
                factor: .random(in: Ranges.rampFactor, using: &random),
                every: .random(in: Ranges.rampEvery, using: &random))
        }
        if Bool.random(using: &random) {
            var proposals = Proposals()
            proposals.after = .random(in: Ranges.proposalsAfter, using: &random)
            proposals.retire = .random(in: Ranges.proposalsRetire, using: &random)
            proposals.alive = .random(in: Ranges.proposalsAlive, using: &random)
            proposals.mix = (0..<Int.random(in: Ranges.proposalsMix, using: &random)).map { _ in
                ProposalKind.allCases.randomElement(using: &random) ?? .view
            }
            proposals.viewSteps = .random(in: Ranges.proposalsSteps, using: &random)
            proposals.guessSteps = .random(in: Ranges.proposalsSteps, using: &random)
            proposals.repairSteps = .random(in: Ranges.proposalsSteps, using: &random)
            settings.proposals = proposals
        }
        if Bool.random(using: &random) {
            var resampling = Resampling()
            resampling.every = .random(in: Ranges.resamplingEvery, using: &random)
            resampling.temperature = .random(in: Ranges.resamplingTemperature, using: &random)
            resampling.minEss = .random(in: Ranges.resamplingMinEss, using: &random)
            settings.resampling = resampling
        }
        settings.views = Views.allCases.randomElement(using: &random) ?? .none
        settings.augmentations = optional(Ranges.augmentations)
        settings.selection = Selection.allCases.randomElement(using: &random) ?? .mode
        settings.limits = Limits(
            maxSteps: optional(Ranges.maxSteps), timeMs: optional(Ranges.milliseconds),
            deadlineMs: optional(Ranges.milliseconds), conflicts: optional(Ranges.conflicts))
        return settings
    }
}
