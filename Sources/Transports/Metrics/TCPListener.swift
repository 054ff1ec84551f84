import Platform
package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A listening TCP port, for metrics alone: anybody who reaches it is served.
package struct TCPListener: Sendable {
    /// The listening descriptor, non-blocking.
    package let descriptor: FileDescriptor
    /// Where it listens, with the port that the system chose for 0.
    package let name: String

    /// - Parameter address: `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`, or `:9464` for every address of the machine.
    package init(_ address: String) throws(SocketError) {
        let (host, port) = try Self.split(address)
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, port, &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard result == 0, let first = found else {
            throw SocketError("\(address): \(gai_strerror(result).map { String(cString: $0) } ?? "no such address")")
        }
        var failure = Errno.addressNotAvailable
        for entry in sequence(first: first, next: { $0.pointee.ai_next }) {
            do throws(Errno) {
                descriptor = try Self.listen(entry.pointee)
                name = "\(host.map { $0.contains(":") ? "[\($0)]" : $0 } ?? ""):\(Self.port(of: descriptor) ?? port)"
                return
            } catch {
                failure = error
            }
        }
        throw SocketError(address, failure)
    }

    package func close() { try? descriptor.close() }

    /// Host (nil: all addresses) and port of an address.
    package static func split(_ address: String) throws(SocketError) -> (host: String?, port: String) {
        let expected = "an address is HOST:PORT, such as 127.0.0.1:9464 or [::1]:9464"
        guard let colon = address.lastIndex(of: ":") else { throw SocketError("\(address): \(expected)") }
        var host = address[..<colon]
        let port = address[address.index(after: colon)...]
        guard UInt16(port) != nil, port.allSatisfy(\.isNumber) else { throw SocketError("\(address): \(expected)") }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") || host.contains("[") {
            throw SocketError("\(address): \(expected)")
        }
        return (host.isEmpty ? nil : String(host), String(port))
    }

    private static func listen(_ entry: addrinfo) throws(Errno) -> FileDescriptor {
        let number = socket(entry.ai_family, entry.ai_socktype, entry.ai_protocol)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        let descriptor = FileDescriptor(rawValue: number)
        descriptor.setCloseOnExec()
        descriptor.setNonBlocking()
        // A daemon that is started again finds its port taken otherwise, by connections that are long over.
        var on: Int32 = 1
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        #if canImport(Glibc)
            let queued = Glibc.listen
        #elseif canImport(Musl)
            let queued = Musl.listen
        #else
            let queued = Darwin.listen
        #endif
        guard bind(number, entry.ai_addr, entry.ai_addrlen) == 0, queued(number, 64) == 0 else {
            let error = Errno(rawValue: errno)
            try? descriptor.close()
            throw error
        }
        return descriptor
    }

    private static func port(of descriptor: FileDescriptor) -> String? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> String? in
                guard getsockname(descriptor.rawValue, address, &length) == 0 else { return nil }
                var port = [CChar](repeating: 0, count: 8)
                let result = getnameinfo(address, length, nil, 0, &port, socklen_t(port.count), NI_NUMERICSERV)
                guard result == 0 else { return nil }
                return String(decoding: port.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
        }
    }
}
