import Generation
import JSON
import LineProtocol
import MCP
import Prometheus
import Verifiers

extension FuzzTargets {
    /// A conversation of lines: those that begin with `<` are the solver's. What goes out is JSON-RPC on one line that reads
    /// back, and no call is answered twice.
    static func mcp(_ input: UnsafeRawBufferPointer) {
        var server = MCPServer(version: "1")
        var open: Set<Int> = []
        for (number, line) in input.split(separator: 0x0A).prefix(8).enumerated() {
            var effects: [MCPServer.Effect]
            if line.first == UInt8(ascii: "<") {
                guard let reply = try? JSON(parsing: Array(line.dropFirst())) else { continue }
                effects = server.receive(reply: reply)
            } else {
                effects = server.receive(FramedLine(number: number + 1, content: .bytes(Array(line))))
            }
            while !effects.isEmpty {
                switch effects.removeFirst() {
                case .send(let message):
                    let members = message.arrayValue ?? [message]
                    guard members.allSatisfy({ $0["jsonrpc"] == "2.0" }), !message.text.contains("\n"),
                        let again = try? JSON(parsing: message.text), again == message
                    else { fatalError("no message: \(message.text)") }
                case .ask(let line):
                    guard (try? ParsedRequest(parsing: Array(line.text.utf8))) != nil else {
                        fatalError("no request: \(line.text)")
                    }
                case .retry(let call, _): open.insert(call)
                case .generate(let order):
                    effects += server.generated(call: order.call, .failure(GenerationError("no")))
                case .stopGenerating: break
                }
            }
        }
        for call in open { _ = server.retry(call: call) }
        _ = server.endOfInput()
        _ = server.lostSolver("gone")
        guard server.isIdle else { fatalError("a call is never answered") }
    }

    /// What a verifier may say.
    static func verdict(_ input: UnsafeRawBufferPointer) {
        _ = try? VerifierWire.judgement(Array(input), id: 7, settled: 6)
    }

    /// One request to the metrics' socket.
    static func scrape(_ input: UnsafeRawBufferPointer) {
        let request = Array(input)
        let reply = ScrapeResponse.bytes(for: request, health: { .init(illness: nil, unreadiness: "no") }) { "body" }
        guard ScrapeResponse.isComplete(request) || !reply.isEmpty, reply.starts(with: Array("HTTP/1.1 ".utf8)) else {
            fatalError("no response")
        }
    }
}
