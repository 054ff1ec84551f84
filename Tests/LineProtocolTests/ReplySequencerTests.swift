import LineProtocol
import Randomness
import TestSupport
import Testing

@Suite struct ReplySequencerTests {
    private func run(_ open: [Int], _ replies: [(String, ReplySequencer<String>.Kind, Int)]) -> [String] {
        var sequencer = ReplySequencer<String>()
        open.forEach { sequencer.open(line: $0) }
        var written: [String] = []
        for (text, kind, line) in replies {
            sequencer.accept(text, kind, line: line) { message, _ in written.append(message) }
        }
        return written
    }

    @Test func repliesInOrderPassAtOnce() {
        let replies: [(String, ReplySequencer<String>.Kind, Int)] = [
            ("w1", .notice, 1), ("p1", .progress, 1), ("p1'", .progress, 1), ("t1", .terminal, 1), ("t3", .terminal, 3),
        ]
        #expect(run([1, 3], replies) == ["w1", "p1", "p1'", "t1", "t3"])
    }

    @Test func laterLinesWait() {
        #expect(run([1, 2, 3], [("t3", .terminal, 3), ("t2", .terminal, 2)]) == [])
        #expect(
            run([1, 2, 3], [("t3", .terminal, 3), ("t2", .terminal, 2), ("t1", .terminal, 1)]) == ["t1", "t2", "t3"])
        #expect(
            run([1, 2, 3], [("t3", .terminal, 3), ("t1", .terminal, 1), ("t2", .terminal, 2)]) == ["t1", "t2", "t3"])
    }

    @Test func warningsAndTheNewestProgressPassWithTheTurn() {
        #expect(
            run(
                [1, 2],
                [
                    ("w2", .notice, 2), ("p2", .progress, 2), ("p2'", .progress, 2), ("t1", .terminal, 1),
                    ("p2''", .progress, 2), ("t2", .terminal, 2),
                ]) == ["t1", "w2", "p2'", "p2''", "t2"])
        #expect(
            run([1, 2], [("w2", .notice, 2), ("p2", .progress, 2), ("t2", .terminal, 2), ("t1", .terminal, 1)])
                == ["t1", "w2", "t2"], "progress is pointless once the answer is there")
    }

    @Test func nothingAfterTheTerminalReply() {
        #expect(run([1], [("t1", .terminal, 1), ("p1", .progress, 1), ("t1'", .terminal, 1)]) == ["t1"])
        #expect(
            run([1, 2], [("t2", .terminal, 2), ("p2", .progress, 2), ("t2'", .terminal, 2), ("t1", .terminal, 1)])
                == ["t1", "t2"])
        #expect(run([1], [("t9", .terminal, 9)]) == [], "a line that was never opened")
    }

    @Test func whatWaitsIsWeighed() {
        var sequencer = ReplySequencer<String>(weight: \.count)
        for line in 1...3 { sequencer.open(line: line) }
        func weight(after message: String, _ kind: ReplySequencer<String>.Kind, _ line: Int) -> Int {
            sequencer.accept(message, kind, line: line) { _, _ in }
            return sequencer.waitingWeight
        }
        #expect(weight(after: "passes", .progress, 1) == 0)
        #expect(weight(after: "12345", .notice, 2) == 5)
        #expect(weight(after: "123", .progress, 2) == 8)
        #expect(weight(after: "12", .progress, 2) == 7, "the newest progress takes the place of the one before")
        #expect(weight(after: "1234567", .terminal, 3) == 14)
        #expect(weight(after: "1234567", .terminal, 3) == 14, "dropped")
        #expect(weight(after: "end", .terminal, 1) == 7)
        #expect(weight(after: "end", .terminal, 2) == 0)
    }

    /// Any order of terminal replies, mixed with new lines, comes out as one terminal reply per line in order.
    @Test(arguments: 1...50 as ClosedRange<UInt64>)
    func randomOrders(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var sequencer = ReplySequencer<Int>()
        var next = 1
        var running: [Int] = []
        var written: [Int] = []
        for _ in 0..<600 {
            if running.isEmpty || (next <= 300 && Bool.random(using: &random)) {
                // Blank lines leave gaps.
                next += Int.random(in: 1...3, using: &random)
                sequencer.open(line: next)
                running.append(next)
            } else {
                let line = running.remove(at: Int.random(in: 0..<running.count, using: &random))
                sequencer.accept(line, .terminal, line: line) { message, _ in written.append(message) }
                // What may be written is written: everything before the oldest line that runs.
                #expect(written.last ?? 0 < running.min() ?? .max)
                #expect(sequencer.openLines >= running.count)
                #expect(sequencer.waitingWeight == sequencer.openLines - running.count)
            }
        }
        while let line = running.popLast() {
            sequencer.accept(line, .terminal, line: line) { message, _ in written.append(message) }
        }
        #expect(written == written.sorted() && Set(written).count == written.count)
        #expect(sequencer.openLines == 0 && sequencer.waitingWeight == 0)
    }
}
