#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// System calls on Unix sockets, the same on every system.
package enum UnixSocket {
    #if canImport(Glibc)
        private static let stream = Int32(SOCK_STREAM.rawValue)
        private static let datagram = Int32(SOCK_DGRAM.rawValue)
    #else
        private static let stream = SOCK_STREAM
        private static let datagram = SOCK_DGRAM
    #endif
    #if canImport(Darwin)
        private static let noSignal: Int32 = 0
    #else
        private static let noSignal = Int32(truncatingIfNeeded: MSG_NOSIGNAL)
    #endif

    /// A new stream socket that child processes do not inherit; -1 when there is none to be had.
    static func make() -> Int32 { prepared(socket(AF_UNIX, stream, 0)) }

    static func makeDatagram() -> Int32 { prepared(socket(AF_UNIX, datagram, 0)) }

    private static func prepared(_ descriptor: Int32) -> Int32 {
        guard descriptor >= 0 else { return descriptor }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        #if canImport(Darwin)
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
        return descriptor
    }

    /// Connects a new stream socket.
    package static func connect(to path: String) throws(SocketError) -> Int32 {
        let address = try UnixAddress(path: path)
        let descriptor = make()
        guard descriptor >= 0 else { throw SocketError("socket", errno: errno) }
        while address.withSocketAddress({ bsdConnect(descriptor, $0, $1) }) != 0 {
            if errno == EINTR { continue }
            let code = errno
            close(descriptor)
            throw SocketError(path, errno: code)
        }
        return descriptor
    }

    static func bsdConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
        #if canImport(Glibc)
            Glibc.connect(descriptor, address, length)
        #elseif canImport(Musl)
            Musl.connect(descriptor, address, length)
        #else
            Darwin.connect(descriptor, address, length)
        #endif
    }

    static func bsdBind(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> Int32 {
        bind(descriptor, address, length)
    }

    /// A client that waits on a listening socket, made non-blocking; nil with `errno` set when there is none.
    static func accept(_ listener: Int32) -> Int32? {
        #if canImport(Glibc)
            let client = Glibc.accept(listener, nil, nil)
        #elseif canImport(Musl)
            let client = Musl.accept(listener, nil, nil)
        #else
            let client = Darwin.accept(listener, nil, nil)
        #endif
        guard client >= 0 else { return nil }
        makeNonBlocking(prepared(client))
        return client
    }

    static func makeNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// What `send` says, without a signal when the other side is gone.
    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        send(descriptor, bytes.baseAddress, bytes.count, noSignal)
    }

    /// Writes everything to a blocking socket; false when the other side is gone.
    package static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// The user at the other end of a connected socket; nil when the system does not say.
    static func peerUser(of descriptor: Int32) -> uid_t? {
        #if canImport(Darwin)
            var user = uid_t()
            var group = gid_t()
            return getpeereid(descriptor, &user, &group) == 0 ? user : nil
        #else
            // struct ucred { pid_t pid; uid_t uid; gid_t gid; }, which the C library shows to GNU sources only.
            var credentials: (pid_t, uid_t, gid_t) = (0, 0, 0)
            var length = socklen_t(MemoryLayout.size(ofValue: credentials))
            guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
            return credentials.1
        #endif
    }

    /// An integer option of the socket level; nil when the descriptor is no socket.
    static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    /// Whether the descriptor is a Unix stream socket that listens.
    static func isListening(_ descriptor: Int32) -> Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return named == 0 && Int32(address.ss_family) == AF_UNIX && option(SO_TYPE, of: descriptor) == stream
            && option(SO_ACCEPTCONN, of: descriptor) == 1
    }
}
