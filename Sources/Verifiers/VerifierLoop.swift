import Platform
import Puzzles
import Synchronization
import SystemPackage
import Threading

/// Drives a `VerifierCore` with processes: the life of a verifier's thread.
final class VerifierLoop: Sendable {
    private struct Question {
        var content: VerifierQuestion
        var asker: UInt64
        var then: @Sendable (Judgement) -> Void
    }

    /// What others leave for the thread.
    private struct Inbox {
        var questions: [(id: UInt64, Question)] = []
        var forgotten: [UInt64] = []
        var lastID: UInt64 = 0
        var isStopped = false
        /// Nobody reads it any more.
        var isClosed = false
        /// What the core counted when it was last looked at.
        var counts = VerifierCounts()
    }

    private let settings: VerifierSettings
    private let report: @Sendable (String) -> Void
    private let inbox = Mutex(Inbox())
    private let wake: WakePipe

    init?(_ settings: VerifierSettings, report: @escaping @Sendable (String) -> Void) {
        guard let wake = WakePipe() else { return nil }
        self.wake = wake
        self.settings = settings
        self.report = report
    }

    /// False when the loop has ended.
    func ask(
        _ content: VerifierQuestion, for asker: UInt64, then: @escaping @Sendable (Judgement) -> Void
    ) -> Bool {
        let isOpen = inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.lastID += 1
            inbox.questions.append((inbox.lastID, Question(content: content, asker: asker, then: then)))
            return true
        }
        if isOpen { wake.signal() }
        return isOpen
    }

    func forget(_ asker: UInt64) {
        inbox.withLock { inbox in inbox.forgotten.append(asker) }
        wake.signal()
    }

    var counts: VerifierCounts { inbox.withLock { inbox in inbox.counts } }

    func stop() {
        inbox.withLock { inbox in inbox.isStopped = true }
        wake.signal()
    }

    /// There is no thread to run it.
    func abandon() {
        let left = inbox.withLock { inbox in
            inbox.isClosed = true
            defer { inbox.questions = [] }
            return inbox.questions
        }
        for (_, question) in left { question.then(.none) }
    }

    func run() {
        var core = VerifierCore(settings)
        var questions: [UInt64: Question] = [:]
        var processes: [Int: VerifierProcess] = [:]
        while true {
            wake.clear()
            let now = MonotonicClock.now
            let (asked, forgotten, isStopped) = inbox.withLock { inbox in
                defer { (inbox.questions, inbox.forgotten) = ([], []) }
                return (inbox.questions, inbox.forgotten, inbox.isStopped)
            }
            for (id, question) in asked {
                questions[id] = question
                core.ask(id, for: question.asker, now: now)
            }
            for asker in forgotten { core.forget(asker) }
            if isStopped { core.stop() } else { core.expire(now: now) }
            var settled: [(Question, Judgement)] = []
            // Starting a process and writing to it may fail, which is an effect's effect.
            while case let effects = core.takeEffects(), !effects.isEmpty {
                for effect in effects {
                    carryOut(effect, &core, questions, &processes)
                    if case .settle(let id, let judgement) = effect, let question = questions.removeValue(forKey: id) {
                        settled.append((question, judgement))
                    }
                }
            }
            inbox.withLock { inbox in inbox.counts = core.counts }
            for (question, judgement) in settled { question.then(judgement) }
            if isStopped {
                abandon()
                return
            }
            wait(&core, processes)
        }
    }

    private func carryOut(
        _ effect: VerifierCore.Effect, _ core: inout VerifierCore, _ questions: [UInt64: Question],
        _ processes: inout [Int: VerifierProcess]
    ) {
        switch effect {
        case .start(let number):
            do throws(ChildProcessFailure) {
                processes[number] = VerifierProcess(
                    try ChildProcess(command: settings.command, folder: settings.folder))
                core.started(number, now: MonotonicClock.now)
            } catch {
                report("verifier not started: \(error)")
                core.failedToStart(number, now: MonotonicClock.now)
            }
        case .send(let id, let number):
            guard let question = questions[id] else { return }
            processes[number]?.send(VerifierWire.line(question.content, id: id))
        case .end(let number, let fault):
            guard let process = processes.removeValue(forKey: number) else { return }
            // What it said last tells most about why.
            process.readErrors()
            if let fault {
                let words = process.lastWords.map { "; its stderr ended with: \($0)" } ?? ""
                report("verifier ended for the fault \(fault.rawValue)\(words)")
            }
            process.end()
        case .settle: break
        }
    }

    /// Sleeps until there is something to do, and takes what the processes say.
    private func wait(_ core: inout VerifierCore, _ processes: [Int: VerifierProcess]) {
        var ready = ReadyDescriptors()
        ready.add(wake.readEnd, .readable)
        let order = processes.keys.sorted()
        for number in order { processes[number]?.watch(&ready) }
        let time = core.nextDeadline.map { deadline in
            let now = MonotonicClock.now
            return deadline <= now ? 0 : Int32(clamping: (deadline - now) / 1_000_000 + 1)
        }
        do {
            try ready.wait(milliseconds: time ?? -1)
        } catch {
            // Out of kernel memory: better slow than spinning.
            Process.sleep(seconds: 0.1)
            return
        }
        var index = 1
        for number in order {
            guard let process = processes[number] else { continue }
            let readiness = (0..<process.watched).map { ready[index + $0] }
            index += process.watched
            for event in process.advance(readiness) {
                let now = MonotonicClock.now
                switch event {
                case .line(let line): core.received(line, from: number, now: now)
                case .flooded: core.failed(number, .flooded, now: now)
                case .ended: core.failed(number, .died, now: now)
                }
            }
        }
    }
}
