import Platform
import SystemPackage
import Threading

/// Answers requests for metrics, one at a time, on its own sockets and thread: one client asks every few seconds. A client
/// that sends nothing is disconnected after a second.
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
            var ready = ReadyDescriptors()
            ready.add(wake.readEnd, .readable)
            for file in files { ready.add(file.descriptor, .readable) }
            guard (try? ready.wait()) != nil else { continue }
            if !ready[0].isEmpty { wake.clear() }
            for (index, file) in files.enumerated() where !ready[1 + index].isEmpty {
                do {
                    let client = try UnixSocket.nextClient(of: file.descriptor)
                    if let user = UnixSocket.peerUser(of: client), allowedUsers.contains(user) { serve(client) }
                    try? client.close()
                } catch {
                    // Out of descriptors: who waits stays in the queue, and `poll` would not wait.
                    if error != .wouldBlock, error != .interrupted { Process.sleep(seconds: 0.1) }
                }
            }
        }
    }

    private func serve(_ client: FileDescriptor) {
        let end = MonotonicClock.now + Self.patience
        var request: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1024)
        while !isComplete(request) {
            guard request.count < Self.maxRequestBytes, wait(client, .readable, until: end),
                let count = try? chunk.withUnsafeMutableBytes({ try client.read(into: $0) }), count > 0
            else { return }
            request += chunk[..<count]
        }
        var rest = respond(request)[...]
        while !rest.isEmpty, wait(client, .writable, until: end) {
            guard let count = try? rest.withUnsafeBytes({ try UnixSocket.transmit($0, to: client) }), count > 0
            else { return }
            rest = rest.dropFirst(count)
        }
    }

    private func wait(_ client: FileDescriptor, _ wanted: Readiness, until end: UInt64) -> Bool {
        let now = MonotonicClock.now
        guard now < end else { return false }
        var ready = ReadyDescriptors()
        ready.add(client, wanted)
        ready.add(wake.readEnd, .readable)
        guard (try? ready.wait(milliseconds: Int32((end - now) / 1_000_000) + 1)) != nil else { return false }
        return !ready[0].isEmpty && !isStopped.withLock { $0 }
    }
}
