import LineProtocol
import Platform
package import SystemPackage
import Threading

/// Writes lines to a descriptor on its own thread, so that a slow reader delays no compute thread.
package final class OutputQueue: Sendable {
    private struct State {
        var pending: [UInt8] = []
        /// What is being written, for `unwrittenLines`.
        var writing: [UInt8] = []
        var isFinished = false
        var isBroken = false
    }

    private let descriptor: FileDescriptor
    private let monitor = Monitor(State())
    /// Bytes waiting beyond which the producer of new work should pause.
    private let highWater: Int

    package init(descriptor: FileDescriptor, highWater: Int = 1 << 20) {
        self.descriptor = descriptor
        self.highWater = highWater
    }

    /// Queues whole lines. Dropped silently once the reader is gone.
    package func write(_ lines: [UInt8]) {
        monitor.withLock { state in
            if !state.isBroken { state.pending.append(contentsOf: lines) }
        }
        monitor.wakeAll()
    }

    /// Queues a progress line unless too much is waiting: the next one says all that this one would have.
    package func writeProgress(_ line: [UInt8]) {
        monitor.withLock { state in
            if !state.isBroken, state.pending.count < highWater { state.pending.append(contentsOf: line) }
        }
        monitor.wakeAll()
    }

    package var isFull: Bool { monitor.withLock { state in state.pending.count >= highWater } }

    /// Waits until less than the high-water mark is pending. False when the reader is gone.
    package func waitForRoom() -> Bool {
        monitor.wait { state in
            state.pending.count < highWater || state.isBroken ? .done(!state.isBroken) : .sleep()
        }
    }

    /// No more lines follow: `run` returns once all are written.
    package func finish() {
        monitor.withLock { state in state.isFinished = true }
        monitor.wakeAll()
    }

    /// Terminal lines that wait or are being written.
    package var unwrittenLines: Int {
        monitor.withLock { state in Reply.terminalLines(in: state.writing) + Reply.terminalLines(in: state.pending) }
    }

    /// The reader is gone: nothing is written any more, and `run` returns.
    package func abandon() {
        monitor.withLock { state in
            state.isBroken = true
            state.isFinished = true
            state.pending = []
        }
        monitor.wakeAll()
    }

    /// Why the writing ended.
    package enum End: Sendable, Equatable {
        case everythingWritten
        case failed(Errno)
    }

    /// The body of the writing thread. A reader that went away is the failure EPIPE.
    /// - Parameter goOn: called when much had been waiting and all of it is being written.
    package func run(goOn: () -> Void = {}) -> End {
        while true {
            let chunk: [UInt8] = monitor.wait { state in
                guard !state.pending.isEmpty || state.isFinished else { return .sleep() }
                state.writing = state.pending
                state.pending = []
                return .done(state.writing)
            }
            // Nothing pending is the sign of the end.
            guard !chunk.isEmpty else { return .everythingWritten }
            monitor.wakeAll()
            if chunk.count >= highWater { goOn() }
            do {
                try descriptor.writeWaiting(chunk)
                monitor.withLock { state in state.writing = [] }
            } catch {
                monitor.withLock { state in
                    state.isBroken = true
                    state.pending = []
                    state.writing = []
                }
                monitor.wakeAll()
                return .failed(error)
            }
        }
    }
}
