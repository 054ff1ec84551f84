import DequeModule
package import Puzzles

/// A verifier's processes and questions as a pure state machine: it starts nothing and reads no clock. Whoever drives it
/// carries out its effects, tells it what the processes do, and calls `expire` when `nextDeadline` is there.
///
///     core.ask(1, for: client, now: 0)
///     core.takeEffects()                         // [.start(process: 0)]
///     core.started(0, now: 5)
///     core.takeEffects()                         // [.send(question: 1, process: 0)]
///     core.received(line, from: 0, now: 9)
///     core.takeEffects()                         // [.settle(question: 1, judgement)]
package struct VerifierCore: Sendable {
    package typealias QuestionID = UInt64
    package typealias Asker = UInt64
    package typealias Nanoseconds = UInt64

    package enum Effect: Sendable, Hashable {
        /// Start the process with this number.
        case start(process: Int)
        case send(question: QuestionID, process: Int)
        case settle(question: QuestionID, Judgement)
        /// Kill the process. Nothing that it says from here on counts.
        case end(process: Int, VerifierFault?)
    }

    private enum State: Sendable {
        /// Not running; it may be started from `at` on.
        case absent(at: Nanoseconds)
        case starting
        case idle
        case busy(QuestionID, deadline: Nanoseconds)
    }

    private struct Process: Sendable {
        var state = State.absent(at: 0)
        /// Verdicts since its start.
        var verdicts = 0
        /// The question that its last verdict was about.
        var settled: QuestionID?
        /// Faults since it last served well.
        var faults = 0
    }

    /// The pause after the first fault; each further one doubles it.
    package static let firstPause: Nanoseconds = 100_000_000
    package static let longestPause: Nanoseconds = 30_000_000_000
    /// So many verdicts without a fault, and the next pause is the first one's again.
    package static let goodService = 16

    private let timeout: Nanoseconds
    private let startTime: Nanoseconds
    private var processes: [Process]
    /// Questions that wait, by asker; askers take turns, so that one with a hundred candidates holds nobody up.
    private var waiting: [Asker: Deque<QuestionID>] = [:]
    private var turns: Deque<Asker> = []
    private var effects: [Effect] = []
    private var isStopped = false
    package private(set) var counts = VerifierCounts()

    package init(_ settings: VerifierSettings) {
        timeout = Nanoseconds(max(1, settings.timeoutMs)) * 1_000_000
        startTime = Nanoseconds(max(0, settings.startMs)) * 1_000_000
        processes = .init(repeating: Process(), count: max(1, settings.processes))
    }

    package mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    package mutating func ask(_ question: QuestionID, for asker: Asker, now: Nanoseconds) {
        guard !isStopped else { return giveUp(question) }
        if waiting[asker] == nil { turns.append(asker) }
        waiting[asker, default: []].append(question)
        counts.waiting += 1
        dispatch(now: now)
    }

    /// Nobody wants this asker's verdicts any more; what a process is at is let finish.
    package mutating func forget(_ asker: Asker) {
        guard let questions = waiting.removeValue(forKey: asker) else { return }
        turns.removeAll { $0 == asker }
        counts.waiting -= questions.count
        for question in questions { effects.append(.settle(question: question, .none)) }
    }

    package mutating func started(_ number: Int, now: Nanoseconds) {
        guard case .starting = processes[number].state else { return }
        processes[number].state = .idle
        processes[number].verdicts = 0
        processes[number].settled = nil
        counts.starts += 1
        counts.running += 1
        dispatch(now: now)
    }

    package mutating func failedToStart(_ number: Int, now: Nanoseconds) {
        guard case .starting = processes[number].state else { return }
        fail(number, .notStarted, now: now)
    }

    package mutating func received(_ line: [UInt8], from number: Int, now: Nanoseconds) {
        guard isRunning(number) else { return }
        guard case .busy(let question, _) = processes[number].state else { return fail(number, .unasked, now: now) }
        do throws(VerifierFault) {
            let judgement = try VerifierWire.judgement(line, id: question, settled: processes[number].settled)
            processes[number].state = .idle
            processes[number].settled = question
            processes[number].verdicts += 1
            if processes[number].verdicts >= Self.goodService { processes[number].faults = 0 }
            counts.verdicts += 1
            effects.append(.settle(question: question, judgement))
            dispatch(now: now)
        } catch {
            fail(number, error, now: now)
        }
    }

    /// It ended, closed its output, or wrote a line without end.
    package mutating func failed(_ number: Int, _ fault: VerifierFault, now: Nanoseconds) {
        if isRunning(number) { fail(number, fault, now: now) }
    }

    /// What is due: verdicts that did not come, processes whose pause is over.
    package mutating func expire(now: Nanoseconds) {
        for number in processes.indices {
            if case .busy(_, let deadline) = processes[number].state, deadline <= now { fail(number, .late, now: now) }
        }
        dispatch(now: now)
    }

    /// When `expire` has something to do.
    package var nextDeadline: Nanoseconds? {
        processes.compactMap { process -> Nanoseconds? in
            switch process.state {
            case .busy(_, let deadline): deadline
            case .absent(let at) where counts.waiting > 0: at
            case .absent, .starting, .idle: nil
            }
        }.min()
    }

    /// Ends every process and leaves no question open.
    package mutating func stop() {
        isStopped = true
        for number in processes.indices {
            if case .busy(let question, _) = processes[number].state { giveUp(question) }
            if isRunning(number) {
                counts.running -= 1
                effects.append(.end(process: number, nil))
            }
            processes[number].state = .absent(at: .max)
        }
        giveUpWaiting()
    }

    private func isRunning(_ number: Int) -> Bool {
        switch processes[number].state {
        case .idle, .busy: true
        case .absent, .starting: false
        }
    }

    private mutating func fail(_ number: Int, _ fault: VerifierFault, now: Nanoseconds) {
        counts.faults[fault, default: 0] += 1
        if case .busy(let question, _) = processes[number].state { giveUp(question) }
        if isRunning(number) { counts.running -= 1 }
        let pause = min(Self.longestPause, Self.firstPause << Nanoseconds(min(processes[number].faults, 20)))
        processes[number].faults += 1
        processes[number].state = .absent(at: now + pause)
        effects.append(.end(process: number, fault))
        dispatch(now: now)
    }

    private mutating func giveUp(_ question: QuestionID) {
        counts.unanswered += 1
        effects.append(.settle(question: question, .none))
    }

    private mutating func giveUpWaiting() {
        for asker in turns { for question in waiting[asker] ?? [] { giveUp(question) } }
        waiting = [:]
        turns = []
        counts.waiting = 0
    }

    /// Gives questions to idle processes, and starts more for what is left. When none runs or may be started in time,
    /// what waits gets no verdict: a search must not wait for a program that is not there.
    private mutating func dispatch(now: Nanoseconds) {
        guard !isStopped else { return }
        for number in processes.indices {
            guard case .idle = processes[number].state, let question = nextQuestion() else { continue }
            let time = timeout + (processes[number].verdicts == 0 ? startTime : 0)
            processes[number].state = .busy(question, deadline: now + time)
            effects.append(.send(question: question, process: number))
        }
        guard counts.waiting > 0 else { return }
        var starting = processes.count { if case .starting = $0.state { true } else { false } }
        for number in processes.indices where starting < counts.waiting {
            guard case .absent(let at) = processes[number].state, at <= now else { continue }
            processes[number].state = .starting
            starting += 1
            effects.append(.start(process: number))
        }
        let isServed = processes.contains { process in
            if case .absent(let at) = process.state { at <= now + timeout } else { true }
        }
        if !isServed { giveUpWaiting() }
    }

    private mutating func nextQuestion() -> QuestionID? {
        guard let asker = turns.popFirst(), let question = waiting[asker]?.popFirst() else { return nil }
        counts.waiting -= 1
        if waiting[asker]?.isEmpty == true { waiting[asker] = nil } else { turns.append(asker) }
        return question
    }
}
