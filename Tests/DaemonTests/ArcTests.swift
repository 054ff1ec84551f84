import Checkpoints
import JSON
import StepBenchmarking
import TRM
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
    /// ARC requests on a random model of the ARC shape, small but for its puzzle embedding.
    @Suite struct ArcTests {
        static let task = #""name":"t","train":[{"input":[[1]],"output":[[2]]}]"#
        static let request =
            #"{"id":1,"task":"arc","puzzle":{\#(task),"test":[{"input":[[1,2],[3,4],[5,6]]},{"input":[[7,8]]}]},"#
            + #""include":["candidates"]"#

        /// A folder with a model, its row names and a profile.
        static func folder(rows: Int, names: String, isWhole: Bool = false) throws -> TemporaryFolder {
            let text = """
                {"seq_len":25,"vocab_size":12,"hidden_size":64,"num_heads":2,"expansion":4,"H_cycles":1,"L_cycles":1,
                 "L_layers":1,"mlp_t":false,"pos_encodings":"rope","puzzle_emb_ndim":64,"puzzle_emb_len":2,
                 "num_puzzle_identifiers":\(rows)}
                """
            let config = try ModelConfig(json: JSON(parsing: text))
            let folder = try TemporaryFolder()
            try Checkpoint.random(config, seed: 5).writeSafetensors(to: folder.file("arc.safetensors"))
            // Every row has a name, as the builder of the data set writes them; those of no task here are blank.
            let named = names.split(separator: ",").count
            let blanks = String(repeating: #","<blank>""#, count: isWhole ? 0 : max(0, rows - named))
            try folder.write(names.hasSuffix("]") ? names.dropLast() + blanks + "]" : names, as: "identifiers.json")
            try folder.write(
                """
                version: 1
                profiles:
                  arc: {task: arc, model: arc.safetensors, K: 3, D: 2, sigma: 1, q_threshold: null}

                """, as: "profiles.yaml")
            return folder
        }

        static let names =
            #"["<blank>","other","t|||t1|||0213456789","t","t|||t6|||0123456789","t|||t4|||9876543210"]"#

        static func run(_ folder: TemporaryFolder, _ line: String, threads: Int = 2) async throws -> JSON {
            let result = try await Daemon.run(
                ["--profiles", folder.file("profiles.yaml"), "--threads", "\(threads)"], input: line + "\n")
            let replies = try Replies.checked(result.output)
            #expect(replies.count == 1, "\(result.output) \(result.errors)")
            return try #require(replies.first)
        }

        @Test func theAugmentationsVote() async throws {
            let folder = try Self.folder(rows: 8, names: Self.names)
            let reply = try await Self.run(folder, Self.request + "}")
            #expect(reply["type"] == "answer" && reply["verified"] == .null)
            // Two test inputs, four rows of the task, three rollouts, two steps.
            #expect(reply["rollouts"] == 24 && reply["steps"] == 48 && reply["stop_reason"] == "depth")
            let candidates = try #require(reply["candidates"]?.arrayValue)
            #expect(candidates.count == 24)

            // The vote once more, from the candidates: search 2 r + t is of row r and test input t.
            var expected: [[JSON]] = [[], []]
            var lowest = Double.infinity
            for test in 0..<2 {
                var votes: [(grid: JSON, count: Int, sum: Double, q: Double)] = []
                for search in stride(from: test, to: 8, by: 2) {
                    let own = candidates.filter { ($0["rollout"]?.integerValue ?? -1) / 3 == Int64(search) }
                    #expect(own.count == 3)
                    func q(_ candidate: JSON) -> Double { candidate["q"]?.doubleValue ?? -.infinity }
                    let best = try #require(own.max { q($0) < q($1) })
                    let grid = try #require(best["answer"])
                    if !votes.contains(where: { $0.grid == grid }) { votes.append((grid, 0, 0, -.infinity)) }
                    for index in votes.indices where votes[index].grid == grid {
                        votes[index].count += 1
                        votes[index].sum += 1 / (1 + exp(-q(best)))
                        votes[index].q = max(votes[index].q, q(best))
                    }
                }
                votes.sort { ($0.count, $0.sum / Double($0.count)) > ($1.count, $1.sum / Double($1.count)) }
                expected[0].append(votes[0].grid)
                expected[1].append(votes[min(1, votes.count - 1)].grid)
                lowest = min(lowest, votes[0].q)
            }
            #expect(reply["answers"] == .array(expected.map { .array($0) }))
            #expect(reply["answer"] == .array(expected[0]))
            #expect(reply["q"]?.doubleValue == lowest)
            #expect(reply["status"] == (lowest >= 0 ? "solved" : "unsolved"))

            // Threads do not show, and fewer augmentations do less.
            #expect(try await Self.run(folder, Self.request + "}", threads: 1) == reply)
            let plain = try await Self.run(folder, Self.request + #","overrides":{"augmentations":1}}"#)
            #expect(plain["rollouts"] == 6 && plain["candidates"]?.arrayValue == Array(candidates.prefix(6)))
        }

        @Test func aBudgetIsThatOfTheWholeRequest() async throws {
            let folder = try Self.folder(rows: 8, names: Self.names)
            for (limit, answered) in [(6, [true, false]), (20, [true, true]), (47, [true, true])] {
                let reply = try await Self.run(folder, Self.request + #","limits":{"max_steps":\#(limit)}}"#)
                #expect(reply["stop_reason"] == "step_limit" && reply["steps"]?.integerValue == Int64(limit))
                #expect(reply["answer"]?.arrayValue?.map { !$0.isNull } == answered)
                #expect(answered == [true, true] || reply["status"] == "unsolved")
            }
        }

        @Test func namesThatTheModelDoesNotKnowAreRefused() async throws {
            let folder = try Self.folder(rows: 8, names: Self.names)
            for name in [#""name":"unknown","#, ""] {
                let reply = try await Self.run(
                    folder, #"{"task":"arc","puzzle":{\#(name)"train":[],"test":[{"input":[[1]]}]}}"#)
                #expect(reply.errorCode == -32602 && reply.errorField == "puzzle.name")
            }
            let large = try await Self.run(
                folder, #"{"task":"arc","puzzle":{"name":"t","test":[{"input":[[1,1,1,1,1,1]]}]}}"#)
            #expect(
                large.errorField == "puzzle.test[0].input" && large.text.contains("boards up to 5x5, the puzzle is 6x1")
            )
        }

        /// `identifiers.json`, what is wrong with it.
        @Test(arguments: [
            ("[\"<blank>\"", "expected , or ] at byte 10"),
            (#"["a","b","c","d","e","f","g","h","i"]"#, "names 9 rows, the puzzle embedding has 8"),
            (#"["<blank>","t"]"#, "names 2 rows, the puzzle embedding has 8"),
        ])
        func aWrongTableIsAModelError(_ names: String, _ message: String) async throws {
            let folder = try Self.folder(rows: 8, names: names, isWhole: true)
            let result = try await Daemon.run(
                ["--profiles", folder.file("profiles.yaml")], input: Self.request + "}\n")
            #expect(result.exitCode == 3 && result.errors.contains(message), "\(result.errors)")
            unlink(folder.file("identifiers.json"))
            let none = try await Daemon.run(
                ["--profiles", folder.file("profiles.yaml")], input: Self.request + "}\n")
            #expect(none.exitCode == 3 && none.errors.contains("identifiers.json: cannot open"), "\(none.errors)")
        }

        #if os(Linux)
            /// 128 MiB of embedding rows, of which the daemon's own memory has none.
            @Test func embeddingRowsStayInTheFile() async throws {
                let folder = try Self.folder(rows: 1 << 19, names: Self.names)
                try await Daemon.converse(["--profiles", folder.file("profiles.yaml")]) { conversation in
                    let reply = try await conversation.ask(Self.request + "}")
                    #expect(reply["rollouts"] == 24)
                    let status = try RepositoryFiles.read("/proc/\(conversation.process)/status")
                    let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
                        .first { $0.hasPrefix("RssAnon:") }
                    let kilobytes = Int(line?.split(separator: " ").dropLast().last ?? "") ?? .max
                    #expect(kilobytes < 64 << 10, "\(kilobytes) kB")
                }
            }
        #endif

        /// Where the outputs are told that a task's test inputs should have.
        enum Told: CaseIterable {
            case byTheLine, byTheTask
            /// By the task as another edition of the data set has it, with the pairs in another order; the puzzle's own first
            /// output is not the same.
            case byAnotherEdition
        }

        /// `eval` takes each test input by itself, unaltered; what it should give is told by the line or by the task.
        @Test(arguments: Told.allCases)
        func evalMeasuresEachTestInput(told: Told) async throws {
            let folder = try Self.folder(rows: 8, names: Self.names)
            let plain = try await Self.run(folder, Self.request + #","overrides":{"augmentations":1}}"#)
            let candidates = try #require(plain["candidates"]?.arrayValue)
            let own = candidates.filter { ($0["rollout"]?.integerValue ?? 9) < 3 }
            func q(_ candidate: JSON) -> Double { candidate["q"]?.doubleValue ?? -.infinity }
            let best = try #require(own.max { q($0) < q($1) })
            // The first is what one of the rollouts answers, the second nothing that any does. No grid is empty.
            let grids = own.compactMap { $0["answer"] }
            let grid = try #require(grids.first { $0.arrayValue?.isEmpty == false }, "\(grids)")
            let isBest = best["answer"] == grid
            let first = grid.text
            let second = "[[9,9,9,9]]"
            func pair(_ input: String, _ output: String?) -> String {
                "{\"input\":\(input)\(output.map { ",\"output\":\($0)" } ?? "")}"
            }
            let inputs = ["[[1,2],[3,4],[5,6]]", "[[7,8]]"]
            let (tests, solution) =
                switch told {
                case .byTheLine:
                    (pair(inputs[0], nil) + "," + pair(inputs[1], nil), ",\"solution\":[\(first),\(second)]")
                case .byTheTask: (pair(inputs[0], first) + "," + pair(inputs[1], second), "")
                case .byAnotherEdition:
                    (
                        pair(inputs[0], "[[8,8,8]]") + "," + pair(inputs[1], nil),
                        ",\"solution\":{\"test\":[\(pair(inputs[1], second)),\(pair(inputs[0], first))]}"
                    )
                }
            let line = "{\"id\":\"a\",\"task\":\"arc\",\"puzzle\":{\(Self.task),\"test\":[\(tests)]}\(solution)}"
            try folder.write(line + "\n", as: "tasks.ndjson")
            let result = try await Daemon.run([
                "eval", folder.file("tasks.ndjson"), "--profiles", folder.file("profiles.yaml"), "--K", "3", "--D", "2",
                "--sigma", "1", "--json",
            ])
            #expect(result.exitCode == 0, "\(result.errors)")
            let report = try #require(result.replies.first ?? nil)
            let width = try #require(report["conditions"]?.arrayValue?.first?["widths"]?.arrayValue?.first)
            #expect(
                report["puzzles"] == 2 && width["exact"]?["best_q"]?["count"] == (isBest ? 1 : 0), "\(result.output)")
            #expect(width["exact"]?["pass"]?["count"] == 1)
            #expect(
                result.errors.contains(
                    "tasks.ndjson:1, test 1: the solution is not the output that the task itself tells")
                    == (told == .byAnotherEdition), "\(result.errors)")
            let short: String
            let message: String
            switch told {
            case .byTheTask: return
            case .byTheLine:
                short = line.replacing(",\"solution\":[\(first),", with: ",\"solution\":[")
                message = "a list of 2 grids, one for each test input"
            case .byAnotherEdition:
                short = line.replacing(
                    "{\"test\":[\(pair(inputs[1], second))", with: "{\"test\":[\(pair("[[7]]", second))")
                message = "no test input like the 2. of the puzzle: another edition"
            }
            try folder.write(short + "\n", as: "short.ndjson")
            let refused = try await Daemon.run([
                "eval", folder.file("short.ndjson"), "--profiles", folder.file("profiles.yaml"), "--K", "1",
            ])
            #expect(refused.exitCode == 2 && refused.errors.contains(message), "\(refused.errors)")
        }

        @Test func checkComparesWithTheExpectedOutput() async throws {
            func line(_ answer: String) -> String {
                #"{"task":"arc","puzzle":{"test":[{"input":[[1]],"output":[[2,3]]}]},\#(answer)}"# + "\n"
            }
            let right = try await Daemon.run(["check", "-"], input: line(#""answer":[[9]],"answers":[[[9]],[[2,3]]]"#))
            #expect(right.exitCode == 0 && right.replies.first??["valid"] == true)
            let wrong = try await Daemon.run(["check", "-"], input: line(#""answer":[[2,4]]"#))
            #expect(wrong.exitCode == 1 && wrong.replies.first??["rule"] == "output_differs")
            #expect(wrong.replies.first??["cells"] == [[0, 1]])
        }
    }
}
