import Platform
package import SystemPackage
import Threading

/// Writes log lines on its own thread: a descriptor that nobody reads blocks no other thread.
///
///     var logger = Logger(label: "ptrmd") { StreamLogHandler(label: $0, stream: LogOutput.standardError) }
package final class LogOutput: TextOutputStream, Sendable {
    package static let standardError = LogOutput(descriptor: .standardError)

    private struct State {
        var backlog = LogBacklog()
        var hasThread = false
        var isWriting = false
    }

    private let descriptor: FileDescriptor
    private let state = Monitor(State())

    package init(descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Queues a line with its end; it is dropped, and counted, when too much waits. Never blocks.
    package func write(_ line: String) {
        state.withLock { state in
            state.backlog.append(Array(Self.shown(line).utf8))
            // Not before the first line: most commands log nothing.
            guard !state.hasThread else { return }
            let thread = DedicatedThread(name: "ptrm-log") { [self] in run() }
            thread?.detach()
            state.hasThread = thread != nil
        }
        state.wakeAll()
    }

    /// One line, whatever a message repeats of files and requests.
    private static func shown(_ line: String) -> String {
        line.hasSuffix("\n")
            ? line.dropLast().description.printable(keepsLines: false, limit: 60_000) + "\n"
            : line.printable(keepsLines: false, limit: 60_000)
    }

    /// Waits until all is written, or until `patience` nanoseconds have passed: for the end of the process.
    package func flush(patience: UInt64 = 1_000_000_000) {
        let end = MonotonicClock.now + patience
        state.wait { state in
            let isDone = state.backlog.isEmpty && !state.isWriting || !state.hasThread
            return isDone || MonotonicClock.now >= end ? .done(()) : .sleep(until: end)
        }
        writeWithoutThread()
    }

    /// What is left when the system had no thread to give; only as far as it is taken at once.
    private func writeWithoutThread() {
        let bytes = state.withLock { $0.hasThread || $0.backlog.isEmpty ? [] : $0.backlog.take() }
        // A pipe that is ready takes this much in one piece.
        guard !bytes.isEmpty, (try? descriptor.wait(until: .writable, milliseconds: 0)) == true else { return }
        try? descriptor.writeWaiting(Array(bytes.prefix(512)))
    }

    private func run() {
        while true {
            let bytes = state.wait { state -> Monitor<State>.Waiting<[UInt8]> in
                guard !state.backlog.isEmpty else { return .sleep() }
                state.isWriting = true
                return .done(state.backlog.take())
            }
            // There is nobody to tell of a failure.
            try? descriptor.writeWaiting(bytes)
            state.withLock { $0.isWriting = false }
            state.wakeAll()
        }
    }
}
