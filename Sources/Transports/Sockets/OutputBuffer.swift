import DequeModule
import LineProtocol

/// What is to be written to one client, as a pure state machine.
///
/// Terminal lines and warnings are never dropped; instead `isFull` tells the transport to read nothing more from this
/// client, so what can pile up is bounded by what it has asked for already. Progress lines are dropped while more than
/// `Limits.progress` bytes wait: the next one says all that they would have said.
///
///     var buffer = OutputBuffer()
///     buffer.append(reply.bytes)
///     buffer.drain { bytes in try? UnixSocket.transmit(bytes, to: client) }
package struct OutputBuffer: Sendable {
    package struct Limits: Sendable {
        /// Waiting bytes from which on the client is not read.
        package var high = 256 << 10
        /// Waiting bytes below which it is read again.
        package var low = 64 << 10
        /// Waiting bytes from which on progress lines are dropped.
        package var progress = 32 << 10

        package init() {}
    }

    private let limits: Limits
    private var chunks: Deque<[UInt8]> = []
    /// Bytes of the first chunk that are written.
    private var written = 0
    package private(set) var count = 0
    /// True from the high-water mark until the low-water mark.
    package private(set) var isFull = false
    /// Progress lines that were left out.
    package private(set) var dropped = 0

    package init(limits: Limits = .init()) { self.limits = limits }

    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ line: [UInt8]) {
        guard !line.isEmpty else { return }
        // Short lines share a chunk, so that one write takes many.
        let last = chunks.count - 1
        if last >= 0, chunks[last].count + line.count <= 1 << 14 {
            chunks[last].append(contentsOf: line)
        } else {
            chunks.append(line)
        }
        count += line.count
        if count >= limits.high { isFull = true }
    }

    package mutating func appendProgress(_ line: [UInt8]) {
        if count + line.count > limits.progress { dropped += 1 } else { append(line) }
    }

    /// Offers the oldest bytes to `write` until it takes less than it was given.
    /// - Parameter write: gives the number of bytes taken; nil ends the writing.
    package mutating func drain(_ write: (UnsafeRawBufferPointer) -> Int?) {
        while let chunk = chunks.first {
            let left = chunk.count - written
            let taken = chunk.withUnsafeBytes { bytes in
                write(UnsafeRawBufferPointer(rebasing: bytes[written...]))
            }
            guard let taken else { return }
            count -= taken
            if count < limits.low { isFull = false }
            if taken < left {
                written += taken
                return
            }
            chunks.removeFirst()
            written = 0
        }
    }

    /// Terminal lines that wait, one whose end is not written included.
    package var waitingLines: Int {
        var written = written
        return chunks.reduce(0) { sum, chunk in
            defer { written = 0 }
            return sum + Reply.terminalLines(in: chunk[written...])
        }
    }

    /// The client is gone: nothing is kept.
    package mutating func removeAll() {
        chunks = []
        written = 0
        count = 0
        isFull = false
    }
}
