import Platform
import SystemPackage
import Threading

/// Answers requests for metrics and health over HTTP, on its own sockets and one thread for all of them. Clients are served
/// side by side: one that says nothing delays nobody, and is disconnected after a while or when its place is needed.
package final class ScrapeServer: Sendable {
    /// Where clients come from.
    package struct Listener: Sendable {
        let descriptor: FileDescriptor
        /// Nil: whoever reaches it.
        let allowedUsers: Set<UInt32>?
        /// For log lines.
        package let name: String
        package let close: @Sendable () -> Void

        /// A Unix socket, for these users.
        package static func unix(_ file: SocketFile, allowedUsers: Set<UInt32>) -> Listener {
            Listener(descriptor: file.descriptor, allowedUsers: allowedUsers, name: file.name, close: file.close)
        }

        /// A TCP port, for whoever reaches it.
        package static func tcp(_ port: TCPListener) -> Listener {
            Listener(descriptor: port.descriptor, allowedUsers: nil, name: port.name, close: port.close)
        }
    }

    private let listeners: [Listener]
    private let wake: WakePipe
    private let isComplete: @Sendable ([UInt8]) -> Bool
    private let respond: @Sendable ([UInt8]) -> [UInt8]
    private let thread = Monitor<DedicatedThread?>(nil)
    private let isStopped = Monitor(false)

    /// Clients at a time; for another one the oldest has to go.
    package static let maxClients = 32

    /// - Parameters:
    ///   - isComplete: whether these bytes are a whole request.
    ///   - respond: the response to a request that is whole, or as long as a request may be.
    /// Nil when the system has no descriptors left.
    package init?(
        listeners: [Listener], isComplete: @escaping @Sendable ([UInt8]) -> Bool,
        respond: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        guard let wake = WakePipe() else { return nil }
        self.listeners = listeners
        self.wake = wake
        self.isComplete = isComplete
        self.respond = respond
    }

    /// False when the system has no thread to give.
    package func start() -> Bool {
        guard let started = DedicatedThread(name: "ptrm-metrics", { [self] in loop() }) else { return false }
        thread.withLock { thread in thread = started }
        return true
    }

    /// Stops and closes the listeners; sockets' files are removed.
    package func stop() {
        isStopped.withLock { flag in flag = true }
        wake.signal()
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
        for listener in listeners { listener.close() }
    }

    private func loop() {
        var exchanges: [Exchange] = []
        while !isStopped.withLock({ $0 }) {
            var ready = ReadyDescriptors()
            ready.add(wake.readEnd, .readable)
            for listener in listeners { ready.add(listener.descriptor, .readable) }
            for exchange in exchanges { ready.add(exchange.client, exchange.wanted) }
            let now = MonotonicClock.now
            let pause = exchanges.map { $0.end > now ? ($0.end - now) / 1_000_000 + 1 : 0 }.min()
            guard (try? ready.wait(milliseconds: pause.map { Int32(clamping: $0) } ?? -1)) != nil else { continue }
            if !ready[0].isEmpty { wake.clear() }
            for index in exchanges.indices where !ready[1 + listeners.count + index].isEmpty {
                exchanges[index].advance(isComplete: isComplete, respond: respond)
            }
            for (index, listener) in listeners.enumerated() where !ready[1 + index].isEmpty {
                accept(from: listener, into: &exchanges)
            }
            let later = MonotonicClock.now
            exchanges.removeAll { exchange in
                guard exchange.isOver || later >= exchange.end else { return false }
                try? exchange.client.close()
                return true
            }
        }
        for exchange in exchanges { try? exchange.client.close() }
    }

    private func accept(from listener: Listener, into exchanges: inout [Exchange]) {
        do {
            let client = try UnixSocket.nextClient(of: listener.descriptor)
            if let users = listener.allowedUsers {
                guard let user = UnixSocket.peerUser(of: client), users.contains(user) else {
                    try? client.close()
                    return
                }
            }
            if exchanges.count >= Self.maxClients { try? exchanges.removeFirst().client.close() }
            exchanges.append(Exchange(client: client, now: MonotonicClock.now))
        } catch {
            // Out of descriptors: who waits stays in the queue, and `poll` would not wait.
            if error != .wouldBlock, error != .interrupted { Process.sleep(seconds: 0.1) }
        }
    }
}

/// One client's request and the response to it.
private struct Exchange {
    let client: FileDescriptor
    /// When the client is disconnected at the latest, in nanoseconds.
    let end: UInt64
    private(set) var isOver = false
    private var request: [UInt8] = []
    private var response: ArraySlice<UInt8>?

    /// The most bytes of a request.
    private static let maxRequestBytes = 8192
    /// What a whole exchange may take, in nanoseconds.
    private static let patience: UInt64 = 10_000_000_000

    init(client: FileDescriptor, now: UInt64) {
        self.client = client
        end = now + Self.patience
    }

    var wanted: Readiness { response == nil ? .readable : .writable }

    /// Reads or writes as much as goes without waiting.
    mutating func advance(isComplete: ([UInt8]) -> Bool, respond: ([UInt8]) -> [UInt8]) {
        do throws(Errno) {
            if response == nil {
                try read()
                if isOver { return }
                if isComplete(request) || request.count >= Self.maxRequestBytes { response = respond(request)[...] }
            }
            if response != nil { try write() }
        } catch .wouldBlock, .interrupted {
            // Another time.
        } catch {
            isOver = true
        }
    }

    private mutating func read() throws(Errno) {
        var chunk = [UInt8](repeating: 0, count: Self.maxRequestBytes)
        let result = chunk.withUnsafeMutableBytes { bytes in
            Result { try client.read(into: bytes) }.mapError { $0 as? Errno ?? .ioError }
        }
        let count = try result.get()
        if count == 0 { isOver = true }
        request += chunk[..<count]
    }

    private mutating func write() throws(Errno) {
        while let rest = response, !rest.isEmpty {
            let result = rest.withUnsafeBytes { bytes in
                Result { () throws(Errno) in try UnixSocket.transmit(bytes, to: client) }
            }
            response = rest.dropFirst(try result.get())
        }
        isOver = true
    }
}
