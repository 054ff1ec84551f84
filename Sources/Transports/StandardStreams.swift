#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// Transports carries lines between clients and the service: standard streams here, sockets beside them. It knows file
// descriptors and threads, and nothing of what a line means.

/// The process's standard streams, arranged so that nothing but the protocol can reach stdout.
package struct StandardStreams: Sendable {
    package let input: Int32
    /// A private copy of the real stdout; fd 1 itself points at stderr from then on.
    package let output: Int32

    /// Gives closed standard descriptors (`<&-`, `>&-`) back their places, before anything else gets them: the runtime's own
    /// epoll descriptor would else be stdin, and its silence an input that never ends. To be called before any thread runs.
    ///
    /// Each becomes /dev/null, opened for the wrong direction, so that every use of it still fails with EBADF.
    package static func holdPlaces() {
        for descriptor in [Int32(0), 1, 2] where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The lowest number that is free, which is this one.
            _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }

    /// Takes the streams over. To be called once, before any other thread runs.
    ///
    /// A stray `print` of any library then lands on stderr, and a reader that went away gives EPIPE, not a signal.
    package static func claim() -> StandardStreams {
        signal(SIGPIPE, SIG_IGN)
        let output = fcntl(1, F_DUPFD_CLOEXEC, 3)
        dup2(2, 1)
        return StandardStreams(input: 0, output: output)
    }
}
