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
    /// Many clients at once. `PTRM_FULL_LOAD=1` runs these at full size; the default keeps the suite short.
    @Suite struct SocketsLoadTests {
        private static let isFull = getenv("PTRM_FULL_LOAD") != nil

        /// Replies by client, by id; an issue for an id that comes twice.
        private static func converse(
            _ path: String, clients: Int, lines: @escaping @Sendable (Int) -> [String]
        ) async throws -> [[String: String]] {
            // Each client is a thread's work; the pool has few threads, so they share them: send all, then read all.
            let conversations = try (0..<clients).map { _ in try SocketConversation(path) }
            var answers = [[String: String]](repeating: [:], count: clients)
            for (number, client) in conversations.enumerated() {
                try client.send(bytes: Array(lines(number).joined(separator: "\n").utf8) + [0x0A])
                client.endInput()
            }
            for (number, client) in conversations.enumerated() {
                while let line = try client.line(within: 600) {
                    let reply = try JSON(parsing: line)
                    let id = reply["id"]?.text ?? "none"
                    #expect(answers[number][id] == nil, "client \(number): id \(id) twice")
                    answers[number][id] = line
                }
            }
            return answers
        }

        /// The answer without what may differ between runs.
        private static func stable(_ line: String) throws -> String {
            var object = try #require(try JSON(parsing: line).objectValue)
            object["line"] = nil
            object["timings"] = nil
            return JSON.object(object).text
        }

        @Test(.timeLimit(.minutes(20))) func twoHundredClientsGetAllTheirAnswersOnce() async throws {
            let each = isFullCount(50, 3)
            let daemon = try SocketDaemon("--max-queue", "20000")
            let puzzles = try Sample.exampleLines().map { line in
                try #require(try JSON(parsing: line)["puzzle"]?.stringValue)
            }
            let answers = try await Self.converse(daemon.path, clients: 200) { client in
                (0..<each).map { number in
                    Sample.solve(
                        "\(1000 * client + number)", puzzles[(client + number) % puzzles.count],
                        #""limits":{"max_steps":4}"#)
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

        @Test func twoHundredClientsPing() async throws {
            let daemon = try SocketDaemon()
            let answers = try await Self.converse(daemon.path, clients: 200) { client in
                (0..<50).map { Sample.ping("\(1000 * client + $0)") }
            }
            #expect(answers.allSatisfy { $0.count == 50 })
        }

        @Test func theSameBytesAloneAndUnderLoadFromSixteenClients() async throws {
            let lines = try Sample.exampleLines()[..<(isFullCount(40, 8))].map { line in
                String(line.dropLast()) + #","limits":{"max_steps":60},"include":["candidates","trace"]}"#
            }
            let alone = try SocketDaemon("--threads", "1")
            let reference = try await Self.converse(alone.path, clients: 1) { _ in lines }[0]
            alone.process.signal(SIGKILL)
            let daemon = try SocketDaemon()
            let answers = try await Self.converse(daemon.path, clients: 16) { client in
                Array(lines[(client % lines.count)...] + lines[..<(client % lines.count)])
            }
            for replies in answers {
                #expect(replies.count == lines.count)
                for (id, line) in replies { #expect(try Self.stable(line) == Self.stable(reference[id] ?? "{}")) }
            }
        }

        @Test func aClientThatGoesAwayFreesItsRolloutsAndChangesNoAnswer() async throws {
            let lines = try Sample.exampleLines()[..<10].map { String($0.dropLast()) + #","limits":{"max_steps":60}}"# }
            let daemon = try SocketDaemon()
            let reference = try await Self.converse(daemon.path, clients: 1) { _ in lines }[0]
            for _ in 0..<5 {
                let leaving = try daemon.connect()
                for id in 0..<20 { try leaving.send(Sample.endlessSolve("\(id)")) }
                try daemon.stats { $0["rollouts_alive"] != 0 }
                let staying = try daemon.connect()
                for line in lines { try staying.send(line) }
                staying.endInput()
                leaving.leave()
                try daemon.stats { $0["in_flight"]?.integerValue ?? 99 <= 10 }
                for line in try staying.rest() {
                    let id = try JSON(parsing: line)["id"]?.text ?? ""
                    #expect(try Self.stable(line) == Self.stable(reference[id] ?? "{}"))
                }
                try daemon.stats { $0["in_flight"] == 0 && $0["rollouts_alive"] == 0 }
            }
        }

        /// It asks and asks and reads nothing: the daemon stops reading it, keeps a bounded buffer, and serves others.
        @Test func aReaderThatNeverReadsIsBounded() throws {
            let daemon = try SocketDaemon()
            let other = try daemon.connect()
            #expect(try other.ask(Sample.solve("1"))["status"] == "solved")
            let before = try daemon.process.memory("VmRSS")
            let clients = try (0..<8).map { _ in try daemon.connect() }
            let lines = Array(String(repeating: "{\"method\":\"profiles\"}\n", count: 1000).utf8)
            var sent = 0
            var isStuck = 0
            while isStuck < 200, sent < 200_000_000 {
                let count = clients.reduce(0) { $0 + $1.offer(lines) }
                sent += count
                isStuck = count == 0 ? isStuck + 1 : 0
                if count == 0 { usleep(1000) }
            }
            #expect(isStuck == 200, "it goes on reading: \(sent) bytes")
            #expect(try other.ask(Sample.solve("2"))["status"] == "solved")
            #expect(try daemon.process.memory("VmRSS") - before < 40_000)
            // Whoever reads after all gets whole lines.
            for _ in 0..<100 { #expect(try clients[0].next()["method"] == "profiles") }
            for client in clients { client.leave() }
            try daemon.stats { $0["connections"]?.integerValue ?? 99 <= 2 }
        }

        @Test func progressIsDroppedForASlowReaderAndTheAnswerIsNot() throws {
            let daemon = try SocketDaemon()
            let client = try daemon.connect()
            try client.send(
                Sample.solve(
                    "1", Sample.unsolvable, #""progress_every_ms":10"#,
                    #""overrides":{"K":8,"D":100000,"q_threshold":null,"stop":"all"}"#, #""limits":{"time_ms":1500}"#))
            var steps: Int64 = 0
            while true {
                let reply = try client.next()
                if reply["type"] == "answer" { break }
                let now = reply["steps"]?.integerValue ?? 0
                #expect(reply["type"] == "progress" && now > steps)
                steps = now
            }
            #expect(steps > 0)
        }

        @Test(.enabled(if: getenv("PTRM_FULL_LOAD") != nil), .timeLimit(.minutes(10)))
        func memoryStaysFlatOverThreeMinutes() async throws {
            let daemon = try SocketDaemon("--max-queue", "20000")
            let puzzles = try Sample.exampleLines().map { String($0.dropLast()) + #","limits":{"max_steps":8}}"# }
            var samples: [Int] = []
            let end = ContinuousClock.now + .seconds(180)
            while ContinuousClock.now < end {
                let answers = try await Self.converse(daemon.path, clients: 16) { client in
                    puzzles + (0..<200).map { Sample.ping("\($0)") }
                }
                #expect(answers.allSatisfy { $0.count == puzzles.count + 200 })
                samples.append(try daemon.process.memory("VmRSS"))
            }
            print("resident memory over the soak, kB: \(samples)")
            let tail = samples.dropFirst(samples.count / 3)
            let (least, most) = (tail.min() ?? 0, tail.max() ?? 0)
            #expect(samples.count > 6 && most - least < 8192, "\(samples)")
        }

        /// Seconds for the same puzzles from one client and from sixteen, alternating; printed, since it is a measurement.
        @Test(.enabled(if: getenv("PTRM_FULL_LOAD") != nil), .timeLimit(.minutes(20)))
        func sixteenClientsAreAsFastAsOne() async throws {
            let lines = try Sample.exampleLines().map { String($0.dropLast()) + #","limits":{"max_steps":40}}"# }
            let daemon = try SocketDaemon("--max-queue", "20000")
            func seconds(_ clients: Int) async throws -> Double {
                let start = ContinuousClock.now
                let answers = try await Self.converse(daemon.path, clients: clients) { client in
                    (0..<16 / clients).flatMap { copy in
                        lines.map { $0.replacing("minimal-", with: "c\(client)-\(copy)-") }
                    }
                }
                #expect(answers.reduce(0) { $0 + $1.count } == 16 * lines.count)
                return (ContinuousClock.now - start) / .seconds(1)
            }
            _ = try await seconds(16)
            var ratios: [Double] = []
            for _ in 0..<5 {
                let one = try await seconds(1)
                let sixteen = try await seconds(16)
                ratios.append(one / sixteen)
            }
            print("throughput of 16 clients as a share of one client's: \(ratios.sorted())")
            #expect(ratios.sorted()[2] >= 0.95)
        }

        private func isFullCount(_ full: Int, _ short: Int) -> Int { Self.isFull ? full : short }
    }
}
