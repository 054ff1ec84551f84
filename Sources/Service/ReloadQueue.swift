package import LineProtocol
import Threading

/// Reads profiles anew for whoever asks, on one thread however many ask: those who come while it reads share the next
/// reading, which begins after they asked.
package final class ReloadQueue: Sendable {
    private struct State {
        var isReading = false
        var waiting: [@Sendable (ReloadInfo) -> Void] = []
    }

    private let state = Monitor(State())

    package init() {}

    /// Calls `answer` when a reading that began after this call has ended; at once when the system has no thread to give.
    /// - Parameter read: the same for all who ask.
    package func ask(read: @escaping @Sendable () -> ReloadInfo, answer: @escaping @Sendable (ReloadInfo) -> Void) {
        let begins = state.withLock { state in
            state.waiting.append(answer)
            defer { state.isReading = true }
            return !state.isReading
        }
        guard begins else { return }
        if let thread = DedicatedThread(name: "ptrm-reload", { [self] in serve(read) }) {
            thread.detach()
        } else {
            serve(read)
        }
    }

    private func serve(_ read: () -> ReloadInfo) {
        while true {
            let answers = state.withLock { state in
                defer { state.waiting = [] }
                state.isReading = !state.waiting.isEmpty
                return state.waiting
            }
            if answers.isEmpty { return }
            let info = read()
            for answer in answers { answer(info) }
        }
    }
}
