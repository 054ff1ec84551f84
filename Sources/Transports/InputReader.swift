#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Reads a descriptor of any kind (terminal, pipe, regular file, /dev/null) until its end or until it is told to stop.
///
/// It sleeps in `poll`, which unlike `epoll` takes regular files, together with a pipe that `stop` writes to.
package final class InputReader: Sendable {
    /// Why the reading ended.
    package enum End: Sendable, Equatable {
        case endOfInput
        case stopped
        case failed(errno: Int32)
    }

    private let descriptor: Int32
    private let wakeRead: Int32
    private let wakeWrite: Int32

    /// Nil when the system has no descriptors left for the wake pipe.
    package init?(descriptor: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.descriptor = descriptor
        (wakeRead, wakeWrite) = (ends[0], ends[1])
    }

    deinit {
        close(wakeRead)
        close(wakeWrite)
    }

    /// Makes `run` return `.stopped` soon; from any thread, any number of times.
    package func stop() {
        var byte: UInt8 = 1
        _ = write(wakeWrite, &byte, 1)
    }

    /// The body of the reading thread: hands every chunk to `body`, until it returns false or the input ends.
    package func run(_ body: (UnsafeRawBufferPointer) -> Bool) -> End {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            var entries = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&entries, 2, -1) < 0 {
                if errno == EINTR { continue }
                return .failed(errno: errno)
            }
            if entries[1].revents != 0 { return .stopped }
            guard entries[0].revents != 0 else { continue }
            if entries[0].revents & Int16(POLLNVAL) != 0 { return .failed(errno: EBADF) }
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count == 0 { return .endOfInput }
            if count < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                // A terminal that was hung up reads EIO: its input has ended.
                return errno == EIO ? .endOfInput : .failed(errno: errno)
            }
            guard body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return .stopped }
        }
    }
}
