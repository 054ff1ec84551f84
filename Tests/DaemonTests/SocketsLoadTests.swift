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
    /// Many clients at once, few lines each; `SocketsFullLoadTests` has the large numbers.
    @Suite struct SocketsLoadTests {
        @Test func twoHundredClientsGetAllTheirAnswersOnce() async throws {
            try await Crowd.everyAnswerComesOnce(clients: 200, each: 2, maxSteps: 1)
        }

        @Test func twoHundredClientsPing() async throws {
            let daemon = try SocketDaemon()
            let answers = try await Crowd.converse(daemon.path, clients: 200) { client in
                (0..<50).map { Sample.ping("\(1000 * client + $0)") }
            }
            #expect(answers.allSatisfy { $0.count == 50 })
        }

        @Test func theSameBytesAloneAndUnderLoadFromSixteenClients() async throws {
            try await Crowd.bytesDoNotDependOnCompany(puzzles: 4, maxSteps: 8)
        }

        @Test func aClientThatGoesAwayFreesItsRolloutsAndChangesNoAnswer() async throws {
            let lines = try Sample.exampleLines()[..<4].map { String($0.dropLast()) + #","limits":{"max_steps":12}}"# }
            let daemon = try SocketDaemon()
            let reference = try await Crowd.converse(daemon.path, clients: 1) { _ in lines }[0]
            for _ in 0..<3 {
                let leaving = try daemon.connect()
                for id in 0..<20 { try leaving.send(Sample.endlessSolve("\(id)")) }
                try daemon.stats { $0["rollouts_alive"] != 0 }
                let staying = try daemon.connect()
                for line in lines { try staying.send(line) }
                staying.endInput()
                leaving.leave()
                try daemon.stats { $0["in_flight"]?.integerValue ?? 99 <= 4 }
                for line in try staying.rest() {
                    let id = try JSON(parsing: line)["id"]?.text ?? ""
                    #expect(try Crowd.stable(line) == Crowd.stable(reference[id] ?? "{}"))
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
                    #""overrides":{"K":8,"D":100000,"q_threshold":null,"stop":"all"}"#, #""limits":{"max_steps":1500}"#)
            )
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
    }
}
