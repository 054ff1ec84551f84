import LineProtocol
import Logging
import Service
import Threading

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The state of the server's thread: `turn` sleeps until something happens and acts on it.
struct ServerLoop: ~Copyable {
    private let server: SocketServer
    private var listeners: [Int32]
    private var clients: [ClientLoop] = []
    private let buffer: UnsafeMutableRawBufferPointer
    private var entries: [pollfd] = []
    /// No client is accepted before this time: the system was out of descriptors.
    private var acceptAgain: UInt64 = 0

    init(server: SocketServer, listeners: [Int32]) {
        self.server = server
        self.listeners = listeners
        buffer = .allocate(byteCount: 1 << 16, alignment: 16)
    }

    deinit { buffer.deallocate() }

    var isListening: Bool { !listeners.isEmpty }
    var isEmpty: Bool { clients.isEmpty }

    mutating func stopListening() { listeners = [] }

    mutating func leaveAll() {
        for index in clients.indices { clients[index].leave() }
        clients = []
    }

    mutating func turn() {
        let now = MonotonicClock.now
        let mayAccept = now >= acceptAgain
        entries.removeAll(keepingCapacity: true)
        entries.append(pollfd(fd: server.wake.readEnd, events: Int16(POLLIN), revents: 0))
        for listener in listeners {
            entries.append(pollfd(fd: listener, events: mayAccept ? Int16(POLLIN) : 0, revents: 0))
        }
        for client in clients {
            entries.append(pollfd(fd: client.client.descriptor, events: client.events, revents: 0))
        }
        if poll(&entries, nfds_t(entries.count), timeout(mayAccept: mayAccept)) < 0 {
            // EINTR and the like: look again.
            for index in entries.indices { entries[index].revents = 0 }
        }
        if entries[0].revents != 0 { server.wake.clear() }
        advanceClients(from: 1 + listeners.count)
        for index in listeners.indices where entries[1 + index].revents != 0 { accept(listeners[index]) }
    }

    /// Most of the time nothing but an event matters; lines that are held back and clients that linger are looked at
    /// now and then.
    private func timeout(mayAccept: Bool) -> Int32 {
        if clients.contains(where: \.isHeldBack) { return 10 }
        let isWaiting = clients.contains { client in client.status != .open }
        return isWaiting || !mayAccept ? 100 : -1
    }

    private mutating func advanceClients(from first: Int) {
        let now = MonotonicClock.now
        var hasGone = false
        for index in clients.indices {
            clients[index].advance(entries[first + index].revents, buffer: buffer, now: now)
            if clients[index].status == .gone { hasGone = true }
        }
        if hasGone { clients.removeAll { $0.status == .gone } }
    }

    private mutating func accept(_ listener: Int32) {
        while true {
            guard let descriptor = UnixSocket.accept(listener) else {
                if errno == EINTR || errno == ECONNABORTED { continue }
                guard errno != EAGAIN else { return }
                server.logger.warning("a client could not be accepted", metadata: ["errno": "\(errno)"])
                acceptAgain = MonotonicClock.now + 100_000_000
                return
            }
            greet(descriptor)
        }
    }

    private mutating func greet(_ descriptor: Int32) {
        let user = UnixSocket.peerUser(of: descriptor)
        guard let user, server.options.allowedUsers.contains(UInt32(user)) else {
            server.logger.warning("a client of a user who may not connect", metadata: ["uid": "\(user ?? .max)"])
            close(descriptor)
            return
        }
        guard clients.count < server.options.maxClients else {
            server.logger.warning("a client too many", metadata: ["max-clients": "\(server.options.maxClients)"])
            var error = WireError(.queueFull, "there are \(clients.count) clients, and no more are taken")
            error.details.retryAfterMs = 1000
            let line = Reply.error(ErrorReply(id: nil, line: 1, error)).line()
            _ = line.withUnsafeBytes { UnixSocket.write(descriptor, $0) }
            close(descriptor)
            return
        }
        let client = SocketClient(descriptor: descriptor, wake: server.wake, limits: server.options.output)
        let connection = server.service.connect(client, options: server.options.connection)
        clients.append(ClientLoop(client: client, connection: connection, maxLineBytes: server.options.maxLineBytes))
    }
}
