#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A blocking client of a Unix socket. Every wait is bounded.
package final class SocketConversation: @unchecked Sendable {
    // @unchecked: `pending` is read and written by the one thread or task that reads; writing needs only the descriptor.
    package let descriptor: Int32
    private var pending: [UInt8] = []
    private var start = 0
    private var isClosed = false

    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Connects; tries again while there is no listener, for at most `patience` seconds.
    package init(_ path: String, patience: Double = 120) throws {
        let end = ContinuousClock.now + .seconds(patience)
        while true {
            let number = Self.connected(path)
            if number >= 0 {
                descriptor = number
                return
            }
            guard ContinuousClock.now < end else {
                throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
            }
            usleep(10_000)
        }
    }

    deinit { leave() }

    private static func connected(_ path: String) -> Int32 {
        #if canImport(Glibc)
            let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let number = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return number }
        let code = errno
        close(number)
        errno = code
        return -1
    }

    /// Sends a line.
    package func send(_ line: String) throws { try send(bytes: Array((line + "\n").utf8)) }

    package func send(bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                    Darwin.send(descriptor, buffer.baseAddress, buffer.count, 0)
                #else
                    write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Failure(description: "send: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends what goes without waiting; the number of bytes taken.
    package func offer(_ bytes: [UInt8]) -> Int { max(0, bytes.withUnsafeBytes { offer($0) }) }

    private func offer(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
        #elseif canImport(Musl)
            Musl.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
        #else
            Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(truncatingIfNeeded: MSG_DONTWAIT))
        #endif
    }

    /// The next line; nil at the end.
    package func line(within seconds: Double = 60) throws -> String? {
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            if let feed = pending[start...].firstIndex(of: 0x0A) {
                defer { start = feed + 1 }
                return String(decoding: pending[start..<feed], as: UTF8.self)
            }
            if isClosed { return nil }
            pending.removeFirst(start)
            start = 0
            let left = (end - ContinuousClock.now) / .seconds(1)
            guard left > 0 else { throw Failure(description: "no line within \(seconds) s") }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, Int32(left * 1000) + 1) > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count > 0 { pending.append(contentsOf: chunk[..<count]) }
            if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { isClosed = true }
        }
    }

    /// Everything until the other side closes.
    package func rest(within seconds: Double = 60) throws -> [String] {
        var lines: [String] = []
        while let line = try line(within: seconds) { lines.append(line) }
        return lines
    }

    /// No line follows; replies still come.
    package func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes both directions at once.
    package func leave() {
        guard !hasLeft else { return }
        hasLeft = true
        close(descriptor)
    }

    private var hasLeft = false
}
