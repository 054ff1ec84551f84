// A client of ptrmd's line protocol in one file of plain Swift: ./client SOCKET [FILE]
//
// It sends the lines of a file (or of stdin), at most 64 ahead of their replies, and prints the replies as they come; the
// daemon answers 429 to a client that sends more than its queue takes. It writes and reads by turns, whatever can go on: a
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

/// What was read and not sent, what was sent and not answered.
struct Conversation {
    /// Requests on their way at most.
    let window = 64
    /// Whole lines that may go now, and what follows them.
    var sendable: [UInt8] = []
    var held: [UInt8] = []
    var inputEnded = false
    /// Lines that were let go and whose terminal reply is still to come.
    var onTheirWay = 0
    var errors = 0
    private var reply: [UInt8] = []

    var hasWholeLine: Bool { held.contains(0x0A) }
    var isAllSent: Bool { inputEnded && sendable.isEmpty && held.isEmpty }
    var unanswered: Int { onTheirWay + held.split(separator: 0x0A).count }

    /// Lets whole lines go while the window has room. Blank ones get no reply.
    mutating func release() {
        if inputEnded, let last = held.last, last != 0x0A { held.append(0x0A) }
        var start = held.startIndex
        while onTheirWay < window, let end = held[start...].firstIndex(of: 0x0A) {
            let line = held[start...end]
            if line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }) { onTheirWay += 1 }
            sendable += line
            start = end + 1
        }
        held.removeSubrange(..<start)
    }

    /// Takes a piece of the daemon's output and prints the lines that it ends. Every reply's first member is its type.
    mutating func take(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes {
            reply.append(byte)
            guard byte == 0x0A else { continue }
            if isReply("error") { errors += 1 }
            if !isReply("progress"), !isReply("warning") { onTheirWay -= 1 }
            print(String(decoding: reply, as: UTF8.self), terminator: "")
            reply = []
        }
        fflush(nil)
    }

    private func isReply(_ type: String) -> Bool { reply.starts(with: Array("{\"type\":\"\(type)\"".utf8)) }
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
    conversation.release()
    if conversation.isAllSent, !writingEnded {
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
    guard poll(&entries, 2, -1) > 0 else { continue }
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
        conversation.take(buffer[..<count])
    }
}
guard conversation.unanswered == 0, conversation.inputEnded else {
    let message = "client: the daemon closed the connection, \(conversation.unanswered) requests are not answered\n"
    _ = write(2, message, message.utf8.count)
    exit(1)
}
exit(conversation.errors > 0 ? 1 : 0)
