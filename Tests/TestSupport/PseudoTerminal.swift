package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A terminal without a screen: what a process under test takes for its terminal, and the end that the test holds.
package final class PseudoTerminal: Sendable {
    /// The terminal's name, such as `/dev/pts/3`, for a shell's redirections.
    package let path: String
    private let controller: Int32
    /// Kept open so that the controller does not read an error while no process has the terminal.
    private let terminal: Int32

    package init() throws(FileError) {
        var ends: (controller: Int32, terminal: Int32) = (-1, -1)
        guard openpty(&ends.controller, &ends.terminal, nil, nil, nil) == 0, let name = ttyname(ends.terminal) else {
            throw FileError(path: "/dev/ptmx", code: errno)
        }
        path = String(cString: name)
        (controller, terminal) = ends
        for descriptor in [controller, terminal] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(controller, F_SETFL, O_NONBLOCK)
    }

    /// The terminal once more, for a process to be started on; the caller closes it.
    package func duplicate() throws(FileError) -> FileDescriptor {
        let copy = fcntl(terminal, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw FileError(path: path, code: errno) }
        return FileDescriptor(rawValue: copy)
    }

    /// What a person types: a line feed is the return key, 4 is control-D.
    package func type(_ text: String) throws(FileError) {
        let bytes = Array(text.utf8)
        guard write(controller, bytes, bytes.count) == bytes.count else { throw FileError(path: path, code: errno) }
    }

    /// Everything that has been shown and not been taken yet, with what was typed echoed in it.
    package func shown() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while true {
            let count = read(controller, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    deinit {
        close(terminal)
        close(controller)
    }
}
