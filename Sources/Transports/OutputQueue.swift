import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes lines to a descriptor on a thread of its own, so that a slow reader never holds a compute thread up.
package final class OutputQueue: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isWriting = false
        var isFinished = false
        var isBroken = false
    }

    private let descriptor: Int32
    private let monitor = Monitor(State())
    /// Bytes waiting beyond which the producer of new work should pause.
    private let highWater: Int

    package init(descriptor: Int32, highWater: Int = 1 << 20) {
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
        case failed(errno: Int32)
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
            if let errno = writeAll(chunk) {
                monitor.withLock { state in
                    state.isBroken = true
                    state.pending = []
                }
                monitor.wakeAll()
                return .failed(errno: errno)
            }
        }
    }

    /// The error that stopped it, nil when all was written.
    private func writeAll(_ bytes: [UInt8]) -> Int32? {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let slice = UnsafeRawBufferPointer(rebasing: rest)
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, slice.baseAddress, slice.count)
                #elseif canImport(Musl)
                    let count = Musl.write(descriptor, slice.baseAddress, slice.count)
                #else
                    let count = Glibc.write(descriptor, slice.baseAddress, slice.count)
                #endif
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    // Somebody made the descriptor non-blocking: wait as a blocking write would.
                    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&entry, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}
