import JSON
import LineProtocol
import Rollouts
import Service
import Testing
import Threading

/// One client's lines against the real service, in this process.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    @Test func everySolveAndCancelHasOneTerminalLine() throws {
        let harness = try Harness()
        let client = harness.connect()
        let pairs = 1000
        for number in 0..<pairs {
            client.solve("s\(number)", number % 3 == 0 ? Harness.endless : #""limits":{"max_steps":1}"#)
            client.send(#"{"id":"c\#(number)","method":"cancel","request_id":"s\#(number)"}"#)
            // The same id again: refused while it is in flight, else a new request.
            if number % 100 == 0 { client.send(#"{"method":"cancel","request_id":"s\#(number)"}"#) }
        }
        let sent = 2 * pairs + pairs / 100
        #expect(client.sink.waitForTerminals(sent))
        let terminals = client.sink.lines.filter(\.isTerminal)
        #expect(terminals.count == sent)
        #expect(Set(terminals.compactMap(\.line)) == Set(1...sent))
        // A cancel that says so comes after the answer that says so.
        var cancelled: Set<String> = []
        for line in terminals {
            if line.stopReason == "cancelled", let id = line["id"]?.stringValue { cancelled.insert(id) }
            if line["cancelled"]?.boolValue == true, let id = line["id"]?.stringValue {
                #expect(cancelled.contains("s" + id.dropFirst()), "\(line)")
            }
        }
        #expect(cancelled.count >= pairs / 4)
        #expect(harness.service.stats.inFlight == 0)
    }

    @Test func anIdIsFreeAgainAfterItsTerminalLine() throws {
        let harness = try Harness()
        let (first, second) = (harness.connect(), harness.connect())
        let holder = first.solve("x", Harness.endless)
        let double = first.solve("x")
        #expect(first.terminals(double).first?.errorCode == -32600)
        #expect(first.terminals(double).first?["error"]?["data"]?["in_flight_line"] == .integer(Int64(holder)))
        // Ids are the connection's own.
        let elsewhere = second.solve("x", #""limits":{"max_steps":1}"#)
        second.send(#"{"id":"c","method":"cancel","request_id":"y"}"#)
        #expect(second.sink.waitForTerminals(2))
        #expect(second.terminals(elsewhere).first?.type == "answer")
        #expect(first.terminals(holder).isEmpty)
        first.send(#"{"method":"cancel","request_id":"x"}"#)
        #expect(first.sink.waitForTerminals(3))
        let again = first.solve("x", #""limits":{"max_steps":1}"#)
        #expect(first.sink.waitForTerminals(4))
        #expect(first.terminals(again).first?.type == "answer")
    }

    /// The profile's limit of steps would end a search while the test waits for its turn on a busy machine.
    private static let unlimited = Harness.endless + #","limits":{"max_steps":100000000}"#

    /// Replies that wait for the turn of a long search hold further lines back, and none of them is lost.
    @Test func repliesThatWaitForTheirTurnAreBounded() throws {
        let harness = try Harness()
        let client = harness.connect { options in
            options.ordered = true
            options.receiveWaits = false
            options.maxWaitingReplies = 20_000
        }
        client.solve("slow", Self.unlimited)
        var sent = 1
        while !client.connection.mustWait, sent < 10_000 {
            client.send(#"{"method":"version"}"#)
            sent += 1
        }
        #expect(sent < 1000)
        #expect(client.sink.lines.filter(\.isTerminal).isEmpty)
        harness.service.endAll(.cancelled)
        #expect(client.sink.waitForTerminals(sent))
        #expect(!client.connection.mustWait)
        #expect(client.sink.lines.filter(\.isTerminal).compactMap(\.line) == Array(1...sent))
    }

    /// The same where the thread that reads may wait: it goes on when the long search has ended.
    @Test func aReaderWaitsForTurns() async throws {
        let harness = try Harness()
        let client = harness.connect { options in
            options.ordered = true
            options.maxWaitingReplies = 20_000
        }
        client.solve("slow", Self.unlimited)
        let isDone = Monitor(false)
        let thread = DedicatedThread(name: "reader") {
            for _ in 0..<1000 { client.send(#"{"method":"version"}"#) }
            isDone.withLock { $0 = true }
        }
        try #require(thread != nil)
        while !client.connection.mustWait, !isDone.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
        #expect(harness.service.stats.lines < 1001 && !isDone.withLock { $0 })
        #expect(client.sink.lines.filter(\.isTerminal).isEmpty)
        harness.service.endAll(.cancelled)
        #expect(client.sink.waitForTerminals(1001))
        while !isDone.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
        #expect(client.sink.lines.filter(\.isTerminal).compactMap(\.line) == Array(1...1001))
    }

    @Test func cancelAllFollowsItsAnswers() throws {
        let harness = try Harness(maxActive: 1)
        let client = harness.connect()
        for number in 0..<20 { client.solve("s\(number)", Harness.endless) }
        let line = client.send(#"{"id":"all","method":"cancel_all"}"#)
        #expect(client.sink.waitForTerminals(21))
        #expect(client.sink.lines.filter(\.isTerminal).last?.line == line)
        #expect(client.terminals(line).first?["cancelled"] == .integer(20))
        #expect(client.sink.lines.filter { $0.stopReason == "cancelled" }.count == 20)
        let empty = client.send(#"{"id":"none","method":"cancel_all"}"#)
        #expect(client.terminals(empty).first?["cancelled"] == .integer(0))
    }

    @Test func aNewerRequestSupersedesOneThatWaits() throws {
        let harness = try Harness(threads: 1, maxActive: 1)
        let (client, other) = (harness.connect(), harness.connect())
        // `maxActive` grows with the threads; these fill every place.
        for number in 0..<4 { client.solve("busy\(number)", Harness.endless) }
        other.solve("other", Harness.endless)
        let old = client.solve("old", #""supersede":"board""#)
        let unrelated = client.solve("unrelated", #""supersede":"else","limits":{"max_steps":1}"#)
        let new = client.solve("new", #""supersede":"board","limits":{"max_steps":1}"#)
        #expect(client.sink.waitForTerminals(1))
        #expect(client.terminals(old).first?.stopReason == "superseded")
        #expect(client.terminals(old).first?["steps"] == .integer(0))
        #expect(client.terminals(new).isEmpty && client.terminals(unrelated).isEmpty)
        // A key that only looks the same is another one.
        client.solve("composed", #""supersede":"caf\u00e9","limits":{"max_steps":1}"#)
        let decomposed = client.solve("decomposed", #""supersede":"cafe\u0301","limits":{"max_steps":1}"#)
        client.send(#"{"method":"ping"}"#)
        #expect(client.sink.waitForTerminals(2))
        #expect(client.sink.lines.count(where: \.isTerminal) == 2 && client.terminals(decomposed).isEmpty)
        // What runs is not superseded, and another connection's keys are its own.
        let running = other.solve("o", #""supersede":"board""# + "," + Harness.endless)
        _ = running
        #expect(client.terminals(new).isEmpty)
        client.send(#"{"method":"cancel_all"}"#)
        #expect(client.sink.waitForTerminals(11))
    }

    @Test func progressOnlyGoesForward() throws {
        let harness = try Harness()
        let client = harness.connect()
        client.solve("p", #""progress_every_ms":10,"limits":{"max_steps":3000},"# + Harness.endless)
        #expect(client.sink.waitForTerminals(1))
        // A search of the same client afterwards gives a late report time to be written.
        client.solve("after", #""limits":{"max_steps":1}"#)
        #expect(client.sink.waitForTerminals(2))
        let about = client.sink.lines.filter { $0["id"] == .string("p") }
        #expect(about.last?.type == "answer")
        let steps = about.dropLast().compactMap { $0["steps"]?.integerValue }
        #expect(steps.count >= 3 && steps.count == about.count - 1)
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }, "\(steps)")
    }

    @Test func partsAreThereWhenAskedFor() throws {
        let harness = try Harness()
        let client = harness.connect()
        client.solve("p", #""include":["candidates","trace","timings"],"overrides":{"K":3,"D":2,"q_threshold":null}"#)
        client.solve("q", #""overrides":{"K":3,"D":2,"q_threshold":null}"#)
        #expect(client.sink.waitForTerminals(2))
        let with = client.terminals(1).first
        #expect(with?["candidates"]?.arrayValue?.isEmpty == false)
        #expect(with?["trace"]?.arrayValue?.isEmpty == false)
        #expect((with?["timings"]?["compute_ms"]?.doubleValue ?? 0) > 0)
        for part in ["candidates", "trace", "timings"] { #expect(client.terminals(2).first?[part] == nil) }
    }

    @Test func orderedRepliesKeepTheOrderOfTheLines() throws {
        let harness = try Harness()
        let client = harness.connect { $0.ordered = true }
        for number in 0..<30 {
            client.solve("s\(number)", #""limits":{"max_steps":\#(number % 4 * 3 + 1)}"#)
            client.send(#"{"id":"p\#(number)","method":"ping"}"#)
        }
        client.connection.endOfInput()
        #expect(client.sink.wait { $0.isFinished })
        #expect(client.sink.lines.compactMap(\.line) == Array(1...60))
    }
}
