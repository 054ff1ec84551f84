import Profiles
import Testing
import YAML

@Suite struct ProfileRefusalTests {
    /// The last line of a profile, and its diagnostics.
    static let lines: [(String, [String])] = [
        ("sigmaa: 1", [#"6:5: unknown key "sigmaa"; did you mean sigma?"#]),
        ("Sigma: 1", [#"6:5: unknown key "Sigma"; did you mean sigma?"#]),
        ("q_treshold: 1", [#"6:5: unknown key "q_treshold"; did you mean q_threshold?"#]),
        ("task: sudoku", ["6:5: duplicate key task, first written in line 4"]),
        (#"K: "100""#, [#"6:8: K: expected an integer from 1 to 100000, found "100""#]),
        ("K: 0", ["6:8: K: expected an integer from 1 to 100000, found 0"]),
        ("K: 100001", ["6:8: K: expected an integer from 1 to 100000, found 100001"]),
        ("K: 10.5", ["6:8: K: expected an integer from 1 to 100000, found 10.5"]),
        ("K: [1]", ["6:8: K: expected an integer from 1 to 100000, found [1]"]),
        ("K:", ["6:7: K: expected an integer from 1 to 100000, found null"]),
        ("K: 1_000", [#"6:8: K: expected an integer from 1 to 100000, found "1_000""#]),
        ("sigma: -0.1", ["6:12: sigma: expected a number from 0 to 100, found -0.1"]),
        ("sigma: .nan", ["6:12: sigma: expected a number from 0 to 100, found nan"]),
        ("sigma: .inf", ["6:12: sigma: expected a number from 0 to 100, found inf"]),
        ("sigma: true", ["6:12: sigma: expected a number from 0 to 100, found true"]),
        ("sigma: null", ["6:12: sigma: expected a number from 0 to 100, found null"]),
        ("noise: z_h", [#"6:12: noise: expected z_L, z_H or both, found "z_h"; did you mean z_H?"#]),
        ("noise: 1", ["6:12: noise: expected z_L, z_H or both, found 1"]),
        ("seed: -1", ["6:11: seed: expected an integer from 0 to 9223372036854775807, found -1"]),
        (
            "seed: 9223372036854775808",
            ["6:11: seed: expected an integer from 0 to 9223372036854775807, found 9.223372036854776e+18"]
        ),
        (
            "first_rollout: determinstic",
            [
                #"6:20: first_rollout: expected deterministic or noisy, found "determinstic"; "#
                    + "did you mean deterministic?"
            ]
        ),
        (
            "q_threshold: high",
            [#"6:18: q_threshold: expected a number from -1000000 to 1000000, or null, found "high""#]
        ),
        ("verify: require_all", [#"6:13: verify: expected require, report or off, or null, found "require_all""#]),
        ("verify: ofd", [#"6:13: verify: expected require, report or off, or null, found "ofd"; did you mean off?"#]),
        ("views: no", [#"6:12: views: expected none, some or all, found "no""#]),
        ("ramp: 4", ["6:11: ramp: expected none or {start, factor, every}, found 4"]),
        (
            "proposals: some",
            [
                "6:16: proposals: expected none or {after, retire, alive, mix, view_steps, guess_steps, repair_steps}, found "
                    + "\"some\""
            ]
        ),
        (
            "resampling: {min_ess: 2}", ["6:27: resampling.min_ess: expected a number from 0 to 1, found 2"]
        ),
        ("proposals: {alive: 0}", ["6:24: proposals.alive: expected an integer from 1 to 1000, found 0"]),
        (
            "proposals: {mix: []}",
            ["6:22: proposals.mix: expected a list of 1 to 16 of view, guess or repair, found []"]
        ),
        (
            "proposals: {mix: [view, repare]}",
            ["6:29: proposals.mix[1]: expected view, guess or repair, found \"repare\"; did you mean repair?"]
        ),
        ("ramp: null", ["6:11: ramp: expected none or {start, factor, every}, found null"]),
        ("ramp: nome", [#"6:11: ramp: expected none or {start, factor, every}, found "nome""#]),
        ("ramp: {start: 1, factor: 2}", ["6:11: ramp: every is missing; expected {start, factor, every}"]),
        (
            "ramp: {start: 1, factr: 2, every: 0}",
            [
                "6:11: ramp: factor is missing; expected {start, factor, every}",
                #"6:22: ramp.factr: unknown key "factr"; did you mean factor?"#,
                "6:39: ramp.every: expected an integer from 1 to 100000, found 0",
            ]
        ),
        (
            "ramp: {start: 1, factor: 0.5, every: 1}",
            ["6:30: ramp.factor: expected a number from 1 to 100000, found 0.5"]
        ),
        ("engines: ptrm", ["6:14: engines: expected a list of ptrm, exact or ldt, each once, found \"ptrm\""]),
        ("engines: []", ["6:14: engines: expected a list of ptrm, exact or ldt, each once, found []"]),
        (
            "engines: [exact, exact]",
            ["6:14: engines: expected a list of ptrm, exact or ldt, each once, found [\"exact\",\"exact\"]"]
        ),
        ("engines: [exac]", [#"6:15: engines[0]: expected ptrm, exact or ldt, found "exac"; did you mean exact?"#]),
        ("engines: [ldt]", ["3:3: the profile s has no ldt_model, which the engine ldt needs"]),
        (
            "ldt_model: sudoku",
            [
                "6:16: unknown model \"sudoku\"; did you mean sudoku-9x9?; a path contains a slash or ends in .safetensors or .pt"
            ]
        ),
        (
            "deduction: {threshold: high}",
            ["6:28: deduction.threshold: expected a number from -100 to 100, found \"high\""]
        ),
        ("limits: 5", ["6:13: limits: expected {max_steps, time_ms, deadline_ms, conflicts}, or null, found 5"]),
        (
            "limits: {max_steps: 0}",
            ["6:25: limits.max_steps: expected an integer from 1 to 10000000000, or null, found 0"]
        ),
        (
            "limits: {max_step: 5, time_ms: 1s}",
            [
                #"6:14: limits.max_step: unknown key "max_step"; did you mean max_steps?"#,
                #"6:36: limits.time_ms: expected an integer from 1 to 1000000000000, or null, found "1s""#,
            ]
        ),
        (
            "limits: {a: 1, a: 2}",
            [
                "6:14: limits.a: unknown key \"a\"; expected max_steps, time_ms, deadline_ms or conflicts",
                "6:20: duplicate key a, first written in line 6",
            ]
        ),
        ("precision: fp16", [#"6:16: precision: expected auto, float, fp32, bf16 or int8, found "fp16""#]),
        ("preload: yes", [#"6:14: preload: expected true or false, or null, found "yes""#]),
        ("description: 5", ["6:18: description: expected a string of 1 to 1000 characters, or null, found 5"]),
        ("description: ''", [#"6:18: description: expected a string of 1 to 1000 characters, or null, found """#]),
        (
            "calibration: sigmoid",
            [
                "6:18: calibration: expected {method: platt, scale, offset} or {method: isotonic, points}, or null, "
                    + #"found "sigmoid""#
            ]
        ),
        (
            "calibration: {scale: 1}",
            [
                "6:18: calibration: method is missing; expected {method: platt, scale, offset} or {method: isotonic, points}"
            ]
        ),
        (
            "calibration: {method: plat, scale: 1, offset: 1}",
            [#"6:27: calibration.method: expected platt or isotonic, found "plat"; did you mean platt?"#]
        ),
        (
            "calibration: {method: platt, scale: -1, points: []}",
            [
                "6:18: calibration: offset is missing; expected {method: platt, scale, offset} or "
                    + "{method: isotonic, points}",
                "6:41: calibration.scale: expected a number from 0 to 1000, found -1",
                #"6:45: calibration.points: unknown key "points"; expected method, scale or offset"#,
            ]
        ),
        (
            "calibration: {method: isotonic, points: [[0, 0]]}",
            ["6:45: calibration.points: expected a list of 2 to 10000 pairs [q, probability], found [[0,0]]"]
        ),
        (
            "calibration: {method: isotonic, points: [[0, 0], [0, 1]]}",
            ["6:54: calibration.points[1]: q must rise from point to point: 0.0 after 0.0"]
        ),
        (
            "calibration: {method: isotonic, points: [[0, 0.5], [1, 0.4], [0, 0]]}",
            ["6:56: calibration.points[1]: the probability must not fall: 0.4 after 0.5"]
        ),
        (
            "calibration: {method: isotonic, points: [[0, 0], [1, 1.5]]}",
            ["6:54: calibration.points[1]: expected a probability from 0 to 1, found 1.5"]
        ),
        (
            "calibration: {method: isotonic, points: [[0, 0], [1, 1, 1]]}",
            ["6:54: calibration.points[1]: expected a pair [q, probability], found [1,1,1]"]
        ),
        (
            "calibration: {method: isotonic, points: [[0, 0], [.inf, 1]]}",
            ["6:54: calibration.points[1]: q: expected a number from -1000000 to 1000000, found inf"]
        ),
        ("K: &x 5", ["6:8: anchors (&x) are not accepted"]),
        ("K: !!int 5", ["6:8: tags (tag:yaml.org,2002:int) are not accepted"]),
        ("[a]: 5", ["6:5: a key must be a single word or string"]),
    ]

    @Test(arguments: lines)
    func refusesALine(_ line: String, _ expected: [String]) {
        #expect(problems(fileWith(line)) == expected)
    }

    static let files: [(String, [String])] = [
        ("", ["1:1: expected a mapping with version, defaults, tasks and profiles"]),
        ("- 1\n", ["1:1: expected a mapping with version, defaults, tasks and profiles"]),
        ("version: 1\n", ["1:1: profiles is missing: a mapping of at least one name to its settings"]),
        (
            "version: 1\ntasks: {t: {size: 3, input: \".1\", output: \"1\"}}\n",
            ["1:1: profiles is missing, and no task states rules that exact search could go by"]
        ),
        ("version: 1\nprofiles: {}\n", ["2:11: expected a mapping of at least one profile, found {}"]),
        ("version: 1\nprofiles: [s]\n", ["2:11: expected a mapping of at least one profile, found [\"s\"]"]),
        (
            "profiles: {s: {task: sudoku, model: sudoku-9x9}}\n",
            ["1:1: version is missing; write version: 1"]
        ),
        (
            "version: 2\nprofiles: {s: {task: sudoku, model: sudoku-9x9}}\n",
            ["1:10: expected the version 1, found 2"]
        ),
        (
            "version: \"1\"\nprofile: {}\nprofiles: {s: {task: sudoku, model: sudoku-9x9}}\n",
            ["1:10: expected the version 1, found \"1\"", #"2:1: unknown key "profile"; did you mean profiles?"#]
        ),
        ("version: 1\nprofiles:\n  s:\n", ["3:5: expected a mapping of settings, found null"]),
        (
            "version: 1\nprofiles:\n  s: {}\n",
            ["3:3: the profile s has no task", "3:3: the profile s has no model, which the engine ptrm needs"]
        ),
        (
            "version: 1\ndefaults: 5\nprofiles: {s: {task: sudoku, model: sudoku-9x9}}\n",
            ["2:11: expected a mapping of settings, found 5"]
        ),
        (
            "version: 1\nprofiles: {a b: {task: sudoku, model: sudoku-9x9}}\n",
            [
                "2:12: a profile's name is 1 to 64 letters, digits, dots, dashes and underscores, found \"a b\""
            ]
        ),
        (
            "version: 1\nprofiles:\n  s: {task: sodoku, model: sudoku-9x8}\n",
            [
                #"3:13: unknown task "sodoku"; did you mean sudoku?"#,
                #"3:28: unknown model "sudoku-9x8"; did you mean sudoku-9x9?"#
                    + "; a path contains a slash or ends in .safetensors or .pt",
            ]
        ),
        (
            "version: 1\nprofiles:\n  s: {task: chess, model: 5}\n",
            [
                #"3:13: unknown task "chess"; expected sudoku or lightup"#,
                "3:27: model: expected a string of 1 to 4096 characters, or null, found 5",
            ]
        ),
        (
            "version: 1\nprofiles:\n  s: {task: sudoku, model: sudoku-9x9}\n  s: {task: sudoku, model: sudoku-9x9}\n",
            ["4:3: duplicate key s, first written in line 3"]
        ),
        (
            "version: 1\nprofiles: {s: {task: sudoku\n",
            ["3:1: while parsing a flow mapping: did not find expected ',' or '}'"]
        ),
        ("version: 1\n--- \nversion: 1\n", ["2:1: a second document; one file holds one"]),
    ]

    @Test(arguments: files)
    func refusesAFile(_ text: String, _ expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test func reportsEveryProblemInOrder() {
        let text = """
            version: 1
            defaults:
              sigma: 500
              stop: fist
            profiles:
              one:
                task: sudoku
                modell: sudoku-9x9
                K: many
              two:
                task: &t sudoku
                model: *m
                D: 1
                D: 2
              three: 3

            """
        #expect(
            problems(text) == [
                "3:10: sigma: expected a number from 0 to 100, found 500",
                #"4:9: stop: expected first or all, found "fist"; did you mean first?"#,
                "6:3: the profile one has no model, which the engine ptrm needs",
                #"8:5: unknown key "modell"; did you mean model?"#,
                #"9:8: K: expected an integer from 1 to 100000, found "many""#,
                // An alias stands for nothing, and nothing is no model.
                "10:3: the profile two has no model, which the engine ptrm needs",
                "11:11: anchors (&t) are not accepted",
                "12:12: aliases (*m) are not accepted; repeat the value",
                "14:5: duplicate key D, first written in line 13",
                "15:10: expected a mapping of settings, found 3",
            ])
    }

    /// Every problem on a line of its own, with the file's path.
    @Test func problemsAreListed() {
        let error = #expect(throws: ProfileErrors.self) { try parse(fileWith("K: 0\n    D: x")) }
        #expect(
            error?.description == """
                conf/p.yaml:6:8: K: expected an integer from 1 to 100000, found 0
                conf/p.yaml:7:8: D: expected an integer from 1 to 100000, found "x"
                """)
    }

    @Test func longValuesAreCutInMessages() {
        let line = "noise: \(String(repeating: "x", count: 5000))"
        #expect(
            problems(fileWith(line)) == [
                #"6:12: noise: expected z_L, z_H or both, found a string that starts with "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"#
            ])
    }

    @Test func limitsApply() throws {
        let text = Array(fileWith("K: 1").utf8)
        let tooLong = #expect(throws: ProfileErrors.self) {
            try ProfileSet.parse(
                text, path: "p", knownTasks: ["sudoku"], knownModels: ["sudoku-9x9"], limits: YAMLLimits(maxBytes: 10))
        }
        #expect(tooLong?.description == "p:1:1: longer than 10 bytes")
        let nested = fileWith("K: " + String(repeating: "[", count: 1000))
        #expect(problems(nested) == ["6:37: nested deeper than 32"])
        let many = "version: 1\nprofiles: [" + String(repeating: "a,", count: 100_000) + "]\n"
        #expect(problems(many) == ["2:200002: more than 100000 nodes"])
    }
}
