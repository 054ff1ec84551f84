import JSON
import LineProtocol
import MCP
import Randomness
import Testing

/// Damaged messages: whatever comes, nothing dies, every message that goes out is JSON-RPC, and no request gets two
/// responses.
@Suite struct FuzzTests {
    private static let meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},\
        "progressToken":1}
        """
    private static let seeds = [
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{}}}"#,
        #"{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{\#(meta)}}"#,
        #"[{"jsonrpc":"2.0","id":3,"method":"ping"},{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"list_tasks"}}]"#,
        #"{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"solve_puzzle","arguments":{"puzzle":"Solve 1.....1..1.3...1 now","task":"sudoku","unique":true,"time_limit_ms":5},\#(meta)}}"#,
        #"{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"draw_puzzle","arguments":{"puzzle":"```\n. 1 .\n# . .\n```","task":"lightup","format":"svg"},\#(meta)}}"#,
        #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"check_answer","arguments":{"puzzle":"| 1 |   |   |   |\n|---|\n| 3 | 4 |","answer":"1"},\#(meta)}}"#,
        #"{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"generate_puzzle","arguments":{"task":"maze","size":"9x9","count":2},\#(meta)}}"#,
        #"{"jsonrpc":"2.0","id":9,"method":"resources/read","params":{"uri":"ptrm://drawing.svg?task=maze&puzzle=SG%0a..",\#(meta)}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}"#,
    ]
    private static let replies = [
        #"{"type":"answer","id":1,"status":"solved","stop_reason":"exact","engine":"exact","answer":"1234341221434321","verified":true,"unique":true}"#,
        #"{"type":"progress","id":1,"steps":5,"rollouts":2,"best":{"q":1.5}}"#,
        #"{"type":"error","id":1,"error":{"code":429,"message":"full","data":{"retry_after_ms":9}}}"#,
        #"{"type":"result","id":1,"method":"tasks","tasks":[{"name":"maze"}],"settings":{}}"#,
    ]

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func damagedMessages(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var server = MCPServer(version: "1")
        var responses: [JSON: Int] = [:]
        var requests: [JSON: Int] = [:]
        func note(_ message: JSON) {
            #expect(message["jsonrpc"] == "2.0")
            #expect((message["result"] != nil) != (message["error"] != nil) || message["method"] != nil)
            if message["method"] == nil, let id = message["id"], !id.isNull { responses[id, default: 0] += 1 }
        }
        for number in 1...60 {
            let line = Self.damaged(&random)
            for id in Self.ids(line) { requests[id, default: 0] += 1 }
            var effects = server.receive(FramedLine(number: number, content: .bytes(line)))
            if let reply = Self.replies.randomElement(using: &random).flatMap({ try? JSON(parsing: $0) }) {
                var members = reply.objectValue ?? [:]
                members["id"] = .integer(Int64.random(in: 1...40, using: &random))
                effects += server.receive(reply: .object(members))
            }
            for case .send(let message) in effects {
                for message in message.arrayValue ?? [message] { note(message) }
                // What goes out is one line that reads back.
                #expect((try? JSON(parsing: message.text)) != nil && !message.text.contains("\n"))
            }
        }
        for (id, count) in responses { #expect(count <= requests[id, default: 0], "\(id.text)") }
        #expect(responses.count > 3)
    }

    /// The ids that a line may be answered under.
    private static func ids(_ line: [UInt8]) -> [JSON] {
        guard let json = try? JSON(parsing: line) else { return [] }
        return (json.arrayValue ?? [json]).compactMap { message in
            message["id"].map { $0.wholeNumber.map(JSON.integer) ?? $0 }
        }
    }

    private static func damaged(_ random: inout SplitMix) -> [UInt8] {
        var line = Array(seeds[Int.random(in: 0..<seeds.count, using: &random)].utf8)
        for _ in 0..<Int.random(in: 0...3, using: &random) where !line.isEmpty {
            let start = Int.random(in: 0..<line.count, using: &random)
            let end = min(line.count, start + Int.random(in: 0...12, using: &random))
            switch Int.random(in: 0..<4, using: &random) {
            case 0: line[start] = UInt8.random(in: .min ... .max, using: &random)
            case 1: line.removeSubrange(start..<end)
            case 2: line.insert(contentsOf: line[start..<end], at: end)
            default: line.insert(Array("\"{}[],:0-.|#`".utf8).randomElement(using: &random) ?? 0, at: start)
            }
        }
        return line
    }
}
