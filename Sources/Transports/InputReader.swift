import Platform
package import SystemPackage

/// Reads a descriptor of any kind (terminal, pipe, regular file, /dev/null) until its end or until `stop` is called.
package final class InputReader: Sendable {
    /// Why the reading ended.
    package enum End: Sendable, Equatable {
        case endOfInput
        case stopped
        case failed(Errno)
    }

    private let descriptor: FileDescriptor
    private let wake: WakePipe

    /// Nil when the system has no descriptors left for the wake pipe.
    package init?(descriptor: FileDescriptor) {
        guard let wake = WakePipe() else { return nil }
        self.descriptor = descriptor
        self.wake = wake
    }

    /// Makes `run` return `.stopped` soon; from any thread, any number of times.
    package func stop() { wake.signal() }

    /// The body of the reading thread: hands every chunk to `body`, until it returns false or the input ends.
    package func run(_ body: (UnsafeRawBufferPointer) -> Bool) -> End {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            do throws(Errno) {
                var ready = ReadyDescriptors()
                ready.add(descriptor, .readable)
                ready.add(wake.readEnd, .readable)
                try ready.wait()
                if !ready[1].isEmpty { return .stopped }
                guard !ready[0].isEmpty else { continue }
                if ready[0].contains(.notOpen) { return .failed(.badFileDescriptor) }
                let count = try systemCall { try descriptor.read(into: buffer) }
                guard count > 0 else { return .endOfInput }
                guard body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return .stopped }
            } catch .wouldBlock {
                continue
            } catch .ioError {
                // A terminal that was hung up: its input has ended.
                return .endOfInput
            } catch {
                return .failed(error)
            }
        }
    }
}
