import LineProtocol
import Service
import Testing
import Threading

@Suite struct ReloadQueueTests {
    /// Counts readings; the first waits until it is let go.
    private final class Readings: Sendable {
        let state = Monitor((begun: 0, isHeld: true))
        let answers = Monitor<[Int: Bool]>([:])

        func read() -> ReloadInfo {
            let number = state.withLock { state in
                state.begun += 1
                return state.begun
            }
            state.wakeAll()
            state.wait { state in state.isHeld ? .sleep() : .done(()) }
            return ReloadInfo(reloaded: number == 2)
        }

        func wait(for begun: Int) {
            state.wait { state in state.begun >= begun ? .done(()) : .sleep() }
        }

        func letGo() {
            state.withLock { state in state.isHeld = false }
            state.wakeAll()
        }
    }

    /// A reading that has begun may have missed what a later one who asks has changed; the next serves all of them.
    @Test(.timeLimit(.minutes(1)))
    func thoseWhoAskWhileItReadsShareTheNext() {
        let desk = ReloadQueue()
        let readings = Readings()
        for asker in 0..<50 {
            desk.ask(read: readings.read) { info in
                readings.answers.withLock { answers in answers[asker] = info.reloaded }
                readings.answers.wakeAll()
            }
            if asker == 0 { readings.wait(for: 1) }
        }
        readings.letGo()
        let answers = readings.answers.wait { answers in answers.count == 50 ? .done(answers) : .sleep() }
        #expect(answers[0] == false)
        #expect(answers.values.filter { $0 }.count == 49)
        #expect(readings.state.withLock { $0.begun } == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func whoAsksLaterIsReadFor() {
        let desk = ReloadQueue()
        let readings = Readings()
        readings.letGo()
        for asker in 0..<3 {
            desk.ask(read: readings.read) { info in
                readings.answers.withLock { answers in answers[asker] = info.reloaded }
                readings.answers.wakeAll()
            }
            readings.answers.wait { answers in answers[asker] != nil ? .done(()) : .sleep() }
        }
        #expect(readings.state.withLock { $0.begun } == 3)
    }
}
