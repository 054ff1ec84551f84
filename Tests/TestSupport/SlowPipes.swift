package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A pipe of which one end or both can be in non-blocking mode, as a process that shares it may leave it.
package final class Pipe: Sendable {
    package let readEnd: FileDescriptor
    package let writeEnd: FileDescriptor

    package init() throws {
        (readEnd, writeEnd) = try FileDescriptor.pipe()
        for end in [readEnd, writeEnd] {
            _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end.rawValue, F_SETFL, fcntl(end.rawValue, F_GETFL) | O_NONBLOCK)
        }
    }

    /// What is in it now, at most so many bytes; nil at the end.
    package func take(atMost count: Int = 1 << 16) throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        do {
            let taken = try bytes.withUnsafeMutableBytes { try readEnd.read(into: $0) }
            return taken == 0 ? nil : Array(bytes[..<taken])
        } catch Errno.wouldBlock {
            return []
        }
    }
}

extension Daemon {
    /// Runs the binary on non-blocking pipes between a slow writer and a slow reader: the binary finds its input empty
    /// and its output full.
    package static func runOnSlowPipes(_ arguments: [String], input: [UInt8]) throws -> Result {
        let (stdin, stdout) = (try Pipe(), try Pipe())
        let process = try DaemonProcess(arguments, input: stdin.readEnd, output: stdout.writeEnd)
        try stdin.readEnd.close()
        try stdout.writeEnd.close()
        var rest = input[...]
        var isOpen = true
        var output: [UInt8] = []
        var turns = 0
        while true {
            turns += 1
            usleep(1000)
            if isOpen, turns > 50 {
                do {
                    let piece = rest.prefix(max(1, input.count / 20))
                    rest = rest.dropFirst(try piece.withUnsafeBytes { try stdin.writeEnd.write($0) })
                } catch Errno.wouldBlock {}
                if rest.isEmpty {
                    try stdin.writeEnd.close()
                    isOpen = false
                }
            }
            // Long enough for the output to fill the pipe.
            guard turns > 400 else { continue }
            guard let bytes = try stdout.take(atMost: 4096) else { break }
            output += bytes
        }
        try stdout.readEnd.close()
        let code: Int? = if case .exited(let code) = process.wait() { code } else { nil }
        return Result(exitCode: code, output: String(decoding: output, as: UTF8.self), errors: process.errors)
    }
}
