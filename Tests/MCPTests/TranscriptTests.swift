import JSON
import LineProtocol
import MCP
import TestSupport
import Testing

/// The conversations of `Tests/Fixtures/mcp`, with the state machine in the middle.
@Suite struct TranscriptTests {
    private static let folder = RepositoryFiles.root + "/Tests/Fixtures/mcp"

    @Test(arguments: try RepositoryFiles.names(in: folder, endingIn: ".ndjson"))
    func plays(name: String) throws {
        let text = String(decoding: try RepositoryFiles.read("\(Self.folder)/\(name)"), as: UTF8.self)
        var server = MCPServer(version: "9.9")
        var waiting: [MCPServer.Effect] = []
        for (index, row) in text.split(separator: "\n").enumerated() where !row.hasPrefix("#") {
            let place = "\(name), line \(index + 1) without blank ones"
            let content = Array(row.dropFirst(2).utf8)
            switch row.first {
            case ">":
                try #require(waiting.isEmpty, "\(place): not expected before: \(waiting)")
                waiting = server.receive(FramedLine(number: index + 1, content: .bytes(content)))
            case "{":
                try #require(waiting.isEmpty, "\(place): not expected before: \(waiting)")
                waiting = server.receive(reply: try JSON(parsing: content))
                if case .retry(let call, let time) = waiting.first {
                    #expect(time > 0)
                    waiting = server.retry(call: call) + waiting.dropFirst()
                }
            default:
                try #require(!waiting.isEmpty, "\(place): nothing came")
                let found: (kind: Character, json: JSON)
                switch waiting.removeFirst() {
                case .send(let message): found = ("<", message)
                case .ask(let line): found = ("}", line)
                default: found = ("-", .null)
                }
                try #require(found.kind == row.first, "\(place): came \(found.json.text)")
                let mismatch = TranscriptMask.mismatch(try JSON(parsing: content), found.json)
                #expect(mismatch == nil, "\(place)")
            }
        }
        #expect(waiting.isEmpty)
    }

    /// What is open at the end of the input is ended in the revision's way.
    @Test func endOfInput() throws {
        var server = MCPServer(version: "1")
        let meta = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
            """
        func send(_ text: String) -> [MCPServer.Effect] {
            server.receive(FramedLine(number: 1, content: .bytes(Array(text.utf8))))
        }
        _ = send(#"{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"notifications":{},\#(meta)}}"#)
        _ = send(
            #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"list_tasks",\#(meta)}}"#)
        #expect(!server.isIdle)
        let lost = server.lostSolver("gone")
        #expect(lost.count == 1 && server.isIdle)
        if case .send(let message)? = lost.first {
            #expect(message["result"]?["isError"] == true)
        }
        let ends = server.endOfInput()
        guard case .send(let end)? = ends.first else { throw TestFailure() }
        #expect(end["id"] == 1 && end["result"]?["resultType"] == "complete")
        #expect(end["result"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == 1)
        #expect(server.endOfInput().isEmpty)
    }

    private struct TestFailure: Error {}

    /// A host that waits for nothing is told so, and goes on when a call has ended.
    @Test func callsThatMayBeOpen() throws {
        var server = MCPServer(version: "1")
        func line(_ id: Int) -> FramedLine {
            let text = #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"list_tasks"}}"#
            return FramedLine(number: id, content: .bytes(Array(text.utf8)))
        }
        let initialize = """
            {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{}}}
            """
        _ = server.receive(FramedLine(number: 1, content: .bytes(Array(initialize.utf8))))
        var asked = 0
        for id in 1...MCPServer.mostOpen { if case .ask? = server.receive(line(id)).first { asked += 1 } }
        #expect(asked == MCPServer.mostOpen)
        let refused = server.receive(line(MCPServer.mostOpen + 1))
        guard case .send(let message)? = refused.first else { throw TestFailure() }
        #expect(message["id"] == .integer(Int64(MCPServer.mostOpen + 1)) && message["error"]?["code"] == -32000)
        _ = server.receive(reply: ["type": "result", "id": 1, "method": "tasks", "tasks": [], "settings": [:]])
        guard case .ask? = server.receive(line(MCPServer.mostOpen + 2)).first else { throw TestFailure() }
    }

    /// A line of any length is told of, and nothing else is lost.
    @Test func longLine() {
        var server = MCPServer(version: "1")
        let effects = server.receive(FramedLine(number: 1, content: .tooLong(head: Array("{\"id\":1".utf8))))
        #expect(effects.count == 1)
    }
}
