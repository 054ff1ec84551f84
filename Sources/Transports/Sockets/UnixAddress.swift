import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where a Unix socket is: a path, or a name in Linux' abstract namespace.
package struct UnixAddress: Sendable, Hashable {
    /// The path; an abstract name begins with a zero byte.
    private let name: [UInt8]

    /// The longest path that fits into a socket's address, in bytes.
    package static let maxPathBytes = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// - Throws: `SocketError` when the path is empty, too long or has a zero byte.
    package init(path: String) throws(SocketError) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, !bytes.contains(0) else { throw SocketError("a socket's path may not be empty") }
        guard bytes.count <= Self.maxPathBytes else {
            throw SocketError(
                "\(path): a socket's path may have at most \(Self.maxPathBytes) bytes, this one has \(bytes.count)")
        }
        name = bytes
    }

    /// As `NOTIFY_SOCKET` has it: `@` begins an abstract name. Nil when it is neither that nor an absolute path.
    package init?(notifySocket text: String) {
        var bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count > 1, bytes.count <= Self.maxPathBytes else { return nil }
        guard first == UInt8(ascii: "/") || first == UInt8(ascii: "@") else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        name = bytes
    }

    /// Calls `body` with the address as the system takes it.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { path in path.copyBytes(from: name) }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        // A path ends with a zero byte, which counts; an abstract name is as long as the address says.
        let length = socklen_t(offset + name.count + (name.first == 0 ? 0 : 1))
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}

/// Something about a socket that the person who started the daemon has to know.
package struct SocketError: Error, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }

    /// `what: the system's words for the error`.
    init(_ what: String, _ error: Errno) { description = "\(what): \(error)" }
}
