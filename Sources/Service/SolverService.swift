import BundledFiles
import Checkpoints
package import LineProtocol
package import Logging
package import Profiles
package import Rollouts
package import Scheduling
import Synchronization
import TRM
import Threading

// Service turns requests into searches and results into replies. It joins the parts that know nothing of each other:
// profiles, models, puzzles and the scheduler on one side, the line protocol on the other.

/// What all connections share: the profiles in force, the models in memory, the compute threads and the counters.
package final class SolverService: Sendable {
    package struct Options: Sendable {
        /// Compute threads.
        package var threads = 1
        package var policy = SchedulerCore.Policy()
        /// Bytes that the carries of one search may take.
        package var maxCarryBytes = 4 << 30

        package init() {}
    }

    package let options: Options
    package let models: ModelStore
    package let scheduler: Scheduler
    package let version: VersionInfo
    let counters = Counters()
    let logger: Logger
    private let source: ProfileSource
    private let profileState: Monitor<ProfileSet>
    private let reloading = Monitor(())
    private let reloadDesk = ReloadDesk()
    private let draining = Atomic<Bool>(false)
    private let connections = Monitor<(next: UInt64, open: [UInt64: Weak])>((1, [:]))

    private struct Weak {
        weak var connection: Connection?
    }

    /// - Parameter profiles: the set in force at first; `source` is where `reload` reads it again.
    package init(
        profiles: ProfileSet, source: ProfileSource, models: ModelStore, version: VersionInfo, options: Options,
        logger: Logger
    ) {
        self.options = options
        self.source = source
        self.models = models
        self.version = version
        self.logger = logger
        profileState = Monitor(profiles)
        scheduler = Scheduler(threads: options.threads, policy: options.policy)
    }

    /// The profiles in force.
    package var profiles: ProfileSet { profileState.withLock { set in set } }

    /// Looks at the profiles in force; a reload waits meanwhile.
    func withProfiles<Result>(_ body: (ProfileSet) -> Result) -> Result {
        profileState.withLock { set in body(set) }
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

    /// Loads every model that the profiles name, so that no request waits for one and a bad file shows at once.
    package func loadModels() throws(ModelLoadError) {
        for profile in profiles.profiles { _ = try models.model(of: profile) }
    }

    /// Does one supervision step of every loaded model, so that the first request finds code and weights in memory.
    package func warmUp() {
        for loaded in models.models {
            let model = loaded.model
            guard let embedding = try? model.embed(tokens: [Int32](repeating: 0, count: model.config.seqLen)) else {
                continue
            }
            var slots = [StepSlot(carry: model.makeCarry(), embedding: embedding)]
            model.step(&slots, in: model.makeWorkspace())
        }
    }

    /// Reads profiles and models again. A set with anything wrong in it, its models included, changes nothing. Requests
    /// in flight keep what they started with.
    package func reload() -> ReloadInfo {
        reloading.withLock { _ in
            do {
                let set = try source.load()
                let loaded = try models.refreshed(for: set.profiles)
                profileState.withLock { current in
                    current = set
                    models.install(loaded)
                }
                logger.info("profiles reloaded", metadata: ["profiles": "\(set.profiles.count)"])
                return ReloadInfo(reloaded: true)
            } catch {
                let problems = ProfileSource.problems(in: error)
                logger.error("profiles not reloaded: the old set stays", metadata: ["problems": "\(problems)"])
                return ReloadInfo(reloaded: false, problems: problems)
            }
        }
    }

    /// `reload` on a thread of its own, shared with the others who ask meanwhile.
    package func reload(then answer: @escaping @Sendable (ReloadInfo) -> Void) {
        reloadDesk.ask(read: { [self] in reload() }, answer: answer)
    }

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
    package func stop() { scheduler.stop() }
}
