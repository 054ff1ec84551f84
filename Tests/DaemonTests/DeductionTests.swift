import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// The engine that deduces, with a model of random weights: it finds answers of 4x4 boards by splitting alone.
    @Suite struct DeductionTests {
        private static let model = RepositoryFiles.fixture("ldt/ldt.safetensors")
        /// Three open cells: at most 64 answers, whatever the weights say.
        private static let puzzle = "1.34.412214343.1"

        private static func folder(_ profile: String) throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            try folder.write("version: 1\nprofiles:\n  d: {task: sudoku, \(profile)}\n", as: "p.yaml")
            return folder
        }

        private static func usual(_ engines: String = "[ldt]", _ more: String = "") throws -> TemporaryFolder {
            // Nothing that these weights say is surer than that.
            try folder(
                "ldt_model: \(model), engines: \(engines), deduction: {threshold: 50\(more)}, limits: {max_steps: 1000}"
            )
        }

        private static func request(_ id: Int, _ puzzle: String = puzzle, _ members: String = "") -> String {
            #"{"id":\#(id),"profile":"d","puzzle":"\#(puzzle)"\#(members)}"#
        }

        private static func replies(_ folder: TemporaryFolder, _ lines: [String]) async throws -> [JSON] {
            let run = try await Daemon.run(
                ["--profiles", folder.file("p.yaml"), "--ordered"], input: lines.joined(separator: "\n") + "\n")
            return try Replies.checked(run.output)
        }

        @Test func itAnswersWhatTheRulesKeep() async throws {
            let reply = try #require(try await Self.replies(try Self.usual(), [Self.request(1)]).first)
            #expect(reply["status"] == "solved" && reply["stop_reason"] == "deduced" && reply["engine"] == "ldt")
            #expect(reply["verified"] == true && reply["answer"]?.stringValue?.count == 16)
            #expect(reply["model"] == "ldt" && reply["rollouts"] == 0)
            #expect(reply["branches"]?.integerValue ?? 0 > 1 && reply["steps"]?.integerValue ?? 0 > 1)
            #expect((0...1).contains(reply["confidence"]?.doubleValue ?? -1))
        }

        @Test(arguments: ["", ", width: 3, order: best_first, temperature: 1"])
        func theBytesAreTheSameOnAnyNumberOfThreads(settings: String) async throws {
            let folder = try Self.usual("[ldt]", settings)
            let lines = (0..<3).map { Self.request($0, Self.puzzle, #","seed":\#($0)"#) }
            var outputs: Set<String> = []
            for threads in ["1", "3"] {
                let run = try await Daemon.run(
                    ["--profiles", folder.file("p.yaml"), "--ordered", "--threads", threads],
                    input: lines.joined(separator: "\n") + "\n")
                #expect(try Replies.checked(run.output).count == 3)
                outputs.insert(run.output)
            }
            #expect(outputs.count == 1)
        }

        @Test func whatItLeavesHasNoGuessAndGoesOn() async throws {
            let alone = try await Self.replies(
                try Self.usual(), [Self.request(1, Self.puzzle, #","limits":{"max_steps":2}"#)])
            let reply = try #require(alone.first)
            #expect(reply["stop_reason"] == "step_limit" && reply["status"] == "unsolved")
            #expect(reply["answer"] == .null && reply["q"] == .null && reply["steps"] == 2)
            let behind = try await Self.replies(
                try Self.usual("[ldt, exact]"),
                [
                    Self.request(1, Self.puzzle, #","limits":{"max_steps":2}"#),
                    // Larger than the model's boards.
                    Self.request(2, String(repeating: ".", count: 81)),
                ])
            #expect(behind.map { $0["engine"] } == ["exact", "exact"])
            #expect(behind.allSatisfy { $0["verified"] == true })
            #expect(behind[0]["steps"] == 2 && behind[0]["branches"] == 5)
        }

        @Test func abstainingIsNoProof() async throws {
            // Everything is taken away at once.
            let folder = try Self.folder(
                "ldt_model: \(Self.model), engines: [ldt], deduction: {threshold: -100}")
            let reply = try #require(try await Self.replies(folder, [Self.request(1)]).first)
            #expect(reply["stop_reason"] == "abstained" && reply["status"] == "unsolved")
            #expect(reply["answer"] == .null && reply["verified"] == .null && reply["steps"] == 1)
        }

        @Test func statsAndProgressTellOfIt() async throws {
            let folder = try Self.usual()
            try await Daemon.converse(["--profiles", folder.file("p.yaml")]) { conversation in
                let reply = try await conversation.ask(Self.request(1))
                #expect(reply["stop_reason"] == "deduced")
                let stats = try await conversation.ask(#"{"id":9,"method":"stats"}"#)
                #expect(stats[at: "stats", "engines", "ldt"] == ["solved": 1, "unsolved": 0])
                #expect(stats[at: "stats", "steps"] == reply["steps"])
            }
        }

        @Test(arguments: [
            (
                #"{"id":1,"profile":"d","puzzle":"................................................................................."}"#,
                "puzzle", "the model knows 6 tokens, sudoku needs 11"
            ),
            (
                #"{"id":1,"profile":"d","puzzle":"1234341221434321","overrides":{"engines":["ptrm"]}}"#,
                "overrides.engines", "no model, which the engine ptrm needs"
            ),
            (
                #"{"id":1,"profile":"d","puzzle":"1234341221434321","overrides":{"deduction":{"width":0}}}"#,
                "overrides.deduction.width", "expected"
            ),
            (
                #"{"id":1,"profile":"d","puzzle":"1234341221434321","overrides":{"deduction":{"order":"breadth"}}}"#,
                "overrides.deduction.order", "expected"
            ),
            (
                #"{"id":1,"profile":"d","puzzle":"1234341221434321","overrides":{"ldt_model":"x"}}"#,
                "overrides.ldt_model", "belongs to the profile"
            ),
        ])
        func refusals(line: String, field: String, message: String) async throws {
            let reply = try #require(try await Self.replies(try Self.usual(), [line]).first)
            #expect(reply["type"] == "error" && reply[at: "error", "data", "field"] == .string(field), "\(reply.text)")
            #expect(reply[at: "error", "message"]?.stringValue?.contains(message) == true, "\(reply.text)")
        }

        @Test(arguments: [
            ("model: \(model)", "is of the architecture ldt, and model of the profile d is for the engine ptrm"),
            (
                "ldt_model: sudoku-9x9, engines: [ldt]",
                "is of the architecture trm, and ldt_model of the profile d is for"
            ),
            ("engines: [ldt]", "the profile d has no ldt_model, which the engine ldt needs"),
            ("ldt_model: sudoku-9x9x, engines: [ldt]", "unknown model \"sudoku-9x9x\""),
        ])
        func wrongProfiles(profile: String, message: String) async throws {
            let folder = try Self.folder(profile)
            let run = try await Daemon.run(["profiles", "check", folder.file("p.yaml")])
            #expect(run.exitCode != 0)
            #expect(run.errors.contains(message), "\(run.errors)")
        }
    }
}
