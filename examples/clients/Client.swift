// A client of ptrmd's line protocol in one file of plain Swift: ./client SOCKET [FILE]
//
// It sends the lines of a file (or of stdin), at most 64 ahead of their replies, and prints the replies as they come. What
// the daemon has no room for (error 429) it sends again when the daemon says so. It writes and reads by turns, whatever can go on: a
// client that only sent would be made to wait once its replies have filled the daemon's buffer.
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

func connectSocket(_ path: String) -> Int32? {
    #if canImport(Glibc)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
        let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
        errno = ENAMETOOLONG
        return nil
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    return result == 0 ? descriptor : nil
}

/// A request line, and when it went out first: what the daemon has no room for is sent again, for five minutes at most.
struct Request {
    static let patience: UInt64 = 300_000

    var bytes: [UInt8]
    var firstSent: UInt64
}

/// What was read and not sent, what was sent and not answered.
struct Conversation {
    /// Requests on their way at most.
    let window = 64
    /// Whole lines that may go now, and what was read after them.
    var sendable: [UInt8] = []
    var held: [UInt8] = []
    var inputEnded = false
    var errors = 0
    /// What the daemon said last of a request that it has no room for, or of a whole connection.
    private(set) var refusal = ""
    /// By the number of their line in this connection, which replies name: what is on its way.
    private var sent: [Int: Request] = [:]
    private var lines = 0
    /// What is sent again, and when.
    private var again: [(due: UInt64, request: Request)] = []
    private var reply: [UInt8] = []

    var hasWholeLine: Bool { held.contains(0x0A) }
    /// Nothing more will be sent; what is on its way might have to be once more.
    var isDone: Bool { inputEnded && sendable.isEmpty && held.isEmpty && again.isEmpty && sent.isEmpty }
    var unanswered: Int { sent.count + again.count + held.split(separator: 0x0A).count }

    /// Milliseconds until something is to be sent again; -1 when nothing is.
    func pause(now: UInt64) -> Int32 {
        again.map { $0.due > now ? Int32(min($0.due - now, 60_000)) : 0 }.min() ?? -1
    }

    /// Lets whole lines go while the window has room. Blank ones get no reply, and are not sent.
    mutating func release(now: UInt64) {
        if inputEnded, let last = held.last, last != 0x0A { held.append(0x0A) }
        while let index = again.firstIndex(where: { $0.due <= now }) { send(again.remove(at: index).request) }
        var start = held.startIndex
        while sent.count + again.count < window, let end = held[start...].firstIndex(of: 0x0A) {
            let line = held[start...end]
            if line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }) {
                send(Request(bytes: Array(line), firstSent: now))
            }
            start = end + 1
        }
        held.removeSubrange(..<start)
    }

    private mutating func send(_ request: Request) {
        lines += 1
        sent[lines] = request
        sendable += request.bytes
    }

    /// Takes a piece of the daemon's output and prints the lines that it ends: warnings to stderr, the others to stdout.
    mutating func take(_ bytes: ArraySlice<UInt8>, now: UInt64) {
        for byte in bytes {
            reply.append(byte)
            guard byte == 0x0A else { continue }
            let text = String(decoding: reply, as: UTF8.self)
            reply = []
            if text.hasPrefix("{\"type\":\"warning\"") {
                complain("client: warning: \(text)")
            } else if text.hasPrefix("{\"type\":\"progress\"") {
                print(text, terminator: "")
            } else {
                end(text, now: now)
            }
        }
        fflush(nil)
    }

    /// A terminal line. What it says of itself is found as text: no string within it can hold these quotes unescaped.
    private mutating func end(_ text: String, now: UInt64) {
        let line = number(after: ",\"line\":", in: text)
        let request = line.flatMap { sent.removeValue(forKey: $0) }
        let isError = text.hasPrefix("{\"type\":\"error\"")
        if isError, number(after: "\"error\":{\"code\":", in: text) == 429 {
            refusal = text
            if let request, let pause = number(after: "\"retry_after_ms\":", in: text) {
                // Many clients shall not come back at the same moment.
                let due = now + UInt64(pause) + UInt64.random(in: 0...UInt64(pause) / 2)
                if due - request.firstSent <= Request.patience { return again.append((due, request)) }
            } else if request == nil {
                // The connection is refused: said at its end, with how much is not answered.
                return
            }
        } else {
            refusal = ""
        }
        if isError { errors += 1 }
        print(text, terminator: "")
    }

    private func number(after key: String, in text: String) -> Int? {
        let (text, key) = (Array(text.utf8), Array(key.utf8))
        guard text.count > key.count else { return nil }
        for start in 0..<(text.count - key.count) where text[start] == key[0] && text[start...].starts(with: key) {
            let digits = text[(start + key.count)...].prefix { (0x30...0x39).contains($0) }
            return Int(String(decoding: digits, as: UTF8.self))
        }
        return nil
    }
}

func complain(_ message: String) { _ = write(2, message, message.utf8.count) }

/// Milliseconds since some moment.
func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
}

let arguments = CommandLine.arguments
guard arguments.count == 2 || arguments.count == 3 else {
    print("usage: client SOCKET [FILE]")
    exit(2)
}
signal(SIGPIPE, SIG_IGN)
let input = arguments.count == 3 && arguments[2] != "-" ? open(arguments[2], O_RDONLY) : 0
guard input >= 0 else {
    perror("client: \(arguments[2])")
    exit(2)
}
guard let daemon = connectSocket(arguments[1]) else {
    perror("client: \(arguments[1])")
    exit(2)
}
_ = fcntl(daemon, F_SETFL, fcntl(daemon, F_GETFL) | O_NONBLOCK)

var conversation = Conversation()
var buffer = [UInt8](repeating: 0, count: 1 << 16)
var writingEnded = false

while true {
    conversation.release(now: now())
    if conversation.isDone, !writingEnded {
        writingEnded = true
        shutdown(daemon, Int32(SHUT_WR))
    }
    // One block of input at a time; poll takes files as well as pipes, and -1 for what is not to be looked at.
    let wantsInput = !conversation.inputEnded && !conversation.hasWholeLine
    let hasOutput = !conversation.sendable.isEmpty
    var entries = [
        pollfd(fd: daemon, events: Int16(hasOutput ? POLLIN | POLLOUT : POLLIN), revents: 0),
        pollfd(fd: wantsInput ? input : -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, 2, conversation.pause(now: now())) > 0 else { continue }
    if entries[1].revents != 0 {
        let count = read(input, &buffer, buffer.count)
        if count < 0, errno != EINTR {
            perror("client: the input")
            exit(2)
        }
        if count > 0 { conversation.held += buffer[..<count] } else if count == 0 { conversation.inputEnded = true }
    }
    if entries[0].revents & Int16(POLLOUT) != 0, hasOutput {
        let count = write(daemon, conversation.sendable, conversation.sendable.count)
        if count > 0 { conversation.sendable.removeFirst(count) }
    }
    if entries[0].revents & ~Int16(POLLOUT) != 0 {
        let count = read(daemon, &buffer, buffer.count)
        guard count > 0 else { break }
        conversation.take(buffer[..<count], now: now())
    }
}
guard conversation.unanswered == 0, conversation.inputEnded else {
    let message = "client: the daemon closed the connection, \(conversation.unanswered) requests are not answered\n"
    complain(conversation.refusal.isEmpty ? message : "client: \(conversation.refusal)\(message)")
    exit(1)
}
exit(conversation.errors > 0 ? 1 : 0)
