import JSON
import Profiles
import Rollouts
import TRM
import Testing

@Suite struct OverrideTests {
    static let base: SearchSettings = {
        var settings = SearchSettings()
        settings.K = 50
        settings.qThreshold = 3
        settings.ramp = .init(start: 1, factor: 2, every: 4)
        settings.limits = .init(maxSteps: 2000, timeMs: 100)
        return settings
    }()

    @Test func changesWhatIsNamed() throws {
        let settings = try Self.base.applying(overrides: [
            "K": 16, "sigma": 2, "noise": "z_H", "q_threshold": 4.5, "verify": "report", "check_every": 8, "seed": 7,
            "limits": ["max_steps": nil, "deadline_ms": 5], "views": "all",
        ])
        var expected = Self.base
        expected.K = 16
        expected.sigma = 2
        expected.noise = .zH
        expected.qThreshold = 4.5
        expected.verify = .report
        expected.checkEvery = 8
        expected.seed = 7
        expected.limits = .init(timeMs: 100, deadlineMs: 5)
        expected.views = .all
        #expect(settings == expected)
    }

    @Test func nothingChangesNothing() throws {
        #expect(try Self.base.applying(overrides: [:]) == Self.base)
        #expect(try Self.base.applying(overrides: ["limits": nil]) == Self.base)
        // What has no null of its own, as tables fill the gaps of a row.
        #expect(try Self.base.applying(overrides: ["K": nil, "sigma": nil, "ramp": nil, "engines": nil]) == Self.base)
    }

    @Test func aNumberWithoutAFractionIsAnInteger() throws {
        let settings = try Self.base.applying(overrides: ["K": 4.0, "limits": ["max_steps": 100.0], "seed": 3.0])
        #expect(settings.K == 4 && settings.limits.maxSteps == 100 && settings.seed == 3)
    }

    /// The profiles of the paper's Algorithm 1 can be reached from any profile.
    @Test func reachesAlgorithm1() throws {
        let settings = try Self.base.applying(overrides: [
            "q_threshold": nil, "ramp": "none", "verify": "off", "first_rollout": "noisy", "stop": "all",
            "views": "none", "selection": "best_q", "noise": "z_L", "limits": ["max_steps": nil, "time_ms": nil],
        ])
        #expect(settings.qThreshold == nil && settings.ramp == nil && settings.verify == .off)
        #expect(settings.firstRollout == .noisy && settings.stop == .all && settings.limits == .init())
    }

    @Test(
        arguments: [
            (["K": "16"], "overrides.K", "K: expected an integer from 1 to 100000, found \"16\""),
            (["K": 1.5], "overrides.K", "K: expected an integer from 1 to 100000, found 1.5"),
            (["sigma": -1], "overrides.sigma", "sigma: expected a number from 0 to 100, found -1"),
            (["stop": "al"], "overrides.stop", "stop: expected first or all, found \"al\"; did you mean all?"),
            // The kelvin sign.
            (["\u{212A}": 1], "overrides.\u{212A}", "unknown setting \"\u{212A}\"; did you mean K?"),
            (["sigmma": 1], "overrides.sigmma", "unknown setting \"sigmma\"; did you mean sigma?"),
            (["task": "sudoku"], "overrides.task", "task belongs to the profile and cannot be overridden"),
            (["model": "x"], "overrides.model", "model belongs to the profile and cannot be overridden"),
            (["precision": "fp32"], "overrides.precision", "precision belongs to the profile and cannot be overridden"),
            (
                ["calibration": nil], "overrides.calibration",
                "calibration belongs to the profile and cannot be overridden"
            ),
            (
                ["description": "x"], "overrides.description",
                "description belongs to the profile and cannot be overridden"
            ),
            (
                ["ramp": ["start": 1, "factor": 0, "every": 1]], "overrides.ramp.factor",
                "ramp.factor: expected a number from 1 to 100000, found 0"
            ),
            (
                ["limits": ["time": 1]], "overrides.limits.time",
                "limits.time: unknown key \"time\"; did you mean time_ms?"
            ),
            (["D": 5, "quorum": 0], "overrides.quorum", "quorum: expected an integer from 1 to 100000, found 0"),
        ] as [(JSONObject, String, String)])
    func refuses(_ overrides: JSONObject, _ field: String, _ message: String) {
        let error = #expect(throws: OverrideError.self) { try Self.base.applying(overrides: overrides) }
        #expect(error?.description == "\(field): \(message)")
    }

    /// For programs: what would have been right.
    @Test(
        arguments: [
            (["sigmma": 1], "sigma", "q_threshold"), (["limits": ["time": 1]], "time_ms", "max_steps"),
        ] as [(JSONObject, String, String)])
    func unknownKeysComeWithTheKnownOnes(_ overrides: JSONObject, nearest: String, other: String) {
        let error = #expect(throws: OverrideError.self) { try Self.base.applying(overrides: overrides) }
        #expect(error?.nearest == nearest)
        #expect(error?.known.contains(nearest) == true && error?.known.contains(other) == true)
    }

    @Test func namesTheKeysWhenNoneIsNear() {
        let error = #expect(throws: OverrideError.self) { try Self.base.applying(overrides: ["temperature": 1]) }
        #expect(error?.message.contains("expected K, D, sigma, noise, seed") == true)
        #expect(error?.message.contains("task") == false)
    }
}
