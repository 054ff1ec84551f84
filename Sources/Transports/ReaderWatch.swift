import Platform
package import SystemPackage

/// Notices at once, and not at the next write, that nobody is left who could read what is written to a descriptor: the
/// other end of the pipe or socket is closed, or the terminal hung up. A regular file always has a reader.
///
/// Whoever reads a solver's answers may be killed while a search runs that takes hours; its pipe is then the only thing
/// that tells.
package final class ReaderWatch: Sendable {
    private let descriptor: FileDescriptor
    private let wake: WakePipe

    /// Nil when the system has no descriptors left for the wake pipe.
    package init?(descriptor: FileDescriptor) {
        guard let wake = WakePipe() else { return nil }
        self.descriptor = descriptor
        self.wake = wake
    }

    /// Makes `run` return false soon; from any thread, any number of times.
    package func stop() { wake.signal() }

    /// The body of the watching thread.
    /// - Returns: true when the reader has gone, false when `stop` came first.
    package func run() -> Bool {
        while true {
            var set = ReadyDescriptors()
            // Nothing is asked of it: that it failed or was hung up is reported all the same.
            set.add(descriptor, [])
            set.add(wake.readEnd, .readable)
            do { try set.wait() } catch { return false }
            if !set[1].isEmpty { return false }
            if set[0].contains(.notOpen) { return false }
            if !set[0].isEmpty { return true }
        }
    }
}
