import LineProtocol
import Platform
import Service
import SystemPackage

/// One client of the server: what the server's thread alone touches.
struct ClientSession {
    enum Status: Equatable {
        case open
        /// All is written and our end is closed; the client's end is awaited, so that it gets to read everything.
        case lingering(until: UInt64)
        case gone
    }

    /// How long a client may take to close its end once it has all its replies, in nanoseconds.
    private static let lingerTime: UInt64 = 2_000_000_000

    let output: ClientOutput
    let connection: Connection
    private var framer: LineFramer
    /// A line that was read and that the connection does not take yet.
    private var waiting: FramedLine?
    /// What was read behind it.
    private var rest: [UInt8] = []
    /// Whether the connection knows of them.
    private var hasToldOfLines = false
    private var inputEnded = false
    private(set) var status = Status.open

    init(output: ClientOutput, connection: Connection) {
        self.output = output
        self.connection = connection
        framer = LineFramer(maxLineBytes: connection.maxLineBytes)
    }

    /// Whether lines wait for something that no event tells of.
    var isPaused: Bool { status == .open && waiting != nil && !output.isFull }

    /// The memory that lines take which have not been answered, in bytes; a bounded rest beside them is not counted.
    var heldBytes: Int { framer.unfinishedBytes + (waiting?.byteCount ?? 0) }

    /// Lets go of the line that takes the memory; its request is refused.
    mutating func shed() {
        if let line = waiting {
            waiting = line.withoutRoom
        } else if let line = framer.giveUp() {
            waiting = line
            takeLines()
        }
    }

    /// Lines that were read and whose terminal line is not made or not written, if the session ended now.
    var unanswered: Int {
        let summary = connection.summary
        return unreadLines + summary.lines - summary.terminated + output.withState { $0.output.waitingLines }
    }

    private var unreadLines: Int {
        guard waiting != nil else { return 0 }
        var framer = framer
        var count = 1
        framer.push(rest) { _ in count += 1 }
        return count
    }

    /// What to wait for.
    var wanted: Readiness {
        switch status {
        case .gone: return []
        case .lingering: return .readable
        case .open: break
        }
        let (isEmpty, isFull) = output.withState { ($0.output.isEmpty, $0.output.isFull) }
        var wanted: Readiness = isEmpty ? [] : .writable
        if !inputEnded, waiting == nil, !isFull { wanted.insert(.readable) }
        return wanted
    }

    /// Acts on what the descriptor is ready for, then takes lines in and writes replies as far as they go.
    mutating func advance(_ ready: Readiness, buffer: UnsafeMutableRawBufferPointer, now: UInt64) {
        if case .lingering(let end) = status { return linger(ready, until: end, buffer, now) }
        guard status == .open else { return }
        if !ready.isDisjoint(with: .gone) { return leave() }
        if ready.contains(.readable) {
            // First, so that a drain that begins now waits for what is about to be read.
            tell(hasLinesToTake: true)
            read(buffer)
        }
        takeLines()
        tell(hasLinesToTake: waiting != nil)
        flush(now: now)
    }

    private mutating func tell(hasLinesToTake hasLines: Bool) {
        guard hasLines != hasToldOfLines, status == .open else { return }
        hasToldOfLines = hasLines
        connection.setHasLinesToTake(hasLines)
    }

    /// The client is gone, or has to go: its work ends now.
    mutating func leave() {
        guard status != .gone else { return }
        status = .gone
        output.drop()
        connection.disconnect()
        waiting = nil
        rest = []
        try? output.descriptor.close()
    }

    private mutating func read(_ buffer: UnsafeMutableRawBufferPointer) {
        guard let count = received(buffer) else { return }
        if count > 0 {
            take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        } else {
            inputEnded = true
            framer.finish { waiting = $0 }
            if waiting == nil { connection.endOfInput() }
        }
    }

    /// Takes lines in as far as they may be taken, and keeps the rest.
    private mutating func take(_ bytes: UnsafeRawBufferPointer) {
        var bytes = bytes
        while waiting == nil, status == .open, let line = framer.next(&bytes) {
            if mayTake { connection.receive(line) } else { waiting = line }
        }
        rest = status == .open ? Array(bytes) : []
    }

    private var mayTake: Bool { !output.isFull && !connection.mustWait }

    /// Bytes that came, 0 at the end; nil when there are none now, or when the client had to leave.
    private mutating func received(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        do {
            return try systemCall { [output] in try output.descriptor.read(into: buffer) }
        } catch {
            if error != .wouldBlock { leave() }
            return nil
        }
    }

    private mutating func takeLines() {
        guard status == .open, let line = waiting, mayTake else { return }
        waiting = nil
        connection.receive(line)
        let bytes = rest
        bytes.withUnsafeBytes { take($0) }
        if inputEnded, waiting == nil { connection.endOfInput() }
    }

    private mutating func flush(now: UInt64) {
        guard status == .open else { return }
        let wasFull = output.isFull
        let (isBroken, isDone) = output.withState { state -> (Bool, Bool) in
            var isBroken = false
            state.output.drain { bytes in
                do throws(Errno) {
                    return try UnixSocket.transmit(bytes, to: output.descriptor)
                } catch {
                    isBroken = error != .wouldBlock && error != .interrupted
                    return nil
                }
            }
            return (isBroken, state.isFinished && state.output.isEmpty)
        }
        if isBroken { return leave() }
        if wasFull, !output.isFull { connection.goOn() }
        guard isDone else { return }
        if inputEnded { return leave() }
        UnixSocket.endOutput(of: output.descriptor)
        status = .lingering(until: now + Self.lingerTime)
    }

    private mutating func linger(
        _ ready: Readiness, until end: UInt64, _ buffer: UnsafeMutableRawBufferPointer, _ now: UInt64
    ) {
        if now >= end || !ready.isDisjoint(with: .gone) { return leave() }
        // Lines that arrive now are too late to be answered.
        if ready.contains(.readable), received(buffer) == 0 { leave() }
    }
}
