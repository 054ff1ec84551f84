import ArgumentParser
import LineProtocol
import Logging
import Platform
import Problems
import Rollouts
import Scheduling
import Service
import ServiceLifecycle
import Solving
import Transports
import UnixSignals

/// `ptrmd serve`, the default: requests on stdin or on sockets, answers where they came from.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer JSON requests, one per line, on stdin or on Unix sockets (the default).",
        discussion: """
            Without --socket, requests come on stdin and answers go to stdout, until the input ends. With --socket, any \
            number of clients share one batch; --stdio serves the standard streams too, and their end then ends the \
            daemon. Sockets that a service manager hands over (LISTEN_FDS) are served as if they were named here; one \
            with the name "metrics" serves metrics.

            Answers come in the order in which searches end; --ordered gives them in the order of their lines. SIGTERM \
            drains, another one half a second later or more or SIGINT ends at once, SIGHUP reads profiles and models again.
            """)

    @OptionGroup var setup: ServiceOptions

    @OptionGroup(title: "Sockets") var sockets: SocketOptions

    @OptionGroup(title: "Metrics") var metrics: MetricsOptions

    @Flag(help: "Write replies in the order of the input lines.")
    var ordered = false

    @Option(help: ArgumentHelp("Requests that may wait for a place in the batch.", valueName: "n"))
    var maxQueue = 1024

    @Option(
        help: ArgumentHelp(
            "When the queue is full: block (hold the input back) or reject (error 429). Default: block on stdin, reject on sockets."
        ))
    var overflow: Connection.Overflow?

    @Option(
        help: ArgumentHelp(
            "Solve requests that one client may have queued or running; default: as many as the queue takes.",
            valueName: "n"))
    var maxInFlight: Int?

    @Option(help: ArgumentHelp("Longest input line.", valueName: "bytes"))
    var maxLineBytes = Wire.maxLineBytes

    @Option(help: ArgumentHelp("How long running searches may go on after SIGTERM.", valueName: "seconds"))
    var drainTimeout = 30.0

    @Option(help: FailOn.help)
    var failOn = FailOn.error

    @Flag(
        help: """
            End at once when the process that started the daemon ends. For a program whose other children hold the pipes \
            open; not for one that a shell, a service manager or nohup starts.
            """)
    var exitWithParent = false

    func validate() throws {
        guard maxQueue >= 1 else { throw ValidationError("--max-queue must be at least 1.") }
        if let maxInFlight, maxInFlight < 1 { throw ValidationError("--max-in-flight must be at least 1.") }
        guard (1024...1 << 40).contains(maxLineBytes) else {
            throw ValidationError("--max-line-bytes must be from 1024 to \(1 << 40).")
        }
        guard drainTimeout >= 0, drainTimeout < 1e6 else {
            throw ValidationError("--drain-timeout must be from 0 to 1000000 seconds.")
        }
    }

    func run() async throws {
        do {
            try await serve()
        } catch let failure as CommandFailure {
            // As a log line: a stderr that nobody reads must not keep the daemon from ending.
            switch setup.logFormat {
            case .text:
                for line in failure.message.split(separator: "\n") {
                    LogOutput.standardError.write((line.hasPrefix("ptrmd: ") ? "" : "ptrmd: ") + line + "\n")
                }
            case .json: JSONLogHandler.write(level: .critical, failure.message)
            }
            throw failure.code
        }
    }

    private func serve() async throws {
        let parent = exitWithParent ? Process.parent : nil
        // Before any file is opened: the handed-over descriptors stand right after the standard streams.
        let activated = try failing(.usage) { () throws(SocketError) in try SocketActivation.adopt() }
        let streams = StandardStreams.claim()
        Process.endOnSignals(readsInput: activated.serving.isEmpty && sockets.socket.isEmpty || sockets.stdio)
        let logger = setup.makeLogger()
        // Before the service makes its timers.
        let publisher = MetricsPublisher(isWanted: metrics.isWanted || !activated.metrics.isEmpty, logger: logger)
        var policy = SchedulerCore.Policy()
        policy.maxQueued = maxQueue
        let servesSockets = !(activated.serving.isEmpty && sockets.socket.isEmpty)
        let service = try setup.makeService(logger: logger, policy: policy, preloads: servesSockets)
        try failing(.model) { () throws(ModelLoadError) in try service.catalogue.loadModels() }
        service.catalogue.warmUp()
        // What the models took is not to be had any more.
        service.setMemory(setup.memoryBudget)
        if let shortage = MemoryRoom.enforced.shortage {
            throw CommandFailure(code: .usage, message: "after the models, \(shortage)")
        }
        let signals = await Signals()
        // Only now: a client that finds a socket's file finds a daemon that answers.
        let files = try failing(.usage) { () throws(SocketError) in activated.serving + (try sockets.open()) }
        do {
            let listeners = try failing(.usage) { () throws(SocketError) in
                try metrics.open(permissions: sockets.permissions, users: sockets.users)
                    + activated.metrics.map { .unix($0, allowedUsers: sockets.users) }
            }
            defer { for listener in listeners { listener.close() } }
            let daemon = try makeDaemon(service, streams: streams, files: files, logger: logger)
            let scrapes = try publisher.start(
                service: service, options: metrics, listeners: listeners)
            defer { scrapes?.stop() }
            try await daemon.run(signals, parent: parent)
            publisher.finish(service: service, options: metrics)
            let unanswered = daemon.unanswered
            if unanswered > 0 {
                let requests = unanswered == 1 ? "1 request was" : "\(unanswered) requests were"
                throw CommandFailure(code: .someLineFailed, message: "interrupted: \(requests) not answered")
            }
            throw failOn.exit(errors: daemon.errors, unsolved: daemon.unsolved)
        } catch {
            for file in files { file.close() }
            throw error
        }
    }

    private func makeDaemon(
        _ service: SolverService, streams: StandardStreams, files: [SocketFile], logger: Logger
    ) throws(CommandFailure) -> DaemonLifecycle {
        var connection = Connection.Options()
        connection.ordered = ordered
        connection.maxInFlight = maxInFlight
        connection.maxLineBytes = maxLineBytes
        var stdio: StdioTransport?
        if files.isEmpty || sockets.stdio {
            var options = connection
            options.overflow = overflow ?? .block
            Terminal.announceInput("requests, one JSON object a line (ptrmd solve takes a puzzle as it stands)")
            stdio = StdioTransport(service: service, streams: streams, options: options)
        }
        var server: SocketServer?
        if !files.isEmpty {
            var options = SocketServer.Options()
            options.connection = connection
            options.connection.overflow = overflow ?? .reject
            options.connection.receiveWaits = false
            // Of each client, in order or not.
            options.connection.maxWaitingReplies = options.output.high
            options.maxClients = DescriptorLimit.makeRoom(forClients: sockets.maxClients)
            if options.maxClients < sockets.maxClients {
                logger.warning(
                    "fewer clients than --max-clients: the system allows no more descriptors (ulimit -n)",
                    metadata: ["clients": "\(options.maxClients)"])
            }
            options.allowedUsers = sockets.users
            // One line always fits, with what its buffer grows by.
            options.lineMemory = max(setup.memoryBudget.lineMemory, 4 * maxLineBytes)
            guard let made = SocketServer(service: service, files: files, options: options, logger: logger) else {
                throw CommandFailure(code: .usage, message: "the system has no file descriptors left")
            }
            server = made
        }
        return DaemonLifecycle(
            service: service, stdio: stdio, sockets: server, drainTimeout: .seconds(drainTimeout), logger: logger)
    }
}

/// Runs `body`; what it throws becomes a message for the person who called and this exit code.
private func failing<Result, Failure: Error & CustomStringConvertible>(
    _ code: CommandExit, _ body: () throws(Failure) -> Result
) throws(CommandFailure) -> Result {
    do {
        return try body()
    } catch {
        throw CommandFailure(code: code, message: error.description)
    }
}

extension Connection.Overflow: ExpressibleByArgument {}
