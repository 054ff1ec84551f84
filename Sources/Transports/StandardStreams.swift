import Platform
package import SystemPackage

// Transports carries lines between clients and the service: standard streams here, sockets beside them. It knows file
// descriptors and threads, and nothing of what a line means.

/// The process's standard streams, arranged so that nothing but the protocol can reach stdout.
package struct StandardStreams: Sendable {
    package let input: FileDescriptor
    /// A private copy of the real stdout; fd 1 itself points at stderr from then on.
    package let output: FileDescriptor

    /// Gives closed standard descriptors (`<&-`, `>&-`) back their places, before anything else gets them: the runtime's own
    /// epoll descriptor would else be stdin, and its silence an input that never ends. To be called before any thread runs.
    ///
    /// Each becomes /dev/null, opened for the wrong direction, so that every use of it still fails with EBADF.
    package static func reserveNumbers() {
        for descriptor in [FileDescriptor.standardInput, .standardOutput, .standardError] where !descriptor.isOpen {
            // The lowest number that is free, which is this one.
            _ = try? FileDescriptor.open("/dev/null", descriptor == .standardInput ? .writeOnly : .readOnly)
        }
    }

    /// Takes the streams over. To be called once, before any other thread runs.
    ///
    /// A stray `print` of any library then lands on stderr, and a reader that went away gives EPIPE, not a signal.
    package static func claim() -> StandardStreams {
        Process.ignoreBrokenPipes()
        let output = (try? FileDescriptor.standardOutput.duplicatedAboveStandard()) ?? FileDescriptor(rawValue: -1)
        _ = try? FileDescriptor.standardError.duplicate(as: .standardOutput)
        return StandardStreams(input: .standardInput, output: output)
    }
}
