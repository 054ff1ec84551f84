import LineProtocol
import SystemPackage

/// A blocking client of a daemon's socket, for commands.
package final class LineClient: Sendable {
    private let descriptor: FileDescriptor

    package init(path: String) throws(SocketError) { descriptor = try UnixSocket.connected(to: path) }

    deinit { try? descriptor.close() }

    /// False when the daemon is gone.
    package func send(_ bytes: [UInt8]) -> Bool { UnixSocket.transmitAll(bytes, to: descriptor) }

    /// No line follows.
    package func endOfInput() { UnixSocket.endOutput(of: descriptor) }

    /// Hands every line of the other side to `body`, until it ends or `body` returns false.
    package func forEachLine(_ body: ([UInt8]) -> Bool) {
        // Replies are longer than requests may be: a trace of many rollouts, for example.
        var framer = LineFramer(maxLineBytes: 1 << 30)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        var goesOn = true
        func take(_ line: FramedLine) {
            if goesOn, case .bytes(let bytes) = line.content { goesOn = body(bytes) }
        }
        while goesOn {
            guard let count = try? descriptor.read(into: buffer), count > 0 else { return framer.finish(take) }
            framer.push(UnsafeRawBufferPointer(rebasing: buffer[..<count]), take)
        }
    }
}
