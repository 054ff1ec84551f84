import JSON
import Puzzles
import Testing
import Verifiers

@Suite struct VerifierCoreTests {
    static let millisecond: UInt64 = 1_000_000

    static func settings(processes: Int = 1) -> VerifierSettings {
        var settings = VerifierSettings(command: ["x"])
        settings.processes = processes
        settings.timeoutMs = 100
        settings.startMs = 1000
        return settings
    }

    static func line(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// A core whose only process is at question 1.
    static func busy() -> VerifierCore {
        var core = VerifierCore(settings())
        core.ask(1, for: 7, now: 0)
        core.started(0, now: 0)
        _ = core.takeEffects()
        return core
    }

    @Test func startsWhenAskedAndAsksOneQuestionAtATime() {
        var core = VerifierCore(Self.settings())
        #expect(core.takeEffects().isEmpty)
        core.ask(1, for: 7, now: 0)
        core.ask(2, for: 7, now: 0)
        #expect(core.takeEffects() == [.start(process: 0)])
        core.started(0, now: 1)
        #expect(core.takeEffects() == [.send(question: 1, process: 0)])
        core.received(Self.line(#"{"id":1,"valid":true,"score":0.5}"#), from: 0, now: 2)
        #expect(
            core.takeEffects() == [
                .settle(question: 1, Judgement(.valid, score: 0.5)), .send(question: 2, process: 0),
            ])
        core.received(Self.line(#"{"id":2,"valid":false,"rule":"r","cells":[[0,1]]}"#), from: 0, now: 3)
        #expect(core.takeEffects() == [.settle(question: 2, Judgement(.broken(rule: "r", cells: [Cell(0, 1)])))])
        #expect(core.counts.verdicts == 2 && core.counts.unanswered == 0 && core.counts.running == 1)
    }

    @Test func moreProcessesAreStartedOnlyForQuestionsThatWait() {
        var core = VerifierCore(Self.settings(processes: 3))
        core.ask(1, for: 7, now: 0)
        #expect(core.takeEffects() == [.start(process: 0)])
        core.ask(2, for: 7, now: 0)
        #expect(core.takeEffects() == [.start(process: 1)])
        core.started(0, now: 0)
        core.started(1, now: 0)
        #expect(core.takeEffects() == [.send(question: 1, process: 0), .send(question: 2, process: 1)])
    }

    @Test func askersTakeTurns() {
        var core = Self.busy()
        for question in 2...4 { core.ask(UInt64(question), for: 7, now: 0) }
        core.ask(9, for: 8, now: 0)
        var order: [UInt64] = []
        for now in 1...4 {
            let current = order.last ?? 1
            core.received(Self.line(#"{"id":\#(current)}"#), from: 0, now: UInt64(now))
            for case .send(let question, _) in core.takeEffects() { order.append(question) }
        }
        #expect(order == [2, 9, 3, 4])
    }

    /// What a process at question 1 may do wrong: the fault that is counted.
    static let wrongLines: [(String, VerifierFault)] = [
        ("hello", .malformed), ("7", .malformed), ("{}", .malformed), (#"{"id":null,"valid":true}"#, .malformed),
        (#"{"id":"1","valid":true}"#, .malformed), (#"{"id":2,"valid":true}"#, .wrongID),
        (#"{"id":1,"valid":"yes"}"#, .malformed), (#"{"id":1,"score":"high"}"#, .malformed),
        (#"{"id":1,"valid":false,"rule":""}"#, .malformed), (#"{"id":1,"valid":false,"cells":[[1]]}"#, .malformed),
        (#"{"id":1,"valid":false,"cells":[[-1,0]]}"#, .malformed), (#"{"id":1,"valid":true}{"#, .malformed),
        (#"{"id":1,"id":1}"#, .malformed),
    ]

    @Test(arguments: wrongLines) func aWrongLineCostsTheVerdictAndTheProcess(_ line: String, _ fault: VerifierFault) {
        var core = Self.busy()
        core.received(Self.line(line), from: 0, now: 5)
        #expect(core.takeEffects() == [.settle(question: 1, .none), .end(process: 0, fault)])
        #expect(core.counts.faults == [fault: 1] && core.counts.unanswered == 1 && core.counts.running == 0)
    }

    @Test func aSecondAnswerEndsTheProcessAndNotTheVerdict() {
        var core = Self.busy()
        core.received(Self.line(#"{"id":1,"valid":true}"#), from: 0, now: 1)
        #expect(core.takeEffects() == [.settle(question: 1, Judgement(.valid))])
        core.received(Self.line(#"{"id":1,"valid":false}"#), from: 0, now: 1)
        #expect(core.takeEffects() == [.end(process: 0, .unasked)])
        // What else it said is nobody's.
        core.received(Self.line(#"{"id":1,"valid":false}"#), from: 0, now: 1)
        #expect(core.takeEffects().isEmpty)
        #expect(core.counts.verdicts == 1 && core.counts.unanswered == 0)
    }

    @Test func aSecondAnswerIsToldFromOneToNothing() {
        var core = Self.busy()
        core.ask(2, for: 7, now: 0)
        core.received(Self.line(#"{"id":1}"#), from: 0, now: 1)
        core.received(Self.line(#"{"id":1}"#), from: 0, now: 1)
        #expect(core.counts.faults == [.unasked: 1] && core.counts.verdicts == 1 && core.counts.unanswered == 1)
    }

    @Test func aLateVerdictIsNone() {
        var core = Self.busy()
        // The first verdict has the time to start as well.
        #expect(core.nextDeadline == 1100 * Self.millisecond)
        core.received(Self.line(#"{"id":1,"valid":true}"#), from: 0, now: 900 * Self.millisecond)
        core.ask(2, for: 7, now: 1000 * Self.millisecond)
        _ = core.takeEffects()
        #expect(core.nextDeadline == 1100 * Self.millisecond)
        core.expire(now: 1099 * Self.millisecond)
        #expect(core.takeEffects().isEmpty)
        core.expire(now: 1100 * Self.millisecond)
        #expect(core.takeEffects() == [.settle(question: 2, .none), .end(process: 0, .late)])
    }

    @Test func pausesGrowAndQuestionsDoNotWaitForLongOnes() {
        var core = VerifierCore(Self.settings())
        var now: UInt64 = 0
        var pauses: [UInt64] = []
        for question in 1...12 {
            core.ask(UInt64(question), for: 7, now: now)
            let effects = core.takeEffects()
            // Within the time of a verdict it is waited for, else there is none.
            if let due = core.nextDeadline {
                pauses.append((due - now) / Self.millisecond)
                now = due
                core.expire(now: now)
            } else if effects != [.start(process: 0)] {
                #expect(effects == [.settle(question: UInt64(question), .none)])
                now += VerifierCore.longestPause
                continue
            }
            core.failedToStart(0, now: now)
            _ = core.takeEffects()
        }
        #expect(core.counts.faults[.notStarted].map { $0 >= 4 } == true)
        #expect(core.counts.waiting == 0)
    }

    @Test func goodServiceMakesThePauseShortAgain() {
        var core = VerifierCore(Self.settings())
        var question: UInt64 = 0
        var now: UInt64 = 0
        func pauseAfterFault(_ core: inout VerifierCore) -> UInt64 {
            core.failed(0, .died, now: now)
            core.ask(99_999, for: 1, now: now)
            _ = core.takeEffects()
            let due = core.nextDeadline ?? 0
            core.forget(1)
            _ = core.takeEffects()
            return due == 0 ? 0 : due - now
        }
        func serve(_ count: Int, _ core: inout VerifierCore) {
            for _ in 0..<count {
                question += 1
                core.ask(question, for: 1, now: now)
                if core.takeEffects().contains(.start(process: 0)) { core.started(0, now: now) }
                _ = core.takeEffects()
                core.received(Self.line(#"{"id":\#(question),"valid":true}"#), from: 0, now: now)
                _ = core.takeEffects()
            }
        }
        serve(1, &core)
        #expect(pauseAfterFault(&core) == VerifierCore.firstPause)
        now += VerifierCore.longestPause
        serve(VerifierCore.goodService, &core)
        #expect(core.counts.verdicts == 1 + VerifierCore.goodService)
        #expect(pauseAfterFault(&core) == VerifierCore.firstPause)
    }

    @Test func forgottenQuestionsAreDropped() {
        var core = Self.busy()
        core.ask(2, for: 7, now: 0)
        core.ask(3, for: 8, now: 0)
        core.forget(7)
        #expect(core.takeEffects() == [.settle(question: 2, .none)])
        core.received(Self.line(#"{"id":1,"valid":true}"#), from: 0, now: 1)
        #expect(core.takeEffects() == [.settle(question: 1, Judgement(.valid)), .send(question: 3, process: 0)])
    }

    @Test func stoppingLeavesNothingOpen() {
        var core = Self.busy()
        core.ask(2, for: 7, now: 0)
        core.stop()
        #expect(
            core.takeEffects() == [
                .settle(question: 1, .none), .end(process: 0, nil), .settle(question: 2, .none),
            ])
        core.ask(3, for: 7, now: 1)
        #expect(core.takeEffects() == [.settle(question: 3, .none)])
        #expect(core.nextDeadline == nil && core.counts.running == 0 && core.counts.waiting == 0)
    }

    @Test func questionsAreOneLine() throws {
        let question = VerifierQuestion(task: "sudoku", puzzle: "1.\n", answer: [[1, 2]], test: 1)
        let line = VerifierWire.line(question, id: 7)
        #expect(
            String(decoding: line, as: UTF8.self)
                == #"{"id":7,"task":"sudoku","puzzle":"1.\n","answer":[[1,2]],"test":1}"# + "\n")
    }
}
