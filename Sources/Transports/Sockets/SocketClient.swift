import DequeModule
import LineProtocol
import Service
import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One client of a socket. The server's thread reads and writes; other threads only put lines into the buffer.
final class SocketClient: LineSink {
    struct State {
        var output: OutputBuffer
        /// No line follows those in the buffer.
        var isFinished = false
        var isGone = false
    }

    let descriptor: Int32
    private let state: Monitor<State>
    private let wake: WakePipe

    init(descriptor: Int32, wake: WakePipe, limits: OutputBuffer.Limits) {
        self.descriptor = descriptor
        self.wake = wake
        state = Monitor(State(output: OutputBuffer(limits: limits)))
    }

    func write(_ lines: [UInt8]) {
        state.withLock { state in
            if !state.isGone { state.output.append(lines) }
        }
        wake.signal()
    }

    func writeProgress(_ line: [UInt8]) {
        state.withLock { state in
            if !state.isGone { state.output.appendProgress(line) }
        }
        wake.signal()
    }

    func finish() {
        state.withLock { state in state.isFinished = true }
        wake.signal()
    }

    func withState<Result>(_ body: (inout State) -> Result) -> Result { state.withLock { state in body(&state) } }

    /// Nothing is written any more.
    func drop() {
        state.withLock { state in
            state.isGone = true
            state.output.removeAll()
        }
    }
}

/// A client's part of the server's loop: what its thread alone touches.
struct ClientLoop {
    enum Status: Equatable {
        case open
        /// All is written and our end is closed; the client's end is awaited, so that it gets to read everything.
        case lingering(until: UInt64)
        case gone
    }

    /// How long a client may take to close its end once it has all its replies, in nanoseconds.
    private static let lingerTime: UInt64 = 2_000_000_000

    let client: SocketClient
    let connection: Connection
    private var framer: LineFramer
    /// Lines that were read and not yet taken.
    private var lines: Deque<FramedLine> = []
    /// What the connection was told of them.
    private var isHoldingLines = false
    private var inputEnded = false
    private(set) var status = Status.open

    init(client: SocketClient, connection: Connection, maxLineBytes: Int) {
        self.client = client
        self.connection = connection
        framer = LineFramer(maxLineBytes: maxLineBytes)
    }

    /// Whether lines wait for something that no event tells of.
    var isHeldBack: Bool { status == .open && !lines.isEmpty && !client.withState { $0.output.isFull } }

    /// What to ask `poll` for.
    var events: Int16 {
        switch status {
        case .gone: return 0
        case .lingering: return Int16(POLLIN)
        case .open: break
        }
        let (isEmpty, isFull) = client.withState { ($0.output.isEmpty, $0.output.isFull) }
        var events: Int16 = isEmpty ? 0 : Int16(POLLOUT)
        if !inputEnded, lines.isEmpty, !isFull { events |= Int16(POLLIN) }
        return events
    }

    /// Acts on what `poll` said, then takes lines in and writes replies as far as they go.
    mutating func advance(_ revents: Int16, buffer: UnsafeMutableRawBufferPointer, now: UInt64) {
        if case .lingering(let end) = status { return linger(revents, until: end, buffer, now) }
        guard status == .open else { return }
        if revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return leave() }
        if revents & Int16(POLLIN) != 0 {
            // First, so that a drain that begins now waits for what is about to be read.
            holdsLines(true)
            read(buffer)
        }
        takeLines()
        holdsLines(!lines.isEmpty)
        flush(now: now)
    }

    private mutating func holdsLines(_ holds: Bool) {
        guard holds != isHoldingLines, status == .open else { return }
        isHoldingLines = holds
        connection.holdsLines(holds)
    }

    /// The client is gone, or has to go: its work ends now.
    mutating func leave() {
        guard status != .gone else { return }
        status = .gone
        client.drop()
        connection.disconnect()
        lines = []
        close(client.descriptor)
    }

    private mutating func read(_ buffer: UnsafeMutableRawBufferPointer) {
        let count = systemRead(client.descriptor, buffer)
        if count > 0 {
            var lines = lines
            self.lines = []
            framer.push(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { lines.append($0) }
            self.lines = lines
        } else if count == 0 {
            inputEnded = true
            var lines = lines
            framer.finish { lines.append($0) }
            self.lines = lines
            if lines.isEmpty { connection.endOfInput() }
        } else if errno != EAGAIN, errno != EINTR {
            leave()
        }
    }

    private mutating func takeLines() {
        guard status == .open, !lines.isEmpty else { return }
        while let line = lines.first {
            if client.withState({ $0.output.isFull }) || connection.mustWait { return }
            lines.removeFirst()
            connection.receive(line)
        }
        if inputEnded { connection.endOfInput() }
    }

    private mutating func flush(now: UInt64) {
        guard status == .open else { return }
        let (isBroken, isDone) = client.withState { state -> (Bool, Bool) in
            var isBroken = false
            state.output.drain { bytes in
                let count = UnixSocket.write(client.descriptor, bytes)
                if count >= 0 { return count }
                if errno == EINTR { return 0 }
                isBroken = errno != EAGAIN
                return nil
            }
            return (isBroken, state.isFinished && state.output.isEmpty)
        }
        if isBroken { return leave() }
        guard isDone else { return }
        if inputEnded { return leave() }
        shutdown(client.descriptor, Int32(SHUT_WR))
        status = .lingering(until: now + Self.lingerTime)
    }

    private mutating func linger(
        _ revents: Int16, until end: UInt64, _ buffer: UnsafeMutableRawBufferPointer, _ now: UInt64
    ) {
        if now >= end || revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0 { return leave() }
        guard revents & Int16(POLLIN) != 0 else { return }
        // What comes now comes too late for an answer.
        let count = systemRead(client.descriptor, buffer)
        if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { leave() }
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    #if canImport(Glibc)
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    #elseif canImport(Musl)
        Musl.read(descriptor, buffer.baseAddress, buffer.count)
    #else
        Darwin.read(descriptor, buffer.baseAddress, buffer.count)
    #endif
}
