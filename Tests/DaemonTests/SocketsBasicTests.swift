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
    /// Conversations of single clients on a socket.
    @Suite struct SocketsBasicTests {
        @Test func aClientIsAnsweredAsOnStdin() async throws {
            let daemon = try SocketDaemon()
            let client = try daemon.connect()
            let line = Sample.solve("1")
            let reply = try client.ask(line)
            #expect(reply["answer"]?.stringValue == Sample.easyAnswer)
            let stdin = try await Daemon.run([], input: line + "\n")
            #expect(stdin.output == reply.text + "\n")
        }

        @Test func halfAClosedSocketDrains() throws {
            let daemon = try SocketDaemon()
            let client = try daemon.connect()
            for id in 1...5 { try client.send(Sample.solve("\(id)")) }
            try client.send(bytes: Array(Sample.ping("6").utf8))  // The last line lacks its end.
            client.endInput()
            let replies = try client.rest().map { try Replies.checked(line: $0) }
            #expect(Set(replies.compactMap { $0["id"]?.integerValue }) == Set(1...6))
        }

        @Test func idsBelongToTheirConnection() throws {
            let daemon = try SocketDaemon()
            let one = try daemon.connect()
            let two = try daemon.connect()
            try one.send(Sample.endlessSolve("1"))
            try daemon.stats { $0["rollouts_alive"] != 0 }
            #expect(try two.ask(Sample.cancel("1", id: "2"))["cancelled"] == false)
            #expect(try two.ask(Sample.solve("1"))["type"] == "answer")
            #expect(try one.ask(Sample.ping("1")).errorCode == -32600)
            try one.send(Sample.cancel("1", id: "2"))
            #expect(try one.next()["stop_reason"] == "cancelled")
            #expect(try one.next()["cancelled"] == true)
            #expect(try one.ask(Sample.ping("1"))["type"] == "result")
        }

        /// Lines that break things, then a good one on the same connection.
        @Test func malformedInputNeverKillsIt() throws {
            let daemon = try SocketDaemon("--max-line-bytes", "2000")
            let lines: [[UInt8]] = [
                [0], [0xFF, 0xFE], Array("{".utf8), Array("[]".utf8), Array(#"{"id":1}"#.utf8),
                Array("\"\\ud800\"".utf8),
                Array(String(repeating: "[", count: 500).utf8), Array(String(repeating: "x", count: 100_000).utf8),
                Array(#"{"id":{},"method":"ping"}"#.utf8), Array(#"{"task":"sudoku","puzzle":"12"}"#.utf8),
            ]
            for line in lines {
                let client = try daemon.connect()
                try client.send(bytes: line + [0x0A])
                #expect(try client.next()["type"] == "error")
                #expect(try client.ask(Sample.ping("1"))["type"] == "result")
                // And half of it, with nobody to read the answer.
                try client.send(bytes: Array(line.prefix(line.count / 2)))
                client.leave()
            }
            #expect(try daemon.connect().ask(Sample.solve("1"))["status"] == "solved")
        }

        @Test func rapidCancelsGetOneTerminalLineEach() throws {
            let daemon = try SocketDaemon()
            let client = try daemon.connect()
            var terminals: [Int64: Int] = [:]
            let count: Int64 = 500
            for number in 0..<count {
                try client.send(
                    Sample.solve("\(2 * number)") + "\n" + Sample.cancel("\(2 * number)", id: "\(2 * number + 1)"))
            }
            client.endInput()
            while let line = try client.line() {
                let reply = try Replies.checked(line: line)
                if reply["type"] != "progress" { terminals[reply["id"]?.integerValue ?? -1, default: 0] += 1 }
            }
            #expect(terminals.count == 2 * Int(count) && terminals.values.allSatisfy { $0 == 1 })
        }

        /// Queued behind a full batch, running, finished, twice, unknown.
        @Test func cancelAtEveryStage() throws {
            let daemon = try SocketDaemon("--threads", "1")
            let client = try daemon.connect()
            #expect(try client.ask(Sample.cancel("99", id: "1"))["cancelled"] == false)
            #expect(try client.ask(Sample.solve("2"))["type"] == "answer")
            #expect(try client.ask(Sample.cancel("2", id: "3"))["cancelled"] == false)
            for id in 10..<60 { try client.send(Sample.endlessSolve("\(id)")) }
            try daemon.stats { $0["in_flight"] == 50 && $0["queued"] != 0 && $0["rollouts_alive"] != 0 }
            for id in [10, 59] {  // The first runs, the last waits.
                try client.send(Sample.cancel("\(id)", id: "100") + "\n" + Sample.cancel("\(id)", id: "101"))
                // The second cancel may come while the answer is being made, and is told so before it is written.
                let three = try (0..<3).map { _ in try client.next() }
                let first = three.filter { $0["type"] == "answer" }
                #expect(first.count == 1 && first[0]["id"] == .integer(Int64(id)))
                #expect(first[0]["stop_reason"] == "cancelled")
                #expect(Set(three.compactMap { $0["id"]?.integerValue }) == [Int64(id), 100, 101])
                #expect(three.first { $0["id"] == 100 }?["cancelled"] == true)
            }
            #expect(try client.ask(#"{"id":200,"method":"cancel_all"}"#)["stop_reason"] == "cancelled")
            let others = try (0..<48).map { _ in try client.next() }
            #expect(others.filter { $0["stop_reason"] == "cancelled" }.count == 47)
            #expect(others.last?["cancelled"] == 48)
        }

        @Test func tooManyClientsAreToldSo() throws {
            let daemon = try SocketDaemon("--max-clients", "2")
            let clients = [try daemon.connect(), try daemon.connect()]
            for client in clients { #expect(try client.ask(Sample.ping("1"))["type"] == "result") }
            let third = try daemon.connect()
            #expect(try third.next().errorCode == 429)
            #expect(try third.line() == nil)
            clients[0].leave()
            var reply: JSON?
            for _ in 0..<100 where reply?["type"] != "result" {
                let client = try daemon.connect()
                try? client.send(Sample.ping("1"))
                reply = try client.next()
            }
            #expect(reply?["type"] == "result")
        }

        /// Systems start programs with few descriptors and allow more; what they do not allow is told.
        @Test(arguments: [(hard: 2048, clients: 150), (hard: 96, clients: 96 - 48)])
        func moreClientsThanTheSoftLimitOfDescriptors(_ test: (hard: Int, clients: Int)) throws {
            let daemon = try SocketDaemon(
                "--max-clients", "150", wrapper: #"ulimit -Sn 80 && ulimit -Hn \#(test.hard) && exec "$@""#)
            let clients = try (0..<test.clients).map { _ in try daemon.connect() }
            for client in clients { #expect(try client.ask(Sample.ping("1"))["type"] == "result") }
            let refusal = try daemon.connect().next()
            withExtendedLifetime(clients) { #expect(refusal.errorCode == 429) }
            #expect(daemon.process.errors.contains("ulimit -n") == (test.clients < 150))
        }

        @Test func aFullQueueRefusesAndSaysWhen() throws {
            let daemon = try SocketDaemon("--max-queue", "4", "--threads", "1")
            let client = try daemon.connect()
            for id in 0..<60 { try client.send(Sample.endlessSolve("\(id)")) }
            let reply = try client.next()
            #expect(reply.errorCode == 429)
            #expect((reply[at: "error", "data", "retry_after_ms"]?.integerValue ?? 0) > 0)
        }

        /// With `block` nothing is refused, and the one client that is held back does not hold the other up.
        @Test func aFullQueueThatBlocksHoldsBackOneClientOnly() throws {
            let daemon = try SocketDaemon("--max-queue", "4", "--threads", "1", "--overflow", "block")
            let greedy = try daemon.connect()
            for id in 0..<400 { try greedy.send(Sample.endlessSolve("\(id)")) }
            try daemon.stats { $0["rollouts_alive"] != 0 }
            #expect(try daemon.connect().ask(Sample.ping("1"))["type"] == "result")
            greedy.leave()
            try daemon.stats { $0["in_flight"] == 0 && $0["rollouts_alive"] == 0 }
            #expect(try daemon.connect().ask(Sample.solve("1"))["status"] == "solved")
        }
    }
}
