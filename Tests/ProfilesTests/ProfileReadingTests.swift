import JSON
import Profiles
import Puzzles
import Rollouts
import TRM
import Testing

@Suite struct ProfileReadingTests {
    @Test func absentKeysHaveTheirDefaults() throws {
        let set = try parse("version: 1\nprofiles:\n  s: {task: sudoku, model: sudoku-9x9}\n")
        let profile = try #require(set["s"])
        #expect(profile.search == SearchSettings())
        #expect(profile.precision == .auto && profile.calibration == nil && profile.description == nil)
        #expect(profile.modelFile == nil)
        #expect(profile.place == SourcePlace(file: "conf/p.yaml", line: 3, column: 3))
        #expect(profile.modelPlace == SourcePlace(file: "conf/p.yaml", line: 3, column: 28))
    }

    @Test func readsEveryKey() throws {
        let profile = try #require(
            try parse(
                """
                version: 1
                profiles:
                  every:
                    task: lightup
                    model: "lightup-10"
                    description: "all: of them"
                    K: 7
                    D: 0x10
                    sigma: 1
                    noise: both
                    seed: 9223372036854775807
                    first_rollout: noisy
                    q_threshold: -1.5
                    min_steps: 2
                    patience: 3
                    quorum: 4
                    stop: all
                    verify: off
                    check_every: 5
                    ramp: {start: 2, factor: 1.5, every: 6}
                    proposals: {after: 9, retire: 8, alive: 7, mix: [repair, view, repair], view_steps: 6, guess_steps: 5, repair_steps: 4}
                    resampling: {every: 3, temperature: 0.5, min_ess: 0.25}
                    views: some
                    augmentations: 9
                    selection: top1
                    engines: [exact, ptrm]
                    handover_steps: 256
                    lone_question: shaded
                    limits: {max_steps: 1, time_ms: 100, deadline_ms: 200, conflicts: 300}
                    precision: bf16
                    calibration: {method: platt, scale: 0.5, offset: -1}
                """)["every"])
        var expected = SearchSettings()
        expected.K = 7
        expected.D = 16
        expected.sigma = 1
        expected.noise = .both
        expected.seed = UInt64(Int64.max)
        expected.firstRollout = .noisy
        expected.qThreshold = -1.5
        expected.minSteps = 2
        expected.patience = 3
        expected.quorum = 4
        expected.stop = .all
        expected.verify = .off
        expected.checkEvery = 5
        expected.ramp = .init(start: 2, factor: 1.5, every: 6)
        var proposals = SearchSettings.Proposals()
        (proposals.after, proposals.retire, proposals.alive) = (9, 8, 7)
        proposals.mix = [.repair, .view, .repair]
        (proposals.viewSteps, proposals.guessSteps, proposals.repairSteps) = (6, 5, 4)
        expected.proposals = proposals
        var resampling = SearchSettings.Resampling()
        (resampling.every, resampling.temperature, resampling.minEss) = (3, 0.5, 0.25)
        expected.resampling = resampling
        expected.views = .some
        expected.augmentations = 9
        expected.selection = .top1
        expected.engines = [.exact, .ptrm]
        expected.handoverSteps = 256
        expected.loneQuestion = .shaded
        expected.limits = .init(maxSteps: 1, timeMs: 100, deadlineMs: 200, conflicts: 300)
        #expect(profile.search == expected)
        #expect(profile.task == "lightup" && profile.model == "lightup-10" && profile.description == "all: of them")
        #expect(profile.precision == .bf16 && profile.calibration == .platt(scale: 0.5, offset: -1))
    }

    /// Each key is set to something else than its default in `readsEveryKey`; a key that is added to the table and
    /// not to that test shows up here.
    @Test func noKeyIsForgotten() throws {
        let values = try #require(try parse(fileWith("K: 1"))["s"]).values
        #expect(
            values.keys == [
                "task", "model", "description", "K", "D", "sigma", "noise", "seed", "first_rollout", "q_threshold",
                "min_steps", "patience", "quorum", "stop", "verify", "check_every", "ramp", "proposals", "resampling",
                "views",
                "augmentations", "selection", "engines", "handover_steps", "lone_question", "limits", "verifier",
                "precision", "calibration",
            ])
    }

    @Test func nullTakesADefaultAway() throws {
        let text = """
            version: 1
            defaults:
              task: sudoku
              model: sudoku-9x9
              q_threshold: 4
              check_every: 2
              verify: report
              ramp: {start: 1, factor: 2, every: 4}
              limits: {max_steps: 10, time_ms: 20}
              calibration: {method: isotonic, points: [[0, 0], [1, 1]]}
              description: common
            profiles:
              plain: {}
              other:
                q_threshold: null
                check_every: ~
                verify:
                ramp: none
                limits: {max_steps: null, deadline_ms: 30}
                calibration: null
                description: null
                model: lightup-10
            """
        let set = try parse(text)
        let plain = try #require(set["plain"])
        let other = try #require(set["other"])
        #expect(set.profiles.map(\.name) == ["plain", "other"])
        #expect(plain.search.qThreshold == 4 && plain.search.checkEvery == 2 && plain.search.verify == .report)
        #expect(plain.search.ramp == .init(start: 1, factor: 2, every: 4) && plain.description == "common")
        #expect(plain.search.limits == .init(maxSteps: 10, timeMs: 20) && plain.calibration != nil)
        #expect(plain.modelPlace.line == 4 && plain.place.line == 13)
        #expect(other.search.qThreshold == nil && other.search.checkEvery == nil && other.search.verify == nil)
        #expect(other.search.ramp == nil && other.calibration == nil && other.description == nil)
        #expect(other.search.limits == .init(timeMs: 20, deadlineMs: 30))
        #expect(other.model == "lightup-10" && other.modelPlace.line == 22)
    }

    @Test(arguments: ["defaults:", "defaults: {}", "defaults: ~", "# none"])
    func defaultsMayBeEmpty(_ section: String) {
        #expect(problems("version: 1\n\(section)\nprofiles: {s: {task: sudoku, model: sudoku-9x9}}\n") == [])
    }

    /// Model, path of the profiles' file, resolved path of the model's file.
    @Test(
        arguments: [
            ("sudoku-9x9", "conf/p.yaml", nil),
            ("x.safetensors", "conf/p.yaml", "conf/x.safetensors"),
            ("x.pt", "conf/p.yaml", "conf/x.pt"),
            ("./step_1000", "/etc/p.yaml", "/etc/./step_1000"),
            ("../models/x.pt", "/etc/ptrmd/p.yaml", "/etc/ptrmd/../models/x.pt"),
            ("/models/x.pt", "/etc/p.yaml", "/models/x.pt"),
            ("x.pt", "p.yaml", "x.pt"),
        ] as [(String, String, String?)])
    func modelsArePathsRelativeToTheFile(_ model: String, _ path: String, _ expected: String?) throws {
        let text = "version: 1\nprofiles: {s: {task: sudoku, model: '\(model)'}}\n"
        let profile = try #require(try parse(text, path: path)["s"])
        #expect(profile.modelFile == expected && profile.model == model)
    }

    @Test func confidenceIsTheSigmoidUnlessCalibrated() throws {
        let plain = try #require(try parse(fileWith("K: 1"))["s"])
        #expect(plain.confidence(q: 0) == 0.5)
        let calibrated = try #require(try parse(fileWith("calibration: {method: platt, scale: 1, offset: 50}"))["s"])
        #expect(calibrated.confidence(q: 0) > 0.999)
    }
}
