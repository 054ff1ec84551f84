import Testing
import Transports

/// Lines that a daemon had no place for.
@Suite struct SendQueueTests {
    private static func line(_ number: Int) -> SendQueue.Line { .init(number: number, bytes: Array("\(number)".utf8)) }

    @Test func aRefusedLineComesBackWhenTheDaemonSaysSo() {
        var queue = SendQueue(window: 2)
        queue.send(Self.line(1))
        queue.send(Self.line(4), blank: 2)
        #expect(!queue.hasRoom)
        let refused = queue.take(type: "error", wireLine: 4, isFull: true, retryAfterMs: 5, now: 1_000_000)
        #expect(refused == .dropped && !queue.hasRoom && queue.nextDue == 6_000_000)
        let early = queue.resend(now: 5_999_999)
        #expect(early == nil)
        let due = queue.resend(now: 6_000_000)
        #expect(due?.number == 4 && queue.nextDue == nil)
        // The connection counts it as its fifth line; it is the file's fourth.
        let answer = queue.take(type: "answer", wireLine: 5, now: 7_000_000)
        #expect(answer == .shown(number: 4) && queue.hasRoom && queue.answered == 1)
        queue.hasAll = true
        #expect(!queue.isDone)
        let error = queue.take(type: "error", wireLine: 1, now: 7_000_000)
        #expect(error == .shown(number: 1) && queue.isDone && queue.errors == 1)
    }

    /// A warning is told once, not at every try.
    @Test func warningsAreToldOnce() {
        var queue = SendQueue(window: 1)
        queue.send(Self.line(1))
        let first = queue.take(type: "warning", wireLine: 1, now: 0)
        _ = queue.take(type: "error", wireLine: 1, isFull: true, retryAfterMs: 0, now: 0)
        _ = queue.resend(now: 0)
        let second = queue.take(type: "warning", wireLine: 2, now: 0)
        let progress = queue.take(type: "progress", wireLine: 2, now: 0)
        #expect(first == .shown(number: 1) && second == .dropped && progress == .shown(number: 1))
    }

    /// An error 429 that says no time is an answer; what the daemon says of the connection itself is kept.
    @Test func otherErrorsAreAnswers() {
        var queue = SendQueue(window: 1)
        queue.send(Self.line(1))
        let error = queue.take(type: "error", wireLine: 1, isFull: true, now: 0)
        #expect(error == .shown(number: 1) && queue.answered == 1)
        let stray = queue.take(type: "error", wireLine: 9, message: "no more are taken", now: 0)
        #expect(stray == .shown(number: nil) && queue.refusal == "no more are taken")
    }

    /// A refusal of the whole connection may come before the first line went out, and the daemon may go with lines unsent.
    @Test func whatIsLeftUndoneIsTold() {
        var queue = SendQueue(window: 1)
        let refused = queue.take(
            type: "error", wireLine: 1, isFull: true, retryAfterMs: 9, message: "no more are taken", now: 0)
        #expect(refused == .dropped && queue.shortfall == "nothing was sent: no more are taken")
        queue = SendQueue(window: 1)
        queue.hasAll = true
        #expect(queue.shortfall == nil)
        queue = SendQueue(window: 2)
        queue.send(Self.line(3), blank: 2)
        #expect(queue.shortfall == "1 lines were not answered, nothing after line 3 was sent: the daemon went away")
        _ = queue.take(type: "answer", wireLine: 3, now: 0)
        #expect(queue.shortfall == "nothing after line 3 was sent: the daemon went away")
        queue.hasAll = true
        #expect(queue.shortfall == nil)
    }

    @Test func theEarliestIsFirst() {
        var queue = SendQueue(window: 3)
        for number in 1...3 { queue.send(Self.line(number)) }
        for (wire, wait) in [(1, 30), (2, 10), (3, 20)] {
            _ = queue.take(type: "error", wireLine: wire, isFull: true, retryAfterMs: wait, now: 0)
        }
        var order: [Int] = []
        while let line = queue.resend(now: 1_000_000_000) { order.append(line.number) }
        #expect(order == [2, 3, 1])
    }
}
