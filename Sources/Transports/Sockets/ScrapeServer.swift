import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Answers one request at a time on sockets of its own, on a thread of its own: for metrics, which are asked for every
/// few seconds by one client. A client that says nothing is let go after a second.
package final class ScrapeServer: Sendable {
    private let files: [SocketFile]
    private let wake: WakePipe
    private let allowedUsers: Set<UInt32>
    private let isComplete: @Sendable ([UInt8]) -> Bool
    private let respond: @Sendable ([UInt8]) -> [UInt8]
    private let thread = Monitor<DedicatedThread?>(nil)
    private let isStopped = Monitor(false)

    /// The most bytes of a request.
    private static let maxRequestBytes = 8192
    /// What a whole exchange may take, in nanoseconds.
    private static let patience: UInt64 = 1_000_000_000

    /// Nil when the system has no descriptors left.
    package init?(
        files: [SocketFile], allowedUsers: Set<UInt32>, isComplete: @escaping @Sendable ([UInt8]) -> Bool,
        respond: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        guard let wake = WakePipe() else { return nil }
        self.files = files
        self.wake = wake
        self.allowedUsers = allowedUsers
        self.isComplete = isComplete
        self.respond = respond
    }

    /// False when the system has no thread to give.
    package func start() -> Bool {
        guard let started = DedicatedThread(name: "ptrm-metrics", { [self] in loop() }) else { return false }
        thread.withLock { thread in thread = started }
        return true
    }

    /// Stops and removes the sockets' files.
    package func stop() {
        isStopped.withLock { flag in flag = true }
        wake.signal()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
        for file in files { file.close() }
    }

    private func loop() {
        while !isStopped.withLock({ $0 }) {
            var entries = [pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0)]
            entries += files.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&entries, nfds_t(entries.count), -1) > 0 else { continue }
            if entries[0].revents != 0 { wake.clear() }
            for (entry, file) in zip(entries.dropFirst(), files) where entry.revents != 0 {
                guard let client = UnixSocket.accept(file.descriptor) else {
                    // Out of descriptors: who waits stays in the queue, and `poll` would not wait.
                    if errno != EAGAIN, errno != EINTR { usleep(100_000) }
                    continue
                }
                if let user = UnixSocket.peerUser(of: client), allowedUsers.contains(UInt32(user)) { serve(client) }
                close(client)
            }
        }
    }

    private func serve(_ client: Int32) {
        let end = MonotonicClock.now + Self.patience
        var request: [UInt8] = []
        while !isComplete(request) {
            guard request.count < Self.maxRequestBytes, wait(client, Int16(POLLIN), until: end) else { return }
            var chunk = [UInt8](repeating: 0, count: 1024)
            let count = recv(client, &chunk, chunk.count, 0)
            guard count > 0 else { return }
            request += chunk[..<count]
        }
        var rest = respond(request)[...]
        while !rest.isEmpty, wait(client, Int16(POLLOUT), until: end) {
            let count = rest.withUnsafeBytes { UnixSocket.write(client, $0) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func wait(_ client: Int32, _ events: Int16, until end: UInt64) -> Bool {
        let now = MonotonicClock.now
        guard now < end else { return false }
        var entries = [
            pollfd(fd: client, events: events, revents: 0), pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 2, Int32((end - now) / 1_000_000) + 1) > 0 else { return false }
        return entries[0].revents != 0 && !isStopped.withLock { $0 }
    }
}
