import LineProtocol

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A blocking client of a daemon's socket, for commands.
package final class LineClient: Sendable {
    package let descriptor: Int32

    package init(path: String) throws(SocketError) { descriptor = try UnixSocket.connect(to: path) }

    deinit { close(descriptor) }

    /// False when the daemon is gone.
    package func send(_ bytes: [UInt8]) -> Bool { UnixSocket.writeAll(descriptor, bytes) }

    /// No line follows.
    package func endOfInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Hands every line of the other side to `body`, until it ends or `body` returns false.
    package func forEachLine(_ body: ([UInt8]) -> Bool) {
        // Replies are longer than requests may be: a trace of many rollouts, for example.
        var framer = LineFramer(maxLineBytes: 1 << 30)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var goesOn = true
        func take(_ line: FramedLine) {
            if goesOn, case .bytes(let bytes) = line.content { goesOn = body(bytes) }
        }
        while goesOn {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return framer.finish(take) }
            framer.push(Array(buffer[..<count]), take)
        }
    }
}
