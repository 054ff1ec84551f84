import JSON
import LineProtocol
import Service
import Threading
import Transports

/// Who answers lines of the line protocol for `ptrmd mcp`.
protocol MCPSolver: Sendable {
    /// Takes a request line; its replies, or that there are none any more, are delivered later, from any thread.
    func send(_ line: JSON)
}

/// What a solver has to say.
enum SolverNews: Sendable {
    case reply(JSON)
    /// What was asked gets no reply.
    case lost(String)
}

/// A service in this process.
final class LocalSolver: MCPSolver, LineSink {
    private let connection: Monitor<Connection?>
    private let lines = Monitor(0)
    private let deliver: @Sendable (SolverNews) -> Void

    init(service: SolverService, deliver: @escaping @Sendable (SolverNews) -> Void) {
        self.deliver = deliver
        connection = Monitor(nil)
        var options = Connection.Options()
        // One call of many must not hold the others' cancels back.
        options.overflow = .reject
        options.receiveWaits = false
        let made = service.connect(self, options: options)
        connection.withLock { $0 = made }
    }

    func send(_ line: JSON) {
        let number = lines.withLock { count in
            count += 1
            return count
        }
        var bytes: [UInt8] = []
        line.write(into: &bytes)
        connection.withLock { $0 }?.receive(FramedLine(number: number, content: .bytes(bytes)))
    }

    func write(_ lines: [UInt8]) {
        for line in lines.split(separator: 0x0A) {
            if let reply = try? JSON(parsing: line) { deliver(.reply(reply)) }
        }
    }

    func writeProgress(_ line: [UInt8]) { write(line) }

    func finish() {}
}

/// A daemon on a socket. It is connected to when something is to be asked, and again after it went away.
final class RemoteSolver: MCPSolver {
    private let path: String
    private let deliver: @Sendable (SolverNews) -> Void
    private let client = Monitor<DaemonClient?>(nil)

    init(path: String, deliver: @escaping @Sendable (SolverNews) -> Void) {
        self.path = path
        self.deliver = deliver
    }

    func send(_ line: JSON) {
        var bytes: [UInt8] = []
        line.write(into: &bytes)
        bytes.append(0x0A)
        // A daemon that was started anew since the last call is found at the second try.
        for _ in 0..<2 {
            let client: DaemonClient
            do throws(SocketError) {
                client = try connected()
            } catch {
                deliver(.lost("no connection to the daemon at \(path): \(error)"))
                return
            }
            if client.send(bytes) { return }
            forget(client)
        }
        // The reader tells that it is lost, and why if the daemon said so.
    }

    private func connected() throws(SocketError) -> DaemonClient {
        if let client = client.withLock({ $0 }) { return client }
        let made = try DaemonClient(path: path)
        client.withLock { $0 = made }
        let reader = DedicatedThread(name: "ptrm-mcp-socket") { [self] in
            var refusal: String?
            made.forEachLine { line in
                if let reply = try? JSON(parsing: line) {
                    // What is said of no request is said of the connection.
                    if reply["id"]?.isNull == true { refusal = reply["error"]?["message"]?.stringValue ?? refusal }
                    deliver(.reply(reply))
                }
                return true
            }
            forget(made)
            deliver(.lost("the daemon at \(path) " + (refusal.map { "refuses: \($0)" } ?? "went away")))
        }
        if reader == nil { deliver(.lost("the system has no threads left")) }
        return made
    }

    private func forget(_ old: DaemonClient) {
        client.withLock { client in if client === old { client = nil } }
    }
}
