import JSON
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension DaemonTests {
    /// `eval`, `trace`, `tune` and `tokens` on the bundled sudoku model.
    @Suite struct EvaluationCommandTests {
        static func puzzles(_ count: Int, in folder: TemporaryFolder) async throws -> String {
            let made = try await Daemon.run(["generate", "--task", "sudoku", "--count", "\(count)", "--seed", "77"])
            try folder.write(made.output, as: "puzzles.ndjson")
            return folder.file("puzzles.ndjson")
        }

        @Test func evalCountsWhatSearchesWouldDo() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(6, in: folder)
            let sweep = [
                "eval", file, "--K", "1,4", "--D", "2,8", "--sigma", "0,0.3", "--views", "none", "--json", "--plot",
                folder.file("plot.svg"), "--resume", folder.file("records.ndjson"),
            ]
            let result = try await Daemon.run(sweep)
            #expect(result.exitCode == 0 && result.errors == "")
            let report = try #require(result.replies.first ?? nil)
            let conditions = try #require(report["conditions"]?.arrayValue)
            #expect(conditions.count == 2 && report["puzzles"] == 6 && report["has_checker"] == true)
            for condition in conditions {
                let widths = condition["widths"]?.arrayValue ?? []
                #expect(widths.map { $0["K"] } == [1, 4, 1, 4] && widths.map { $0["D"] } == [2, 2, 8, 8])
                for width in widths {
                    let right = width["right"]
                    func count(_ measure: String) -> Int64 { right?[measure]?["count"]?.integerValue ?? -1 }
                    #expect(count("best_q") <= count("pass") && count("pass") <= count("verified"))
                    #expect(width["exact"]?["pass"] == right?["pass"])
                }
            }
            // Without noise all rollouts are the same one.
            let still = conditions[0]["widths"]?.arrayValue?[2]["right"]
            #expect(still?["first"] == conditions[0]["widths"]?.arrayValue?[3]["right"]?["pass"])
            let plot = try folder.text("plot.svg")
            #expect(plot.hasPrefix("<svg ") && plot.hasSuffix("</svg>\n") && plot.contains("best-Q@K"))

            // The file holds everything: going on from it, whole or cut off anywhere, gives the same report.
            let records = try folder.text("records.ndjson")
            #expect(records.split(separator: "\n").count == 1 + 2 * 6)
            try folder.write(String(records.dropLast(records.count / 3)), as: "records.ndjson")
            let again = try await Daemon.run(sweep)
            #expect(again.replies.first??["conditions"] == report["conditions"])
            #expect(try folder.text("records.ndjson").split(separator: "\n").count == 1 + 2 * 6)
            let other = try await Daemon.run(["eval", file, "--K", "2", "--resume", folder.file("records.ndjson")])
            #expect(other.exitCode == 2 && other.errors.contains("another measurement"))
            // A file of something else stays as it is, also without a line end.
            try folder.write("{\"my\":\"results\"}", as: "mine.json")
            let mine = try await Daemon.run(["eval", file, "--K", "2", "--resume", folder.file("mine.json")])
            #expect(mine.exitCode == 2 && mine.errors.contains("mine.json holds something else"))
            #expect(try folder.text("mine.json") == "{\"my\":\"results\"}")
        }

        /// What eval replays is what the daemon does.
        @Test func replaysAreTheDaemonsSearches() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(5, in: folder)
            let result = try await Daemon.run(["eval", file, "--K", "3", "--D", "8", "--json"])
            let stop = result.replies.first??["conditions"]?.arrayValue?.first?["early_stopping"]?.arrayValue?.first
            let requests = try folder.text("puzzles.ndjson").split(separator: "\n").map {
                $0.dropLast() + #","overrides":{"K":3,"D":8}}"# + "\n"
            }
            let answers = try await Daemon.run([], input: requests.joined())
            let steps = answers.replies.compactMap { $0?["steps"]?.integerValue }
            #expect(steps.count == 5)
            #expect(stop?["mean_steps"]?.doubleValue == Double(steps.reduce(0, +)) / 5)
            #expect(
                stop?["solved"]?["count"]?.integerValue
                    == Int64(answers.replies.count { $0?["status"] == "solved" }))
        }

        /// What records cannot show is said, and where to see it.
        @Test func proposalsAreLeftOutOfRecords() async throws {
            let made = try await Daemon.run(["generate", "--task", "heyawake", "--size", "5x5", "--seed", "3"])
            let folder = try TemporaryFolder()
            try folder.write(made.output, as: "puzzle.ndjson")
            let file = folder.file("puzzle.ndjson")
            let plain = try await Daemon.run(["eval", file, "--K", "1", "--D", "2"])
            #expect(plain.exitCode == 0 && plain.errors.contains("the profile heyawake has proposals, which"))
            let whole = try await Daemon.run(["eval", file, "--against", "{}", "--max-steps", "4"])
            #expect(whole.exitCode == 0 && whole.errors == "")
        }

        /// Searches under several settings, each of them on all puzzles.
        @Test func wholeSearchesSideBySide() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(3, in: folder)
            let same = #"{"quorum":1}"#
            let result = try await Daemon.run([
                "eval", file, "--against", same, "--against", #"{"K":20,"proposals":{"after":1}}"#, "--max-steps", "40",
                "--json",
            ])
            #expect(result.exitCode == 0 && result.errors == "")
            let report = try #require(result.replies.first ?? nil)
            let searches = try #require(report["searches"]?.arrayValue)
            #expect(report["puzzles"] == 3 && report["max_steps"] == 40 && searches.count == 3)
            // The same settings do the same.
            #expect(searches[1]["name"] == .string(same) && searches[1]["solved"] == searches[0]["solved"])
            #expect(searches[1]["mean_steps"] == searches[0]["mean_steps"] && searches[1]["against_first"]?["p"] == 1.0)
            for (wrong, message) in [
                ("[", "not JSON"), ("[]", "expected an object"), (#"{"K":0}"#, "K: expected an integer"),
            ] {
                let refused = try await Daemon.run(["eval", file, "--against", wrong])
                #expect(refused.exitCode == 2 && refused.errors.contains(message), "\(refused.errors)")
            }
            let mixed = try await Daemon.run(["eval", file, "--against", "{}", "--K", "4"])
            #expect(mixed.exitCode == 2 && mixed.errors.contains("--against runs whole searches"))
        }

        @Test func aTraceOfProposalsTellsWhatWasRevealed() async throws {
            let folder = try TemporaryFolder()
            try folder.write(
                """
                version: 1
                profiles:
                  s:
                    {task: sudoku, model: sudoku-9x9, sigma: 0.3, noise: z_H, views: all, q_threshold: null,
                     ramp: {start: 1, factor: 2, every: 4},
                     proposals: {after: 2, mix: [repair], repair_steps: 2}, limits: {max_steps: 12}}
                """, as: "p.yaml")
            let puzzle = ".1...86..4..9..5....3......1...5.3....47.92...6..8...55..8....7.......4..8.61...."
            let result = try await Daemon.run([
                "trace", puzzle, "--profiles", folder.file("p.yaml"), "--K", "9", "--D", "8", "--html",
                folder.file("t.html"),
                "--json",
            ])
            #expect(result.exitCode == 0, "\(result.errors)")
            let rollouts = try #require((result.replies.first ?? nil)?["rollouts"]?.arrayValue)
            #expect(rollouts.first?["start"] == "identity" && rollouts.last?["start"] == "repair")
            #expect(rollouts.contains { !($0["revealed"]?.arrayValue?.isEmpty ?? true) })
            #expect(try folder.text("t.html").contains(#""revealed":["#))
        }

        /// What a line says cannot leave the data of the page: an id that would end it, behind a prefix that hides its first
        /// character from whoever compares characters.
        @Test func aPageHoldsWhatLinesSay() async throws {
            let folder = try TemporaryFolder()
            let name = "\u{600}</script><script>alert(1)</script>"
            var line = try JSON(parsing: #require(try Sample.exampleLines().first)).objectValue ?? [:]
            line["id"] = .string(name)
            let file = try folder.write(JSON.object(line).text + "\n", as: "a.ndjson")
            let result = try await Daemon.run([
                "eval", file, "--K", "1", "--D", "1", "--html", folder.file("e.html"),
            ])
            #expect(result.exitCode == 0, "\(result.errors)")
            let tags = try folder.text("e.html").utf8.split(separator: UInt8(ascii: "<"))
            #expect(tags.count { $0.starts(with: "/script".utf8) } == 2)
        }

        /// What a line asks of the daemon does not count in a measurement, and that is said, once.
        @Test func settingsOfALineAreLeftOut() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(3, in: folder)
            let text = try folder.text("puzzles.ndjson")
            let own = text.split(separator: "\n").map { $0.dropLast() + #","overrides":{"sigma":1},"seed":5}"# + "\n" }
            let path = try folder.write(own.joined(), as: "own.ndjson")
            let arguments = ["--K", "2", "--D", "4", "--json"]
            let expected = try await Daemon.run(["eval", file] + arguments)
            let result = try await Daemon.run(["eval", path] + arguments)
            func widths(_ result: Daemon.Result) -> JSON? {
                result.replies.first??["conditions"]?.arrayValue?.first?["widths"]
            }
            #expect(widths(result) == widths(expected) && widths(result) != nil)
            #expect(result.errors.contains("own.ndjson:1: overrides, limits and seed of a line do not count here"))
            #expect(!result.errors.contains("own.ndjson:2:") && !expected.errors.contains("do not count"))
        }

        /// A maze has many shortest ways: a right answer is right in all of its cells.
        @Test func anotherShortestWayIsRight() async throws {
            let folder = try TemporaryFolder()
            let maze = #"{"task":"maze","puzzle":"S...\n....\n....\n...G","solution":"S...\no...\no...\nooG"}"#
                .replacing("ooG", with: "oooG")
            let path = try folder.write(maze + "\n", as: "maze.ndjson")
            let result = try await Daemon.run(["trace", path, "--K", "4", "--D", "4", "--json"])
            let rollouts = try #require(result.replies.first??["rollouts"]?.arrayValue, "\(result.errors)")
            var count = 0
            for rollout in rollouts {
                for (isRight, cells) in zip(rollout["right"]?.arrayValue ?? [], rollout["cells"]?.arrayValue ?? [])
                where isRight == true {
                    #expect(cells.doubleValue == 1)
                    count += 1
                }
            }
            #expect(count > 0, "\(result.output)")
        }

        @Test func traceTellsEveryRollout() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(1, in: folder)
            let result = try await Daemon.run([
                "trace", file, "--K", "3", "--D", "5", "--json", "--svg", folder.file("trace.svg"),
            ])
            let rollouts = try #require(result.replies.first??["rollouts"]?.arrayValue)
            #expect(result.exitCode == 0 && rollouts.count == 3)
            for rollout in rollouts {
                #expect(["q", "cells", "right", "pca"].allSatisfy { rollout[$0]?.arrayValue?.count == 5 })
                #expect(rollout["pca"]?.arrayValue?.first?.arrayValue?.count == 2)
                let isRight = rollout["right"]?.arrayValue?.last == true
                #expect((rollout["mode"] != "failure") == isRight)
                #expect((rollout["cells"]?.arrayValue?.last?.doubleValue == 1) == isRight)
            }
            let plot = try folder.text("trace.svg")
            #expect(plot.components(of: "<polyline") == 9 && plot.contains("principal component"))
            let two = try await Daemon.run(["trace", "-"], input: "# none\n")
            #expect(two.exitCode == 2 && two.errors.contains("expected one puzzle"))
        }

        @Test(arguments: [[], ["--precision", "0.9"], ["--budget-ms", "500"]])
        func tunedProfilesLoad(_ goal: [String]) async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(12, in: folder)
            let options = ["--K", "2", "--D", "8", "--sigma", "0.3", "--noise", "z_H", "--views", "none", "all"]
            let result = try await Daemon.run(
                ["tune", "--data", file, "--out", folder.file("tuned.yaml"), "--name", "mine"] + options + goal)
            #expect(result.exitCode == 0 && result.errors == "")
            let yaml = try folder.text("tuned.yaml")
            #expect(yaml.contains("# Chosen in five folds, on held-out puzzles: solved "))
            #expect(yaml.contains("expected calibration error") && yaml.contains("  mine:\n"))
            let checked = try await Daemon.run(["profiles", "check", folder.file("tuned.yaml")])
            #expect(checked.exitCode == 0)
            let solved = try await Daemon.run(
                ["--profiles", folder.file("tuned.yaml")], input: try folder.text("puzzles.ndjson"))
            #expect(solved.exitCode == 0 && solved.replies.count == 12)
            #expect(solved.replies.allSatisfy { $0?["profile"] == "mine" })
        }

        /// The search stays as it is.
        @Test func calibrationAlone() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(12, in: folder)
            let options = ["tune", "--data", file, "--calibrate", "--K", "2", "--D", "4"]
            let result = try await Daemon.run(options)
            #expect(result.exitCode == 0 && result.errors == "")
            #expect(result.output.hasPrefix("# Written by ptrmd tune --calibrate.\n# Confidence: "))
            #expect(result.output.contains("12 answers), with K 2 and D 4.\n"), "\(result.output)")
            let bundled = try await Daemon.run(["profiles", "show", "sudoku"])
            func search(_ yaml: String) -> [Substring] {
                yaml.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.contains("calibration:") }
            }
            #expect(search(result.output) == search(bundled.output))
            for other in [
                ["--precision", "0.9"], ["--sigma", "0.1"], ["--noise", "z_L"], ["--views", "all"], ["--within", "0"],
            ] {
                let refused = try await Daemon.run(options + other)
                #expect(refused.exitCode == 2 && refused.errors.contains("--calibrate") && refused.output == "")
            }
        }

        /// Or the folds would be measured on puzzles that they chose on.
        @Test func repeatedPuzzlesCountOnce() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(8, in: folder)
            let text = try folder.text("puzzles.ndjson")
            let twice = try await Daemon.run(
                ["tune", "--data", "-", "--calibrate", "--K", "1", "--D", "2", "--name", "mine"], input: text + text)
            #expect(twice.exitCode == 0)
            #expect(twice.errors == "ptrmd: -: puzzles that are there more than once count once: 8 left out\n")
            let once = try await Daemon.run(
                ["tune", "--data", file, "--calibrate", "--K", "1", "--D", "2", "--name", "mine"])
            #expect(once.output == twice.output && once.errors == "")
            // A file that was measured with the repeats is not gone on with: its numbers mean other puzzles.
            let all = try folder.write(text + text, as: "all.ndjson")
            let records = ["--K", "1", "--D", "2", "--resume", folder.file("r")]
            #expect(try await Daemon.run(["eval", all] + records).exitCode == 0)
            let other = try await Daemon.run(["tune", "--data", all, "--calibrate"] + records)
            #expect(other.exitCode == 2 && other.errors.contains("holds another measurement"), "\(other.errors)")
        }

        @Test(arguments: ["sudoku", "lightup", "tapa", "heyawake", "nurikabe", "shakashaka", "maze"])
        func tokensForTraining(_ task: String) async throws {
            let made = try await Daemon.run([
                "generate", "--task", task, "--count", "3", "--size", task == "sudoku" ? "9x9" : "7x6",
            ])
            let result = try await Daemon.run(["tokens"], input: made.output)
            #expect(result.exitCode == 0 && result.replies.count == 3)
            for line in result.replies {
                let side = line?["side"]?.integerValue ?? 0
                let tokens = line?["tokens"]?.arrayValue ?? []
                let solution = line?["solution"]?.arrayValue ?? []
                let vocabulary = line?["vocab_size"]?.integerValue ?? 0
                #expect(tokens.count == side * side && solution.count == side * side && tokens != solution)
                #expect((tokens + solution).allSatisfy { (0..<vocabulary).contains($0.integerValue ?? -1) })
                // Padding stays padding.
                #expect(zip(tokens, solution).allSatisfy { ($0 == 0) == ($1 == 0) })
            }
        }

        /// Arguments, a part of the message.
        @Test(arguments: [
            (["eval", "/nonexistent"], "/nonexistent"), (["eval", "-", "--K", "1,x"], "--K"),
            (["eval", "-", "--K", "0"], "--K takes numbers"), (["eval", "-", "--sigma", "-1"], "--sigma"),
            (["eval", "-"], "no puzzles"), (["tune", "--data", "-", "--precision", "2"], "--precision"),
            (["trace", "x", "--K", "1000", "--D", "1000"], "at most 20000"), (["tune"], "--data"),
            (["tokens", "/nonexistent"], "/nonexistent"),
        ])
        func misuse(_ arguments: [String], _ message: String) async throws {
            let result = try await Daemon.run(arguments)
            #expect(result.exitCode == 2 && result.output == "" && result.errors.contains(message))
        }

        @Test func unusableLinesAreNamed() async throws {
            let bad = try await Daemon.run(
                ["eval", "-", "--task", "sudoku"], input: #"{"puzzle":"53..7....6..195...."}"# + "\n")
            #expect(bad.exitCode == 2 && bad.errors.contains("-:1: "))
            let wrong = try await Daemon.run(
                ["tokens"], input: #"{"task":"lightup","puzzle":"..\n..","solution":"*"}"# + "\n")
            #expect(wrong.exitCode == 2 && wrong.errors.contains("-:1: ") && wrong.errors.contains("solution"))
            let broken = try await Daemon.run(
                ["tokens"], input: #"{"task":"lightup","puzzle":"...","solution":"*.*"}"# + "\n")
            #expect(broken.exitCode == 2 && broken.output == "")
            #expect(
                broken.errors.contains("-:1: solution: it breaks the rule two_lamps_see_each_other"), "\(broken.errors)"
            )
        }

        /// What was measured, or is to be, is not lost to a file of the same name.
        @Test func filesThatAreReadAreNotWritten() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(2, in: folder)
            let text = try folder.text("puzzles.ndjson")
            let link = folder.file("link")
            #expect(symlink(file, link) == 0)
            for arguments in [
                ["eval", file, "--plot", file], ["eval", file, "--plot", link], ["trace", file, "--svg", file],
                ["tune", "--data", file, "--out", file], ["import", file, "--task", "tokens", "-o", file],
                ["eval", file, "--resume", folder.file("r"), "--plot", folder.path + "/./r"],
                ["import", folder.file("step_1"), "--task", "tokens", "-o", folder.file("all_config.yaml")],
            ] {
                let result = try await Daemon.run(arguments)
                #expect(result.exitCode == 2 && result.output == "")
                #expect(result.errors.contains(" is read too and would be lost"), "\(result.errors)")
            }
            #expect(try folder.text("puzzles.ndjson") == text)
        }

        /// Two runs that write one file would write over each other.
        @Test func aFileToResumeFromHasOneWriter() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(2, in: folder)
            let options = ["eval", file, "--K", "1", "--D", "2", "--resume"]
            #expect(try await Daemon.run(options + [folder.file("r")]).exitCode == 0)
            let records = try folder.text("r")
            let other = open(folder.file("r"), O_RDWR | O_CLOEXEC)
            #expect(other >= 0 && flock(other, LOCK_EX) == 0)
            let refused = try await Daemon.run(options + [folder.file("r")])
            #expect(refused.exitCode == 2 && refused.errors.contains("in use by another run"), "\(refused.errors)")
            close(other)
            #expect(try await Daemon.run(options + [folder.file("r")]).exitCode == 0)
            #expect(try folder.text("r") == records)
            let device = try await Daemon.run(options + ["/dev/null"])
            #expect(device.exitCode == 2 && device.errors == "ptrmd: /dev/null is not a regular file\n")
        }

        /// A picture on stdout is nothing but a picture.
        @Test func picturesOnStdout() async throws {
            let folder = try TemporaryFolder()
            let file = try await Self.puzzles(2, in: folder)
            let plot = try await Daemon.run(["eval", file, "--K", "1,2", "--D", "2", "--plot", "-"])
            let line = try #require(try folder.text("puzzles.ndjson").split(separator: "\n").first)
            let trace = try await Daemon.run(["trace", "-", "--K", "1", "--D", "2", "--svg", "-"], input: String(line))
            for result in [plot, trace] {
                #expect(result.exitCode == 0 && result.errors == "")
                #expect(
                    result.output.hasPrefix("<svg ") && result.output.hasSuffix("</svg>\n"),
                    "\(result.output.suffix(80))")
            }
            let both = try await Daemon.run(["eval", file, "--json", "--plot", "-"])
            #expect(both.exitCode == 2 && both.output == "")
        }

        /// The paper's settings, each with every key of Algorithm 1.
        @Test(arguments: [
            ("sudoku-extreme", 100, 64, 0.3), ("maze-hard", 100, 16, 1.0), ("arc-agi-2", 25, 16, 0.2),
            ("ppbench", 100, 48, 0.2),
        ])
        func publicProfiles(_ name: String, _ K: Int64, _ D: Int64, _ sigma: Double) async throws {
            let file = RepositoryFiles.root + "/Config/public/\(name).yaml"
            let checked = try await Daemon.run(["profiles", "check", "--without-models", file])
            #expect(checked.exitCode == 0 && checked.errors == "")
            let shown = try await Daemon.run(["profiles", "show", "--profiles", file])
            for line in [
                "K: \(K)", "D: \(D)", "noise: z_L", "first_rollout: noisy", "q_threshold: null", "stop: all",
                "check_every: null", "ramp: none", "views: none", "selection: best_q",
                "engines: [ptrm]", "limits: {max_steps: null, time_ms: null, deadline_ms: null, conflicts: null}",
            ] {
                #expect(shown.output.contains("    \(line)\n"))
            }
            #expect(shown.output.contains("sigma: \(sigma)") || shown.output.contains("sigma: \(Int(sigma))\n"))
            #expect(shown.output.contains("verify: \"off\"") || shown.output.contains("verify: off"))
        }
    }
}

extension String {
    /// How often a text stands in this one, without overlaps.
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}

extension TemporaryFolder {
    fileprivate func text(_ name: String) throws -> String {
        String(decoding: try RepositoryFiles.read(file(name)), as: UTF8.self)
    }
}
