import Platform
package import SystemPackage
import Threading

/// Writes lines to a descriptor on its own thread, so that a slow reader delays no compute thread.
package final class OutputQueue: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isWriting = false
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

    /// Why the writing ended.
    package enum End: Sendable, Equatable {
        case everythingWritten
        case failed(Errno)
    }

    /// The body of the writing thread. A reader that went away is the failure EPIPE.
    package func run() -> End {
        while true {
            let chunk: [UInt8] = monitor.wait { state in
                guard !state.pending.isEmpty || state.isFinished else { return .sleep() }
                defer { state.pending = [] }
                return .done(state.pending)
            }
            // Nothing pending is the sign of the end.
            guard !chunk.isEmpty else { return .everythingWritten }
            monitor.wakeAll()
            do {
                try descriptor.writeWaiting(chunk)
            } catch {
                monitor.withLock { state in
                    state.isBroken = true
                    state.pending = []
                }
                monitor.wakeAll()
                return .failed(error)
            }
        }
    }
}
