import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// Verifiers from outside, good ones and bad ones: every request is answered, and what went wrong is counted.
    @Suite struct VerifierTests {
        /// A folder with a profile `v` whose verifier is this Python program, and one without, `plain`.
        static func folder(
            _ program: String, keys: String = "", timeout: Int = 20_000, start: Int = 20_000, processes: Int = 1
        ) throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            try folder.write("import json, os, random, sys, time\n" + program, as: "verify.py")
            let verifier =
                "{command: [python3, verify.py, \(folder.path)], timeout_ms: \(timeout), start_ms: \(start), "
                + "processes: \(processes)}"
            try folder.write(
                """
                version: 1
                defaults: {task: sudoku, model: sudoku-9x9, K: 4, D: 4, noise: z_H, sigma: 0.3}
                profiles:
                  plain: {}
                  v:
                    \(keys)
                    verifier: \(verifier)

                """, as: "p.yaml")
            return folder
        }

        static let loop = "for line in sys.stdin:\n    q = json.loads(line)\n"
        /// A wrong judge with an opinion.
        static let scoring =
            loop + #"    print(json.dumps({"id": q["id"], "valid": None, "score": int(q["answer"][:9])}), flush=True)"#
        static let rules =
            loop + #"    time.sleep(random.random() / 50)"# + "\n"
            + #"    print(json.dumps({"id": q["id"], "valid": len(set(q["answer"][:9])) == 9}), flush=True)"#

        static func lines(_ count: Int, _ members: String = "") throws -> [String] {
            try Sample.exampleLines().prefix(count).enumerated().map { index, line in
                let puzzle = try #require(try JSON(parsing: line)["puzzle"]?.stringValue)
                return #"{"id":\#(index),"profile":"v","puzzle":"\#(puzzle)"\#(members)}"#
            }
        }

        /// Processes of this folder's verifier that are alive.
        static func processes(of folder: TemporaryFolder) async throws -> Int {
            let result = try await Daemon.shell(
                #"for f in /proc/[0-9]*/cmdline; do tr '\0' ' ' < $f; echo; done 2>/dev/null | grep -c "verify[.]py $MARK""#,
                environment: ["MARK": folder.path])
            return Int(result.output.trimmingSpaces) ?? -1
        }

        /// What a verifier does wrong, and the fault that is counted.
        static let bad: [(String, String)] =
            [
                ("time.sleep(1000)", "late"),
                ("sys.exit(3)", "died"),
                (loop + "    os._exit(1)", "died"),
                (loop + #"    print("hello", flush=True)"#, "malformed"),
                (loop + #"    print(json.dumps({"id": q["id"] + 1, "valid": True}), flush=True)"#, "wrong_id"),
                (
                    loop + #"    print((json.dumps({"id": q["id"], "valid": True}) + "\n") * 2, flush=True)"#, "unasked"
                ),
                (#"while True: sys.stdout.write("x" * 65536)"#, "flooded"),
                (#"while True: sys.stdout.write("{}\n" * 9999)"#, "malformed"),
                ("os.fork(); os.fork(); time.sleep(1000)", "late"),
                ("if os.fork(): os._exit(0)\ntime.sleep(1000)", "late"),
            ] + escaping

        #if os(Linux)
            /// Out of the group and the session, and of the tree as well.
            static let escaping = [
                ("if os.fork() == 0: os.setsid()\ntime.sleep(1000)", "late"),
                ("if os.fork() == 0:\n    os.setsid()\n    if os.fork(): os._exit(0)\ntime.sleep(1000)", "late"),
            ]
        #else
            static let escaping: [(String, String)] = []
        #endif

        @Test(arguments: bad) func aBadVerifierIsCountedAndCostsNoRequest(_ program: String, _ fault: String)
            async throws
        {
            let folder = try Self.folder(
                program, keys: "K: 1", timeout: 200, start: fault == "late" ? 1 : 20_000)
            try await Daemon.converse(["--profiles", folder.file("p.yaml"), "--threads", "1"]) { conversation in
                for line in try Self.lines(2) { try await conversation.send(line) }
                for _ in 0..<2 { #expect(try await conversation.next()["type"] == "answer") }
                let stats = try await conversation.ask(#"{"id":9,"method":"stats"}"#)
                let verifier = try #require(stats[at: "stats", "verifiers", "v"])
                #expect(verifier[at: "faults", fault]?.integerValue ?? 0 > 0, "\(verifier)")
            }
            #expect(try await Self.processes(of: folder) == 0)
        }

        @Test func aProgramThatIsNotThereIsNoReasonToWait() async throws {
            let folder = try Self.folder("")
            try folder.write(
                """
                version: 1
                profiles:
                  v: {task: sudoku, model: sudoku-9x9, K: 2, D: 2, verifier: {command: [no-such-program]}}

                """, as: "p.yaml")
            try await Daemon.converse(["--profiles", folder.file("p.yaml")]) { conversation in
                let reply = try await conversation.ask(try Self.lines(1)[0])
                #expect(reply["type"] == "answer" && reply["verified"] == .null)
            }
        }

        /// Neither the program's time nor the order of its verdicts shows in the answers.
        @Test func verdictsLeaveTheBytesAsTheyAre() async throws {
            let folder = try Self.folder(Self.rules, keys: "check_every: 1", processes: 2)
            let input = try Self.lines(4, #","include":["candidates","trace"]"#).joined(separator: "\n") + "\n"
            var outputs: Set<String> = []
            for threads in ["1", "2"] {
                let result = try await Daemon.run(
                    ["--profiles", folder.file("p.yaml"), "--ordered", "--threads", threads], input: input)
                let replies = try Replies.checked(result.output)
                #expect(replies.count == 4 && replies.allSatisfy { $0["verified"] != .null })
                outputs.insert(result.output)
            }
            #expect(outputs.count == 1)
            #expect(try await Self.processes(of: folder) == 0)
        }

        @Test func theHighestScoreAnswers() async throws {
            let folder = try Self.folder(
                Self.scoring, keys: "selection: score\n    q_threshold: null\n    K: 6\n    sigma: 1.0")
            try await Daemon.converse(["--profiles", folder.file("p.yaml")]) { conversation in
                for line in try Self.lines(2, #","include":["candidates"]"#) {
                    let reply = try await conversation.ask(line)
                    let scores = reply["candidates"]?.arrayValue?.compactMap { $0["score"]?.doubleValue } ?? []
                    #expect(scores.count == 6 && reply["score"]?.doubleValue == scores.max())
                    #expect(reply["verified"] == .null)
                }
            }
        }

        /// A search that waits for a verdict is ended by a cancel and by a limit, and is in nobody's way.
        @Test func nobodyWaitsForASlowVerdict() async throws {
            let folder = try Self.folder("time.sleep(1000)", keys: "check_every: 1")
            try await Daemon.converse(["--profiles", folder.file("p.yaml"), "--threads", "1"]) { conversation in
                let limited = try Self.lines(1, #","limits":{"time_ms":100}"#)[0]
                let reply = try await conversation.ask(limited)
                #expect(reply["stop_reason"] == "time_limit" && reply["verified"] == .null)
                for line in try Self.lines(3) { try await conversation.send(line) }
                let other = try await conversation.ask(
                    #"{"id":"p","profile":"plain","puzzle":"\#(Sample.easy)"}"#)
                #expect(other["id"] == "p" && other["status"] == "solved")
                try await conversation.send(#"{"id":"c","method":"cancel_all"}"#)
                var reasons: [String] = []
                for _ in 0..<4 {
                    let reply = try await conversation.next()
                    if let reason = reply["stop_reason"]?.stringValue { reasons.append(reason) }
                }
                #expect(reasons == ["cancelled", "cancelled", "cancelled"])
            }
            #expect(try await Self.processes(of: folder) == 0)
        }

        @Test(arguments: [
            (#""overrides":{"selection":"score"}"#, "overrides.selection"),
            (#""overrides":{"verifier":{"command":["true"]}}"#, "overrides.verifier"),
        ])
        func aRequestCannotBringOne(_ members: String, _ field: String) async throws {
            let folder = try Self.folder("")
            let line = #"{"id":1,"profile":"plain","puzzle":"\#(Sample.easy)",\#(members)}"# + "\n"
            let reply = try #require(
                try Replies.checked(
                    try await Daemon.run(["--profiles", folder.file("p.yaml")], input: line).output
                ).first)
            #expect(reply.errorField == field)
        }

        @Test func evalTellsHowOftenTheHighestScoreIsRight() async throws {
            let folder = try Self.folder(Self.scoring)
            let puzzles = try folder.write(
                try Sample.exampleLines().prefix(3).joined(separator: "\n") + "\n", as: "puzzles.ndjson")
            let result = try await Daemon.run([
                "eval", puzzles, "--profiles", folder.file("p.yaml"), "--profile", "v", "--K", "2", "--D", "2",
                "--json",
            ])
            let report = try JSON(parsing: result.output)
            let right = report["conditions"]?.arrayValue?.first?["widths"]?.arrayValue?.first?["right"]
            #expect(right?["score"] != nil && right?["pass"] != nil, "\(result.output) \(result.errors)")
            #expect(try await Self.processes(of: folder) == 0)
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
