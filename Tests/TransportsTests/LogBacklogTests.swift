import Testing
import Transports

@Suite struct LogBacklogTests {
    private static func text(_ backlog: inout LogBacklog) -> String { String(decoding: backlog.take(), as: UTF8.self) }

    @Test(arguments: [
        (["one\n"], "one\n"), (["one\n", "two\n"], "one\ntwo\n"),
        (["twelve byte\n"], "twelve byte\n"),
        (["thirteen byte\n"], "ptrmd: 1 log line was dropped: stderr was not read\n"),
        (["eight b\n", "too much\n", "2\n"], "eight b\nptrmd: 2 log lines were dropped: stderr was not read\n"),
    ])
    func linesBeyondTheLimitAreDroppedAndCounted(lines: [String], expected: String) {
        var backlog = LogBacklog(limit: 12)
        #expect(backlog.isEmpty)
        for line in lines { backlog.append(Array(line.utf8)) }
        #expect(!backlog.isEmpty)
        #expect(Self.text(&backlog) == expected)
        #expect(backlog.isEmpty && backlog.dropped == 0)
    }

    @Test func linesAreTakenAgainAfterTheNote() {
        var backlog = LogBacklog(limit: 4)
        for line in ["one\n", "two\n"] { backlog.append(Array(line.utf8)) }
        #expect(backlog.dropped == 1)
        _ = backlog.take()
        backlog.append(Array("new\n".utf8))
        #expect(Self.text(&backlog) == "new\n")
    }
}
