package import LineProtocol
package import Logging
package import Problems
import Profiles
package import Rollouts
package import Scheduling
package import Solving
import Synchronization
import Threading

// Service turns request lines into plans and finished plans into reply lines. It joins the parts that know nothing of
// each other: the catalogue, the scheduler and the line protocol.

/// What all connections share: the catalogue, the compute threads and the counters.
package final class SolverService: Sendable {
    package struct Options: Sendable {
        /// Compute threads.
        package var threads = 1
        package var policy = SchedulerCore.Policy()

        package init() {}
    }

    package let options: Options
    package let catalogue: Catalogue
    package let scheduler: Scheduler
    package let version: VersionInfo
    let counters = Counters()
    let logger: Logger
    private let reloadQueue = ReloadQueue()
    private let reloadObserver = Monitor<(@Sendable (ReloadInfo) -> Void)?>(nil)
    private let draining = Atomic<Bool>(false)
    private let connections = Monitor<(next: UInt64, open: [UInt64: Weak])>((1, [:]))

    private struct Weak {
        weak var connection: Connection?
    }

    package init(catalogue: Catalogue, version: VersionInfo, options: Options, logger: Logger) {
        self.options = options
        self.catalogue = catalogue
        self.version = version
        self.logger = logger
        scheduler = Scheduler(threads: options.threads, policy: options.policy)
    }

    /// Sets what all searches may take together; to be called before the first request.
    package func setMemory(_ budget: MemoryBudget) {
        catalogue.memory = budget
        scheduler.setMemory(budget)
    }

    /// Opens a conversation whose replies go to `sink`.
    package func connect(_ sink: any LineSink, options: Connection.Options = .init()) -> Connection {
        let connection = connections.withLock { table in
            let connection = Connection(service: self, client: table.next, sink: sink, options: options)
            table.open[table.next] = Weak(connection: connection)
            table.next += 1
            return connection
        }
        // The drain may have looked at the connections before this was one of them, but then its flag is set.
        if isDraining { connection.beginDrain() }
        return connection
    }

    func forget(_ connection: Connection) {
        connections.withLock { table in table.open[connection.client] = nil }
    }

    private var openConnections: [Connection] {
        connections.withLock { table in table.open.values.compactMap(\.connection) }
    }

    /// Reads profiles and models again. A set with anything wrong in it, its models included, changes nothing. Requests
    /// in flight keep what they started with.
    package func reload() -> ReloadInfo {
        do {
            try catalogue.reload()
            counters.count(reload: true)
            logger.info("profiles reloaded", metadata: ["profiles": "\(catalogue.profiles.profiles.count)"])
            return ReloadInfo(reloaded: true)
        } catch {
            let problems = ProfileSource.problems(in: error)
            counters.count(reload: false)
            logger.error("profiles not reloaded: the old set stays", metadata: ["problems": "\(problems)"])
            return ReloadInfo(reloaded: false, problems: problems)
        }
    }

    /// `reload` on a thread of its own, shared with the others who ask meanwhile.
    package func reload(then answer: @escaping @Sendable (ReloadInfo) -> Void) {
        reloadQueue.ask(read: { [self] in reload() }, answer: answer)
    }

    /// Has `observer` called after every reload that a client asked for.
    package func observeReloads(_ observer: @escaping @Sendable (ReloadInfo) -> Void) {
        reloadObserver.withLock { $0 = observer }
    }

    func clientReloaded(_ info: ReloadInfo) { reloadObserver.withLock { $0 }?(info) }

    /// Whether the compute threads advance, for a watchdog.
    package var heartbeat: Scheduler.Heartbeat { scheduler.heartbeat }

    /// Connections that are neither gone nor finished.
    package var connectionCount: Int { connections.withLock { table in table.open.count } }

    /// Whether new requests are refused.
    package var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// Takes no new work: what waits is refused, what runs goes on. Connections finish when they have nothing open.
    package func beginDrain() {
        draining.store(true, ordering: .releasing)
        for connection in openConnections { connection.beginDrain() }
        scheduler.close()
    }

    /// Ends every search with its best candidate so far; nothing new starts.
    package func endAll(_ reason: EndReason) { scheduler.endAll(reason) }

    /// Stops the compute threads; to be called when no connection waits for anything.
    package func stop() {
        scheduler.stop()
        catalogue.verifiers.stop()
    }
}
