import JSON
import LineProtocol
import Rollouts
import Service
import Testing
import Threading

/// Many clients, full queues, and ends of every kind.
@Suite(.timeLimit(.minutes(10))) struct LifecycleTests {
    @Test func drainRefusesWhatWaitsAndLetsRunWhatRuns() throws {
        let harness = try Harness(threads: 1, maxActive: 1)
        let client = harness.connect()
        let running = (0..<4).map { client.solve("r\($0)", Harness.endless) }
        let waiting = (0..<3).map { client.solve("w\($0)") }
        #expect(client.sink.wait { _ in harness.service.stats.steps > 0 })
        let idle = harness.connect()
        harness.service.beginDrain()
        #expect(harness.service.stats.draining)
        #expect(idle.sink.isFinished)
        #expect(client.sink.waitForTerminals(3))
        for line in waiting { #expect(client.terminals(line).first?.errorCode == 503) }
        let late = client.solve("late")
        #expect(client.terminals(late).first?.errorCode == 503)
        // Control still gets through.
        let ping = client.send(#"{"method":"ping"}"#)
        #expect(client.terminals(ping).first?.type == "result")
        #expect(!client.sink.isFinished)
        harness.service.endAll(.shutdown)
        #expect(client.sink.wait { $0.isFinished })
        for line in running { #expect(client.terminals(line).map(\.stopReason) == ["shutdown"]) }
        #expect(running.contains { client.terminals($0).first?["answer"]?.stringValue != nil })
        #expect(!client.sink.monitor.withLock { $0.writtenAfterTheEnd })
    }

    /// What a transport has read before the drain is answered, though nothing else keeps the connection open.
    @Test func aDrainWaitsForLinesThatWereRead() throws {
        let harness = try Harness(threads: 1)
        let client = harness.connect()
        client.connection.setHasLinesToTake(true)
        harness.service.beginDrain()
        #expect(!client.sink.isFinished)
        let ping = client.send(#"{"method":"ping"}"#)
        let solve = client.solve("late")
        #expect(!client.sink.isFinished)
        client.connection.setHasLinesToTake(false)
        #expect(client.sink.isFinished)
        #expect(client.terminals(ping).map(\.type) == ["result"])
        #expect(client.terminals(solve).map(\.errorCode) == [503])
    }

    @Test func aClientThatGoesFreesItsRolloutsAtOnce() throws {
        let harness = try Harness()
        let expected = try Self.answers(harness.connect(), 6)
        let (leaver, stayer) = (harness.connect(), harness.connect())
        for number in 0..<20 { leaver.solve("s\(number)", Harness.endless) }
        #expect(leaver.sink.wait { _ in harness.service.stats.rolloutsAlive > 0 })
        for number in 0..<6 { stayer.solve("s\(number)", Self.members(number)) }
        leaver.connection.disconnect()
        let written = leaver.sink.lines.count
        #expect(stayer.sink.waitForTerminals(6))
        #expect(Self.texts(stayer, 6) == expected)
        let stats = harness.service.stats
        #expect(stats.inFlight == 0 && stats.queued == 0 && stats.rolloutsAlive == 0)
        #expect(leaver.sink.lines.count == written && leaver.sink.isFinished)
    }

    /// Same request, same bytes: alone, and under load from sixteen clients.
    @Test func companyDoesNotShowInTheBytes() throws {
        let harness = try Harness()
        let expected = try Self.answers(harness.connect(), 6)
        let clients = (0..<16).map { _ in harness.connect() }
        for number in 0..<6 {
            for client in clients { client.solve("s\(number)", Self.members(number)) }
        }
        for client in clients {
            #expect(client.sink.waitForTerminals(6))
            #expect(Self.texts(client, 6) == expected)
        }
        #expect(harness.service.stats.answers == 17 * 6)
    }

    private static func members(_ number: Int) -> String {
        #""seed":\#(number),"limits":{"max_steps":\#(6 + number)},"overrides":{"K":5,"q_threshold":null,"check_every":null}"#
    }

    private static func answers(_ client: Client, _ count: Int) throws -> [String] {
        for number in 0..<count { client.solve("s\(number)", members(number)) }
        #expect(client.sink.waitForTerminals(count))
        return texts(client, count)
    }

    /// The answers in order of their lines.
    private static func texts(_ client: Client, _ count: Int) -> [String] {
        let (lines, text) = client.sink.monitor.withLock { ($0.lines, $0.text) }
        return (1...count).flatMap { number in zip(lines, text).filter { $0.0.line == number }.map(\.1) }
    }

    @Test func aFullQueueRefusesWithATime() throws {
        let harness = try Harness(threads: 1, maxQueued: 2, maxActive: 1)
        let client = harness.connect { $0.overflow = .reject }
        for number in 0..<8 { client.solve("s\(number)", Harness.endless) }
        // Four are active and two wait.
        #expect(client.sink.waitForTerminals(2))
        for line in [7, 8] {
            let error = client.terminals(line).first
            #expect(error?.errorCode == 429)
            let time = error?["error"]?["data"]?["retry_after_ms"]?.integerValue ?? 0
            #expect((10...60_000).contains(time))
        }
        let capped = harness.connect {
            $0.overflow = .reject
            $0.maxInFlight = 1
        }
        capped.solve("a", Harness.endless)
        let over = capped.solve("b")
        #expect(capped.terminals(over).first?.errorCode == 429)
        let message = capped.terminals(over).first?["error"]?["message"]?.stringValue ?? ""
        #expect(message.hasPrefix("this connection has 1 of at most 1 requests in flight; try again in "), "\(message)")
        #expect(capped.terminals(1).isEmpty)
    }

    /// Lines are read ahead while the queue is full, so that control gets through; beyond that the reader waits.
    @Test func heldLinesLetControlThrough() throws {
        let harness = try Harness(threads: 1, maxQueued: 2, maxActive: 1)
        let client = harness.connect { $0.maxParked = 5 }
        for number in 0..<11 { client.solve("s\(number)", Harness.endless) }
        #expect(harness.service.stats.queued == 7)
        let ping = client.send(#"{"method":"ping"}"#)
        #expect(client.terminals(ping).first?.type == "result")
        // One more than may be held: this one waits until a place is free.
        let waiting = Monitor(false)
        let thread = DedicatedThread(name: "reader") {
            client.solve("last", Harness.endless)
            waiting.withLock { $0 = true }
            waiting.wakeAll()
        }
        #expect(client.sink.wait { _ in harness.service.stats.inFlight == 12 })
        #expect(waiting.withLock { !$0 })
        // Another connection ends nothing here, so the client's own cancels come from elsewhere: it leaves.
        client.connection.disconnect()
        waiting.wait { $0 ? .done(()) : .sleep() }
        thread?.join()
        #expect(harness.service.stats.inFlight == 0)
    }
}
