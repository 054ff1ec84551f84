import LineProtocol
import Logging
import Platform
import Rollouts
import Scheduling
import Service
import ServiceLifecycle
import Threading
import Transports
import UnixSignals

/// The signals that the daemon handles. They are trapped before a client can find it: untrapped they would end it.
struct Signals: Sendable {
    let hangUps: UnixSignalsSequence
    let terminations: UnixSignalsSequence
    let interrupts: UnixSignalsSequence

    init() async {
        hangUps = await UnixSignalsSequence(trapping: .sighup)
        terminations = await UnixSignalsSequence(trapping: .sigterm)
        interrupts = await UnixSignalsSequence(trapping: .sigint)
    }
}

/// From the first request to the last reply: the transports, the signals, and what the service manager is told.
final class DaemonLifecycle: Sendable {
    private let service: SolverService
    private let stdio: StdioTransport?
    private let sockets: SocketServer?
    private let drainTimeout: Duration
    private let logger: Logger
    private let notifier = ServiceNotifier()
    private let isDraining = Monitor(false)
    private let wasAborted = Monitor(false)

    /// What a client gets beyond the drain timeout to take the last replies.
    private static let lastReplies = Duration.seconds(2)
    /// How often it is looked whether the parent is still there.
    private static let parentInterval = Duration.milliseconds(250)
    /// SIGTERMs this close together are one: GNU `timeout` and others signal a child and then its group, it among them.
    private static let sameSignal = Duration.milliseconds(500)

    init(
        service: SolverService, stdio: StdioTransport?, sockets: SocketServer?, drainTimeout: Duration, logger: Logger
    ) {
        self.service = service
        self.stdio = stdio
        self.sockets = sockets
        self.drainTimeout = drainTimeout
        self.logger = logger
    }

    /// Lines on stdin that were answered with an error; what socket clients send is their own matter.
    var errors: Int { stdio?.summary.errors ?? 0 }
    /// Puzzles on stdin that stayed unsolved.
    var unsolved: Int { stdio?.summary.unsolved ?? 0 }
    /// Requests that a signal left without an answer, whoever sent them.
    var unanswered: Int {
        guard wasAborted.withLock({ $0 }) else { return 0 }
        return (stdio?.unanswered ?? 0) + (sockets?.unanswered ?? 0)
    }

    /// - Parameter parent: the process whose end ends the daemon at once; nil: none.
    func run(_ signals: Signals, parent: Int32? = nil) async throws {
        let group = ServiceGroup(
            configuration: .init(
                // Shut down from the last to the first: the watchdog hears of the daemon until the drain is over.
                services: [
                    .init(service: Watchdog(service: service, notifier: notifier)),
                    .init(service: Reloads(daemon: self, hangUps: signals.hangUps)),
                    .init(
                        service: Conversations(daemon: self), successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup),
                ],
                logger: logger))
        // Not the group's `gracefulShutdownSignals`: it begins to look for them some time after it was asked to run, and
        // takes only the first.
        let terms = Task { [self] in
            var first: ContinuousClock.Instant?
            for await _ in signals.terminations {
                let now = ContinuousClock.now
                if let first {
                    if now - first >= Self.sameSignal { abort() }
                } else {
                    first = now
                    await group.triggerGracefulShutdown()
                }
            }
        }
        let interrupts = Task { [self] in
            for await _ in signals.interrupts { abort() }
        }
        let orphaned = parent.map { parent in Task { [self] in await abort(afterEndOf: parent) } }
        defer {
            terms.cancel()
            interrupts.cancel()
            orphaned?.cancel()
        }
        try await group.run()
    }

    /// Ends at once when another process has adopted this one. Asked for from time to time: what the kernel could signal
    /// is the end of the thread that started the daemon, which is not that of the program.
    private func abort(afterEndOf parent: Int32) async {
        while !Task.isCancelled {
            if Process.parent != parent {
                logger.notice("the process that started the daemon has ended")
                return abort()
            }
            try? await Task.sleep(for: Self.parentInterval)
        }
    }

    /// New work is refused; running searches may continue for a while.
    fileprivate func drain() {
        let isFirst = isDraining.withLock { flag in
            defer { flag = true }
            return !flag
        }
        guard isFirst else { return }
        notifier.send(.stopping)
        sockets?.drain()
        service.beginDrain()
        Task { [self] in
            try? await Task.sleep(for: drainTimeout)
            service.endAll(.shutdown)
            // Whoever does not read its replies now never will.
            try? await Task.sleep(for: Self.lastReplies)
            abort()
        }
    }

    fileprivate func abort() {
        wasAborted.withLock { $0 = true }
        stdio?.abort()
        sockets?.abort()
    }

    fileprivate func serve() async throws {
        notifier.send(.ready())
        service.observeReloads { [notifier] info in notifier.send(.reloaded(problem: info.problems.first)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let stdio {
                group.addTask { [self] in
                    let end = await stdio.run()
                    // The standard streams are the daemon's life when they are served.
                    drain()
                    switch end {
                    case .drained, .readerGone, .aborted: break
                    case .inputFailed(let error):
                        throw CommandFailure(code: .someLineFailed, message: "stdin cannot be read: \(error)")
                    case .outputFailed(let error):
                        throw CommandFailure(code: .someLineFailed, message: "stdout cannot be written: \(error)")
                    case .noResources:
                        sockets?.abort()
                        throw CommandFailure(
                            code: .usage, message: "the system has no threads or file descriptors left")
                    }
                }
            }
            if let sockets {
                group.addTask { [self] in
                    guard await sockets.run() else {
                        stdio?.abort()
                        throw CommandFailure(code: .usage, message: "the system has no threads left")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    fileprivate func reload() {
        notifier.send(.reloading)
        // Not waited for: a file that cannot be read to its end must not keep the daemon from ending.
        service.reload { [self] info in
            if !isDraining.withLock({ $0 }) { notifier.send(.ready(problem: info.problems.first)) }
        }
    }
}

/// The transports, as the service group runs them.
private struct Conversations: ServiceLifecycle.Service {
    let daemon: DaemonLifecycle

    func run() async throws {
        // Two handlers, because the two ends differ, and one handler could not distinguish them.
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await daemon.serve()
            } onGracefulShutdown: {
                daemon.drain()
            }
        } onCancel: {
            daemon.abort()
        }
    }
}

/// Reads profiles and models again on SIGHUP.
private struct Reloads: ServiceLifecycle.Service {
    let daemon: DaemonLifecycle
    let hangUps: UnixSignalsSequence

    func run() async throws {
        for await _ in hangUps.cancelOnGracefulShutdown() { daemon.reload() }
    }
}

/// Tells the service manager's watchdog that the compute threads advance; until the very end, drain included.
private struct Watchdog: ServiceLifecycle.Service {
    let service: SolverService
    let notifier: ServiceNotifier

    func run() async throws {
        guard let interval = notifier.watchdogInterval else {
            return try await gracefulShutdown()
        }
        await cancelWhenGracefulShutdown {
            var state = WatchdogState()
            while !Task.isCancelled {
                let heartbeat = service.heartbeat
                if state.isAlive(beats: heartbeat.beats, isIdle: heartbeat.isIdle) { notifier.send(.watchdog) }
                try? await Task.sleep(for: .nanoseconds(Int64(clamping: interval)))
            }
        }
    }
}
