import JSON
import TestSupport
import Testing

/// Many clients of one daemon.
enum Crowd {
    /// Every client sends all its lines, then all replies are read: by client, by id. A second line of an id is an issue.
    static func converse(
        _ path: String, clients: Int, lines: (Int) -> [String]
    ) async throws -> [[String: String]] {
        let conversations = try (0..<clients).map { _ in try SocketConversation(path) }
        var answers = [[String: String]](repeating: [:], count: clients)
        for (number, client) in conversations.enumerated() {
            try client.send(bytes: Array(lines(number).joined(separator: "\n").utf8) + [0x0A])
            client.endInput()
        }
        for (number, client) in conversations.enumerated() {
            while let line = try client.line(within: 1000) {
                let reply = try JSON(parsing: line)
                let id = reply["id"]?.text ?? "none"
                #expect(answers[number][id] == nil, "client \(number): id \(id) twice")
                answers[number][id] = line
            }
        }
        return answers
    }

    /// The reply without what may differ between runs.
    static func stable(_ line: String) throws -> String {
        var object = try #require(try JSON(parsing: line).objectValue)
        object["line"] = nil
        object["timings"] = nil
        return JSON.object(object).text
    }

    /// None is lost, none is doubled, and none comes to another client.
    static func everyAnswerComesOnce(clients: Int, each: Int, maxSteps: Int) async throws {
        let daemon = try SocketDaemon("--max-queue", "20000")
        let puzzles = try Sample.exampleLines().map { line in
            try #require(try JSON(parsing: line)["puzzle"]?.stringValue)
        }
        let answers = try await converse(daemon.path, clients: clients) { client in
            (0..<each).map { number in
                Sample.solve(
                    "\(1000 * client + number)", puzzles[(client + number) % puzzles.count],
                    #""limits":{"max_steps":\#(maxSteps)}"#)
            }
        }
        for (client, replies) in answers.enumerated() {
            #expect(replies.count == each)
            for number in 0..<each {
                let line = try #require(replies["\(1000 * client + number)"])
                #expect(try JSON(parsing: line)["type"] == "answer", "\(line)")
            }
        }
    }

    /// One client alone on one thread, then sixteen together.
    static func bytesDoNotDependOnCompany(puzzles: Int, maxSteps: Int) async throws {
        let lines = try Sample.exampleLines()[..<puzzles].map { line in
            String(line.dropLast()) + #","limits":{"max_steps":\#(maxSteps)},"include":["candidates","trace"]}"#
        }
        let alone = try SocketDaemon("--threads", "1", "--max-queue", "20000")
        let reference = try await converse(alone.path, clients: 1) { _ in lines }[0]
        alone.process.signal(15)
        let daemon = try SocketDaemon("--max-queue", "20000")
        let answers = try await converse(daemon.path, clients: 16) { client in
            Array(lines[(client % lines.count)...] + lines[..<(client % lines.count)])
        }
        for replies in answers {
            #expect(replies.count == lines.count)
            for (id, line) in replies { #expect(try stable(line) == stable(reference[id] ?? "{}")) }
        }
    }
}
