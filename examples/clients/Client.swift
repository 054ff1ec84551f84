// A client of ptrmd's line protocol in one file of plain Swift: ./client SOCKET [FILE]
//
// It sends the lines of a file (or of stdin) and prints the replies as they come. It writes and reads by turns, whatever
// can go on: a client that only sent would be made to wait once its replies have filled the daemon's buffer.
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
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    return result == 0 ? descriptor : nil
}

let arguments = CommandLine.arguments
guard arguments.count == 2 || arguments.count == 3 else {
    print("usage: client SOCKET [FILE]")
    exit(2)
}
signal(SIGPIPE, SIG_IGN)
let input = arguments.count == 3 && arguments[2] != "-" ? open(arguments[2], O_RDONLY) : 0
guard input >= 0, let daemon = connectSocket(arguments[1]) else {
    perror(arguments[0])
    exit(2)
}
_ = fcntl(daemon, F_SETFL, fcntl(daemon, F_GETFL) | O_NONBLOCK)

var buffer = [UInt8](repeating: 0, count: 1 << 16)
var requests: [UInt8] = []
var reply: [UInt8] = []
var inputEnded = false
var errors = 0
/// Every reply's first member is its type.
let errorMark = Array("{\"type\":\"error\"".utf8)

while true {
    // One block of input at a time; poll takes files as well as pipes, and -1 for what is not to be looked at.
    let wantsInput = requests.isEmpty && !inputEnded
    var entries = [
        pollfd(fd: daemon, events: Int16(requests.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0),
        pollfd(fd: wantsInput ? input : -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&entries, 2, -1) > 0 else { continue }
    if entries[1].revents != 0 {
        let count = read(input, &buffer, buffer.count)
        if count > 0 {
            requests = Array(buffer[..<count])
        } else {
            inputEnded = true
            shutdown(daemon, Int32(SHUT_WR))
        }
    }
    if entries[0].revents & Int16(POLLOUT) != 0, !requests.isEmpty {
        let count = write(daemon, requests, requests.count)
        if count > 0 { requests.removeFirst(count) }
    }
    if entries[0].revents & ~Int16(POLLOUT) != 0 {
        let count = read(daemon, &buffer, buffer.count)
        guard count > 0 else { break }
        for byte in buffer[..<count] {
            reply.append(byte)
            guard byte == 0x0A else { continue }
            if reply.starts(with: errorMark) { errors += 1 }
            print(String(decoding: reply, as: UTF8.self), terminator: "")
            reply = []
        }
        fflush(nil)
    }
}
exit(errors > 0 ? 1 : 0)
