import Checkpoints
import JSON
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

#if os(Linux)
    extension DaemonTests {
        /// A daemon that may not have much memory answers everybody, whatever they ask for.
        @Suite struct MemoryLimitTests {
            /// 600 MB of addresses, of which models and threads have their part.
            private static let scarce = #"ulimit -v 600000; exec "$@""#

            private static func wide(_ id: Int, K: Int, steps: Int) -> String {
                Sample.solve(
                    "\(id)", Sample.unsolvable,
                    #""overrides":{"K":\#(K),"ramp":"none","engines":["ptrm"]},"limits":{"max_steps":\#(steps)}"#)
            }

            @Test func whatCouldNeverFitIsRefusedAtOnce() throws {
                let daemon = try SocketDaemon("--threads", "1", wrapper: Self.scarce)
                for client in try (0..<8).map({ _ in try daemon.connect() }) {
                    let reply = try client.ask(Self.wide(1, K: 20_000, steps: 1_000_000))
                    #expect(reply.errorCode == -32602 && reply.errorField == "overrides.K", "\(reply.text)")
                }
            }

            /// Eight that have room one at a time.
            @Test func theOthersWait() throws {
                let daemon = try SocketDaemon("--threads", "2", wrapper: Self.scarce)
                let clients = try (0..<8).map { _ in try daemon.connect() }
                for (id, client) in clients.enumerated() { try client.send(Self.wide(id, K: 1200, steps: 100)) }
                for client in clients { #expect(try client.next()["stop_reason"] == "step_limit") }
                #expect(try daemon.process.memory("VmHWM") < 400 << 10)
            }

            /// What a search took goes back to the system when it is over.
            @Test func memoryIsGivenBack() throws {
                let daemon = try SocketDaemon("--threads", "1")
                let client = try daemon.connect()
                _ = try client.ask(Sample.ping("1"))
                let before = try daemon.process.memory("VmRSS")
                _ = try client.ask(Self.wide(1, K: 1200, steps: 1200))
                for _ in 0..<400 where try daemon.process.memory("VmRSS") > before + (24 << 10) {
                    _ = try client.ask(Sample.ping("2"))
                }
                #expect(try daemon.process.memory("VmHWM") > before + (60 << 10))
                #expect(try daemon.process.memory("VmRSS") <= before + (24 << 10))
            }

            /// Lines that many clients begin and do not end: the longest are refused, the others are answered.
            @Test func unfinishedLinesHaveABudget() throws {
                let daemon = try SocketDaemon("--threads", "1", "--memory", "64M")
                let long = try (0..<20).map { _ in try daemon.connect() }
                let short = try daemon.connect()
                try short.send(bytes: Array(#"{"id":"short","#.utf8))
                for (id, client) in long.enumerated() {
                    let text = #"{"id":\#(id),"# + String(repeating: " ", count: 900_000)
                    try client.send(bytes: Array(text.utf8))
                }
                #expect(try daemon.connect().ask(Sample.ping("1"))["type"] == "result")
                #expect(try daemon.process.memory("VmRSS") < 200 << 10)
                try short.send(#""method":"ping"}"#)
                #expect(try short.next()["id"] == "short")
                var refused = 0
                for (id, client) in long.enumerated() {
                    try client.send(#""method":"ping"}"#)
                    let reply = try client.next()
                    #expect(reply["id"] == .integer(Int64(id)))
                    if reply["type"] == "result" { continue }
                    #expect(reply.errorCode == 429 && reply[at: "error", "data", "retry_after_ms"] == 1000)
                    refused += 1
                    #expect(try client.ask(Sample.ping("2"))["id"] == 2)
                }
                #expect(refused > 4 && refused < 20, "\(refused)")
            }

            /// Its file is as large as it says, and what its weights would take is more than there is.
            @Test func aModelThatDoesNotFitIsRefused() async throws {
                var config = try Checkpoint.load(path: RepositoryFiles.fixture("trm/mlp.safetensors")).config
                config.hiddenSize = 2048
                var members: JSONObject = ["__metadata__": ["trm.config": .string(config.json.text)]]
                var size = 0
                for (name, shape) in config.expectedShapes.sorted(by: { $0.key < $1.key }) {
                    let end = size + 4 * shape.reduce(1, *)
                    members[name] = [
                        "dtype": "F32", "shape": .array(shape.map { .integer(Int64($0)) }),
                        "data_offsets": [.integer(Int64(size)), .integer(Int64(end))],
                    ]
                    size = end
                }
                let header = Array(JSON.object(members).text.utf8)
                let folder = try TemporaryFolder()
                let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
                let path = try folder.write(length + header, as: "m.safetensors")
                // Zeros that take no room.
                #expect(truncate(path, 8 + header.count + size) == 0)
                try folder.write(
                    "version: 1\nprofiles:\n  p: {task: tokens, model: ./m.safetensors, engines: [ptrm]}\n",
                    as: "p.yaml")
                let script = #"ulimit -v 600000; "$PTRMD" --threads 1 --profiles "$F/p.yaml" </dev/null"#
                let result = try await Daemon.shell(script, environment: ["F": folder.path])
                #expect(result.exitCode == 3 && result.errors.contains("MiB to load"), "\(result)")
            }

            /// Whatever the limit, it is answered or told: no start hangs, no search ends the process. The first is less than the
            /// program itself takes, the last enough for some.
            @Test(arguments: [40_000, 60_000, 80_000, 90_000, 100_000, 110_000, 120_000, 140_000])
            func noLimitIsTooNarrowToTell(kilobytes: Int) async throws {
                let script = """
                    cd "$P"; ulimit -v $K
                    head -qn 2 sudoku.ndjson lightup.ndjson nurikabe.ndjson maze.ndjson |
                        timeout 60 "$PTRMD" --threads 2 --fail-on none
                    """
                let folder = RepositoryFiles.root + "/examples/puzzles"
                let result = try await Daemon.shell(script, environment: ["K": "\(kilobytes)", "P": folder])
                // 127 is the loader's, which has no room for the libraries.
                #expect([0, 2, 3, 127].contains(result.exitCode), "\(result)")
                if result.exitCode == 0 {
                    #expect(try Replies.checked(result.output).count == 8, "\(result)")
                } else {
                    #expect(!result.errors.isEmpty && !result.errors.contains("Fatal error"), "\(result.errors)")
                }
            }

            @Test func theBudgetCanBeSet() async throws {
                let result = try await Daemon.run(
                    ["--memory", "64M"],
                    input: Self.wide(1, K: 600, steps: 600) + "\n" + Self.wide(2, K: 4, steps: 8) + "\n")
                let replies = try Replies.byID(result.output)
                #expect(replies["1"]?.errorCode == -32602 && replies["2"]?["type"] == "answer")
            }
        }
    }
#endif
