import LineProtocol
import SystemPackage

/// The client's end of a daemon's socket, for commands. It blocks.
///
///     let daemon = try DaemonClient(path: "/run/ptrmd.sock")
///     _ = daemon.send(Array("{\"method\":\"ping\"}\n".utf8))
///     daemon.forEachLine { line in false }
package final class DaemonClient: Sendable {
    private let descriptor: FileDescriptor

    package init(path: String) throws(SocketError) { descriptor = try UnixSocket.connected(to: path) }

    deinit { try? descriptor.close() }

    /// False when the daemon is gone.
    package func send(_ bytes: [UInt8]) -> Bool { UnixSocket.transmitAll(bytes, to: descriptor) }

    /// No line follows.
    package func endOfInput() { UnixSocket.endOutput(of: descriptor) }

    /// Hands every line of the other side to `body`, until it ends or `body` returns false.
    package func forEachLine(_ body: ([UInt8]) -> Bool) {
        var framer = LineFramer(maxLineBytes: Wire.maxClientLineBytes)
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
