#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The sockets of a service manager: the one that it hears of its services on, and those that it hands over.
package final class ServiceManagerSocket: Sendable {
    package let descriptor: Int32

    #if canImport(Glibc)
        private static let stream = Int32(SOCK_STREAM.rawValue)
        private static let datagram = Int32(SOCK_DGRAM.rawValue)
    #else
        private static let stream = SOCK_STREAM
        private static let datagram = SOCK_DGRAM
    #endif

    /// A listening socket at a path.
    package static func listening(at path: String) throws -> ServiceManagerSocket {
        let made = try ServiceManagerSocket(stream, path)
        guard listen(made.descriptor, 16) == 0 else { throw FileError(path: path, code: errno) }
        return made
    }

    /// A datagram socket; `@` begins a name in the abstract namespace.
    package static func notifications(at path: String) throws -> ServiceManagerSocket {
        try ServiceManagerSocket(datagram, path)
    }

    private init(_ type: Int32, _ path: String) throws(FileError) {
        descriptor = socket(AF_UNIX, type, 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = 2 + name.count + (name.first == 0 ? 0 : 1)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) }
        }
        guard result == 0 else { throw FileError(path: path, code: errno) }
    }

    deinit { close(descriptor) }

    /// The next message; nil when none comes in time.
    package func message(within seconds: Double = 120) -> String? {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, Int32(seconds * 1000)) == 1 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count >= 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
