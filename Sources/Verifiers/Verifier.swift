package import Puzzles
import Threading

/// A program from outside that judges candidates, with a thread that speaks to it.
///
/// Processes are started when there is something to ask. Nobody who asks is held up: the verdict comes later.
///
///     let verifier = Verifier(VerifierSettings(command: ["python3", "verify.py"])) { print($0) }
///     verifier.ask(question, for: 1) { judgement in print(judgement) }
///     verifier.stop()
package final class Verifier: Sendable {
    private let loop: VerifierLoop?
    private let thread = Monitor<DedicatedThread?>(nil)

    /// - Parameter report: takes a sentence for each fault; called on the verifier's thread.
    package init(_ settings: VerifierSettings, report: @escaping @Sendable (String) -> Void = { _ in }) {
        loop = VerifierLoop(settings, report: report)
        // A system out of threads or descriptors: every question stays without a verdict.
        if let loop { thread.withLock { thread in thread = DedicatedThread(name: "ptrm-verifier") { loop.run() } } }
        if thread.withLock({ $0 == nil }) { loop?.abandon() }
    }

    deinit {
        loop?.stop()
        // Not waited for: the last who lets go may hold a lock.
        thread.withLock { thread in
            thread?.detach()
            thread = nil
        }
    }

    /// Asks for a verdict. `then` is called once, on the verifier's thread; it must be quick.
    /// - Parameter asker: whose question it is: askers take turns.
    package func ask(
        _ question: VerifierQuestion, for asker: UInt64, then: @escaping @Sendable (Judgement) -> Void
    ) {
        guard let loop, loop.ask(question, for: asker, then: then) else { return then(.none) }
    }

    /// Asks and waits.
    package func judge(_ question: VerifierQuestion) -> Judgement {
        let answer = Monitor<Judgement?>(nil)
        ask(question, for: 0) { judgement in
            answer.withLock { state in state = judgement }
            answer.wakeAll()
        }
        return answer.wait { state in state.map { .done($0) } ?? .sleep() }
    }

    /// Drops the questions of an asker that no process is at yet; they get `none`.
    package func forget(_ asker: UInt64) { loop?.forget(asker) }

    package var counts: VerifierCounts { loop?.counts ?? VerifierCounts() }

    /// Kills the processes and waits until they are gone. Questions get `none` from here on.
    package func stop() {
        loop?.stop()
        let joined = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        joined?.join()
    }
}
