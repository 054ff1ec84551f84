import Platform
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// System calls on Unix sockets, the same on every system: swift-system has none of them.
///
/// Descriptors are of stream sockets, and processes that this one starts do not inherit them.
enum UnixSocket {
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

    static func make() throws(Errno) -> FileDescriptor { prepared(try checked(socket(AF_UNIX, stream, 0))) }

    /// The result of a call that gives -1 on failure.
    private static func checked(_ result: Int32) throws(Errno) -> Int32 {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }

    private static func prepared(_ number: Int32) -> FileDescriptor {
        let descriptor = FileDescriptor(rawValue: number)
        descriptor.setCloseOnExec()
        #if canImport(Darwin)
            var on: Int32 = 1
            setsockopt(number, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
        return descriptor
    }

    /// A new socket, connected to the one at `path`.
    static func connected(to path: String) throws(SocketError) -> FileDescriptor {
        let address = try UnixAddress(path: path)
        let descriptor: FileDescriptor
        do { descriptor = try make() } catch { throw SocketError("socket", error) }
        while true {
            do {
                try join(descriptor, address)
                return descriptor
            } catch .interrupted {
                continue
            } catch {
                try? descriptor.close()
                throw SocketError(path, error)
            }
        }
    }

    /// Connects a socket.
    static func join(_ descriptor: FileDescriptor, _ address: UnixAddress) throws(Errno) {
        _ = try checked(address.withSocketAddress { connect(descriptor.rawValue, $0, $1) })
    }

    /// Gives a socket its address, which makes the file.
    static func name(_ descriptor: FileDescriptor, _ address: UnixAddress) throws(Errno) {
        _ = try checked(address.withSocketAddress { bind(descriptor.rawValue, $0, $1) })
    }

    /// Lets clients connect; `permissions` becomes the mode of the socket's file.
    static func open(
        _ descriptor: FileDescriptor, path: String, permissions: FilePermissions
    ) throws(Errno) {
        _ = try checked(chmod(path, permissions.rawValue))
        _ = try checked(listen(descriptor.rawValue, 512))
        descriptor.setNonBlocking()
    }

    /// Restricts the file that `name` will make.
    static func restrict(_ descriptor: FileDescriptor, to permissions: FilePermissions) {
        _ = fchmod(descriptor.rawValue, permissions.rawValue)
    }

    /// The next client that waits at a listening socket, made non-blocking.
    static func nextClient(of listener: FileDescriptor) throws(Errno) -> FileDescriptor {
        let client = prepared(try checked(accept(listener.rawValue, nil, nil)))
        client.setNonBlocking()
        return client
    }

    /// Sends as much as fits without waiting, and without a signal when the other side is gone.
    /// - Returns: the bytes taken.
    static func transmit(_ bytes: UnsafeRawBufferPointer, to descriptor: FileDescriptor) throws(Errno) -> Int {
        let count = send(descriptor.rawValue, bytes.baseAddress, bytes.count, noSignal)
        guard count >= 0 else { throw Errno(rawValue: errno) }
        return count
    }

    /// Sends everything, waiting for room; false when the other side is gone.
    static func transmitAll(_ bytes: [UInt8], to descriptor: FileDescriptor) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(Errno) {
                let result = rest.withUnsafeBytes { bytes in
                    Result { () throws(Errno) in try transmit(bytes, to: descriptor) }
                }
                rest = rest.dropFirst(try result.get())
            } catch .interrupted {
                continue
            } catch .wouldBlock {
                guard (try? descriptor.wait(until: .writable)) != nil else { return false }
            } catch {
                return false
            }
        }
        return true
    }

    /// The other side reads the end once it has read what was sent; it may still send.
    static func endOutput(of descriptor: FileDescriptor) { shutdown(descriptor.rawValue, Int32(SHUT_WR)) }

    /// Sends a datagram to a socket that may not be there.
    static func notify(_ address: UnixAddress, _ bytes: [UInt8]) {
        guard let number = try? checked(socket(AF_UNIX, datagram, 0)) else { return }
        let descriptor = prepared(number)
        _ = address.withSocketAddress { sendto(number, bytes, bytes.count, 0, $0, $1) }
        try? descriptor.close()
    }

    /// The user at the other end of a connected socket; nil when the system does not say.
    static func peerUser(of descriptor: FileDescriptor) -> UInt32? {
        #if canImport(Darwin)
            var user = uid_t()
            var group = gid_t()
            return getpeereid(descriptor.rawValue, &user, &group) == 0 ? UInt32(user) : nil
        #else
            // struct ucred { pid_t pid; uid_t uid; gid_t gid; }, which the C library shows to GNU sources only.
            var credentials: (pid_t, uid_t, gid_t) = (0, 0, 0)
            var length = socklen_t(MemoryLayout.size(ofValue: credentials))
            guard getsockopt(descriptor.rawValue, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0
            else { return nil }
            return UInt32(credentials.1)
        #endif
    }

    /// An integer option of the socket level; nil when the descriptor is no socket.
    private static func option(_ name: Int32, of descriptor: FileDescriptor) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor.rawValue, SOL_SOCKET, name, &value, &length) == 0 ? value : nil
    }

    /// Whether the descriptor is a Unix stream socket that listens.
    static func isListening(_ descriptor: FileDescriptor) -> Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor.rawValue, $0, &length)
            }
        }
        return named == 0 && Int32(address.ss_family) == AF_UNIX && option(SO_TYPE, of: descriptor) == stream
            && option(SO_ACCEPTCONN, of: descriptor) == 1
    }
}
