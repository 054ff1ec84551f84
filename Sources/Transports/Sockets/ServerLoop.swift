import LineProtocol
import Logging
import Platform
import Service
import SystemPackage
import Threading

/// The state of the server's thread: `turn` sleeps until something happens and acts on it.
struct ServerLoop: ~Copyable {
    private let server: SocketServer
    private var listeners: [FileDescriptor]
    private var clients: [ClientSession] = []
    private let buffer: UnsafeMutableRawBufferPointer
    private var ready = ReadyDescriptors()
    /// No client is accepted before this time: the system was out of descriptors.
    private var acceptAgain: UInt64 = 0

    init(server: SocketServer, listeners: [FileDescriptor]) {
        self.server = server
        self.listeners = listeners
        buffer = .allocate(byteCount: 1 << 16, alignment: 16)
    }

    deinit { buffer.deallocate() }

    var isListening: Bool { !listeners.isEmpty }
    var isEmpty: Bool { clients.isEmpty }

    mutating func stopListening() { listeners = [] }

    /// Ends every session now.
    /// - Returns: how many of their requests have no terminal line.
    mutating func leaveAll() -> Int {
        var unanswered = 0
        for index in clients.indices {
            unanswered += clients[index].unanswered
            clients[index].leave()
        }
        clients = []
        return unanswered
    }

    mutating func turn() {
        let now = MonotonicClock.now
        let mayAccept = now >= acceptAgain
        ready.removeAll()
        ready.add(server.wake.readEnd, .readable)
        for listener in listeners { ready.add(listener, mayAccept ? .readable : []) }
        for client in clients { ready.add(client.output.descriptor, client.wanted) }
        // After a failure none is ready: look again.
        try? ready.wait(milliseconds: timeout(mayAccept: mayAccept))
        if !ready[0].isEmpty { server.wake.clear() }
        advanceClients(from: 1 + listeners.count)
        shedLines()
        for index in listeners.indices where !ready[1 + index].isEmpty { accept(listeners[index]) }
    }

    /// Usually only events matter; clients whose lines wait and clients that linger are checked periodically.
    private func timeout(mayAccept: Bool) -> Int32 {
        if clients.contains(where: \.isPaused) { return 10 }
        let isWaiting = clients.contains { client in client.status != .open }
        return isWaiting || !mayAccept ? 100 : -1
    }

    private mutating func advanceClients(from first: Int) {
        let now = MonotonicClock.now
        var hasGone = false
        for index in clients.indices {
            clients[index].advance(ready[first + index], buffer: buffer, now: now)
            if clients[index].status == .gone { hasGone = true }
        }
        if hasGone { clients.removeAll { $0.status == .gone } }
    }

    /// Keeps the lines that clients have begun within their memory: the longest ones go first.
    private mutating func shedLines() {
        let most = server.options.lineMemory
        var held = clients.reduce(0) { $0 + $1.heldBytes }
        while held > most, let index = clients.indices.max(by: { clients[$0].heldBytes < clients[$1].heldBytes }) {
            let bytes = clients[index].heldBytes
            clients[index].shed()
            guard clients[index].heldBytes < bytes else { return }
            held -= bytes - clients[index].heldBytes
        }
    }

    private mutating func accept(_ listener: FileDescriptor) {
        while true {
            do {
                greet(try UnixSocket.nextClient(of: listener))
            } catch .interrupted, .connectionAbort {
                continue
            } catch .wouldBlock {
                return
            } catch {
                server.logger.warning("a client could not be accepted", metadata: ["errno": "\(error.rawValue)"])
                acceptAgain = MonotonicClock.now + 100_000_000
                return
            }
        }
    }

    private mutating func greet(_ descriptor: FileDescriptor) {
        let user = UnixSocket.peerUser(of: descriptor)
        guard let user, server.options.allowedUsers.contains(user) else {
            server.logger.warning("a client of a user who may not connect", metadata: ["uid": "\(user ?? .max)"])
            try? descriptor.close()
            return
        }
        guard clients.count < server.options.maxClients else {
            server.logger.warning("a client too many", metadata: ["max-clients": "\(server.options.maxClients)"])
            var error = WireError(.queueFull, "there are \(clients.count) clients, and no more are taken")
            error.details.retryAfterMs = 1000
            let line = Reply(id: nil, line: 1, .error(error)).bytes
            _ = try? line.withUnsafeBytes { try UnixSocket.transmit($0, to: descriptor) }
            try? descriptor.close()
            return
        }
        let output = ClientOutput(descriptor: descriptor, wake: server.wake, limits: server.options.output)
        let connection = server.service.connect(output, options: server.options.connection)
        clients.append(ClientSession(output: output, connection: connection))
    }
}
