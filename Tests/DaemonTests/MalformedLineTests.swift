import JSON
import TestSupport
import Testing

extension DaemonTests {
    /// Bad lines of every kind: one error each, and the next line still works.
    @Suite struct MalformedLineTests {
        private static let requestErrors: [(line: String, code: Int64)] = [
            ("[]", -32600), ("\"solve\"", -32600), ("12", -32600), ("null", -32600), ("true", -32600),
            ("[\(Sample.ping("1"))]", -32600), ("{}", -32600), (#"{"id":1.5,"method":"ping"}"#, -32600),
            (#"{"id":{},"method":"ping"}"#, -32600), (#"{"id":true,"method":"ping"}"#, -32600),
            (#"{"id":"a","method":null}"#, -32602), (#"{"id":"a","method":["ping"]}"#, -32600),
            (#"{"id":"a","method":"PING"}"#, -32601), (#"{"id":"a","method":""}"#, -32601),
            (#"{"id":"a","puzzle":1}"#, -32602), (#"{"id":"a","puzzle":true,"task":"sudoku"}"#, -32602),
            (#"{"id":"a","puzzle":"","task":"sudoku"}"#, -32602),
            (#"{"id":"a","puzzle":{},"task":"sudoku"}"#, -32602),
            (#"{"id":"a","puzzle":[[1,2],[3]],"task":"sudoku"}"#, -32602),
            (#"{"id":"a","puzzle":[["5"]],"task":"sudoku"}"#, -32602),
            (Sample.solve("1", Sample.easy, #""limits":[]"#), -32602),
            (Sample.solve("1", Sample.easy, #""limits":{"max_steps":"5"}"#), -32602),
            (Sample.solve("1", Sample.easy, #""limits":{"max_steps":1.5}"#), -32602),
            (Sample.solve("1", Sample.easy, #""limits":{"max_steps":0}"#), -32602),
            (Sample.solve("1", Sample.easy, #""limits":{"time_ms":1000000000001}"#), -32602),
            (Sample.solve("1", Sample.easy, #""overrides":"K""#), -32602),
            (Sample.solve("1", Sample.easy, #""overrides":{"K":1e300}"#), -32602),
            (Sample.solve("1", Sample.easy, #""seed":-1"#), -32602),
            (Sample.solve("1", Sample.easy, #""seed":"1""#), -32602),
            (Sample.solve("1", Sample.easy, #""priority":0.5"#), -32602),
            (Sample.solve("1", Sample.easy, #""include":{}"#), -32602),
            (Sample.solve("1", Sample.easy, #""progress_every_ms":0"#), -32602),
            (Sample.solve("1", Sample.easy, #""profile":[]"#), -32602),
        ]

        private static let notJSON: [String] = [
            "x", "{", "}", "{\"id\":1", "{\"id\":1,}", "{\"id\" 1}", "{'id':1}", "{id:1}", "{\"id\":01}", "{\"id\":+1}",
            "{\"id\":1.}", "{\"id\":.5}", "{\"id\":1e}", "{\"id\":0x1}", "{\"id\":NaN}", "{\"id\":Infinity}",
            "{\"id\":-Infinity}", "{\"id\":nul}", "{\"id\":9223372036854775808,\"method\":\"ping\"}",
            "{\"id\":-9223372036854775809,\"method\":\"ping\"}", "{\"id\":1e999}", "{\"id\":1,\"id\":1}",
            "{\"a\":{\"b\":1,\"b\":2},\"method\":\"ping\"}", "{\"id\":\"\\ud800\"}", "{\"id\":\"\\udc00\\ud800\"}",
            "{\"id\":\"\\u12\"}", "{\"id\":\"\\x41\"}", "{\"id\":\"a\tb\"}", "{\"id\":\"", "{\"id\":1} x",
            "{\"id\":1}{\"id\":2}", "// comment", "{\"id\":1/**/}", "\u{FEFF}{\"id\":1}", "\u{A0}{\"id\":1}",
            String(repeating: "[", count: 10_000), String(repeating: "{\"a\":", count: 10_000),
            "{\"id\":1,\"puzzle\":" + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
                + "}",
        ]

        /// Bytes that are not UTF-8, or not text at all.
        private static let notText: [[UInt8]] = [
            [0x00], [0x7B, 0x00, 0x7D], [0xFF], [0xFE, 0xFF], Array("{\"id\":\"".utf8) + [0xC3] + Array("\"}".utf8),
            Array("{\"id\":\"".utf8) + [0xC0, 0xAF] + Array("\"}".utf8),
            Array("{\"id\":\"".utf8) + [0xED, 0xA0, 0x80] + Array("\"}".utf8),
            Array("{\"id\":\"".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("\"}".utf8),
            Array("{\"id\":1,\"method\":\"pi".utf8) + [0x00] + Array("ng\"}".utf8),
            Array(Sample.ping("1").utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }),
        ]

        private static let tooLong: [[UInt8]] = [
            [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20 + 1),
            [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20 + 1),
            Array("{\"id\":\"long\",\"puzzle\":\"".utf8) + [UInt8](repeating: 0x2E, count: 1 << 20) + Array("\"}".utf8),
            [UInt8](repeating: UInt8(ascii: "["), count: 3 << 20),
        ]

        private static var cases: [(bytes: [UInt8], code: Int64)] {
            requestErrors.map { (Array($0.line.utf8), $0.code) } + notJSON.map { (Array($0.utf8), -32700) }
                + notText.map { ($0, -32700) } + tooLong.map { ($0, 413) }
        }

        @Test func eachIsOneErrorAndTheNextLineWorks() async throws {
            let result = try await Daemon.converse { daemon in
                // A byte order mark is dropped before the first line only.
                _ = try await daemon.ask(Sample.ping("0"))
                var line: Int64 = 1
                for (bytes, code) in Self.cases {
                    let name = "\(String(decoding: bytes.prefix(60), as: UTF8.self)) (\(bytes.count) bytes)"
                    try await daemon.send(bytes: bytes + [0x0A])
                    try await daemon.send(Sample.ping("\"ping\""))
                    let error = try await daemon.next()
                    #expect(error["type"] == "error" && error.errorCode == code, "\(name): \(error.text)")
                    #expect(error["line"] == .integer(line + 1), "\(name)")
                    let next = try await daemon.next()
                    #expect(next["type"] == "result" && next["line"] == .integer(line + 2), "\(name): \(next.text)")
                    line += 2
                }
                let answer = try await daemon.ask(Sample.solve("\"last\""))
                #expect(answer["answer"] == .string(Sample.easyAnswer))
            }
            #expect(result.output == "")
            #expect(result.exitCode == 1)
        }

        @Test func theLongestLineThatIsAllowedIsRead() async throws {
            // Ids of their own: an id may not be in flight twice.
            let padded = ["1", "2", "3"].map { id in
                let line = Array(Sample.solve(id).utf8)
                return line + [UInt8](repeating: 0x20, count: 1 << 20 - line.count)
            }
            let result = try await Daemon.run(input: padded[0] + [0x0A] + padded[1] + [0x0D, 0x0A] + padded[2])
            let replies = try Replies.checked(result.output)
            #expect(replies.map { $0["answer"] } == Array(repeating: .string(Sample.easyAnswer), count: 3))
        }

        #if os(Linux)
            /// The memory of the process before, while and after a line that never ends.
            @Test func aLineWithoutAnEndTakesNoMemory() async throws {
                try await Daemon.converse { daemon in
                    _ = try await daemon.ask(Sample.ping("1"))
                    let before = try #require(try daemon.memory("VmHWM"))
                    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
                    for _ in 0..<128 { try await daemon.send(bytes: chunk) }
                    let error = try await daemon.next()
                    #expect(error.errorCode == 413)
                    try await daemon.send("")
                    let next = try await daemon.ask(Sample.ping("2"))
                    #expect(next["id"] == 2)
                    let after = try #require(try daemon.memory("VmHWM"))
                    // A line up to the limit of 1 MiB is held, and now and then copied.
                    #expect(after - before < 8 * 1024, "grew from \(before) to \(after) kB")
                }
            }
        #endif
    }
}
