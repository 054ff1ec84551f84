/// What a verifier did wrong. Each ends the process, and the question that it was at gets no verdict.
package enum VerifierFault: String, Error, Sendable, Hashable, CaseIterable {
    /// The program could not be started.
    case notStarted = "not_started"
    /// No verdict in time.
    case late
    /// It ended, or closed its output.
    case died
    /// A line that is no JSON, or no verdict.
    case malformed
    /// A verdict with another id than the question's.
    case wrongID = "wrong_id"
    /// A line without a question: a second answer among them.
    case unasked
    /// A line longer than any verdict.
    case flooded
}

/// What a profile's verifier did so far.
package struct VerifierCounts: Sendable, Hashable {
    /// Questions answered with a verdict or a score.
    package var verdicts = 0
    /// Questions that got no verdict: of a process that failed at them, or because none was there.
    package var unanswered = 0
    package var faults: [VerifierFault: Int] = [:]
    /// Processes started.
    package var starts = 0
    /// Processes that run.
    package var running = 0
    /// Questions that wait.
    package var waiting = 0

    package init() {}
}
