// A client of ptrmd's line protocol in one file of plain Swift: ./client SOCKET [FILE]
//
// It sends the lines of a file (or of stdin) and prints the replies as they come. A thread sends while the main thread
// reads: a client that only sent would be made to wait once its replies have filled the daemon's buffer.
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

/// What the sending thread needs.
struct Sending {
    var file: Int32
    var socket: Int32
}

func sendAll(_ sending: Sending) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(sending.file, &buffer, buffer.count)
        guard count > 0 else { break }
        var rest = buffer[..<count]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(sending.socket, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
    shutdown(sending.socket, Int32(SHUT_WR))
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
let sending = UnsafeMutablePointer<Sending>.allocate(capacity: 1)
sending.initialize(to: Sending(file: input, socket: daemon))
#if canImport(Darwin)
    var thread: pthread_t?
    pthread_create(
        &thread, nil,
        {
            sendAll($0.assumingMemoryBound(to: Sending.self).pointee); return nil
        }, sending)
#else
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { pointer in
            if let pointer { sendAll(pointer.assumingMemoryBound(to: Sending.self).pointee) }
            return nil
        }, sending)
#endif

let replies = fdopen(daemon, "r")
var line: UnsafeMutablePointer<CChar>?
var capacity = 0
var errors = 0
while getline(&line, &capacity, replies) > 0, let line {
    // Every reply's first member is its type.
    if strncmp(line, "{\"type\":\"error\"", 15) == 0 { errors += 1 }
    print(String(cString: line), terminator: "")
    fflush(nil)
}
exit(errors > 0 ? 1 : 0)
