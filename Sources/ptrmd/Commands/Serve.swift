import ArgumentParser
import LineProtocol
import Logging
import Rollouts
import Scheduling
import Service
import ServiceLifecycle
import Transports
import UnixSignals

/// `ptrmd serve`, the default: requests on stdin, answers on stdout, until the input ends.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer JSON requests from stdin, one per line (the default).",
        discussion: """
            Answers come in the order in which searches end; --ordered gives them in the order of their lines. Input may \
            stay open: every answer is written as soon as it is there. SIGTERM drains, SIGHUP reads the profiles again.
            """)

    @OptionGroup var setup: ServiceOptions

    @Flag(help: "Write replies in the order of the input lines.")
    var ordered = false

    @Option(help: ArgumentHelp("Requests that may wait for a place in the batch.", valueName: "n"))
    var maxQueue = 1024

    @Option(help: "When the queue is full: block (hold the input back) or reject (error 429).")
    var overflow = Connection.Overflow.block

    @Option(help: ArgumentHelp("Longest input line.", valueName: "bytes"))
    var maxLineBytes = Wire.maxLineBytes

    @Option(help: ArgumentHelp("How long running searches may go on after SIGTERM.", valueName: "seconds"))
    var drainTimeout = 30.0

    func validate() throws {
        guard maxQueue >= 1 else { throw ValidationError("--max-queue must be at least 1.") }
        guard maxLineBytes >= 1024 else { throw ValidationError("--max-line-bytes must be at least 1024.") }
        guard drainTimeout >= 0, drainTimeout < 1e6 else {
            throw ValidationError("--drain-timeout must be from 0 to 1000000 seconds.")
        }
    }

    func run() async throws {
        let streams = StandardStreams.claim()
        let logger = setup.makeLogger()
        var policy = SchedulerCore.Policy()
        policy.maxQueued = maxQueue
        let service = try setup.makeService(logger: logger, policy: policy)
        do {
            try service.loadModels()
        } catch {
            throw CommandFailure(code: .model, message: "\(error)")
        }
        var options = StdioTransport.Options()
        options.connection.ordered = ordered
        options.connection.overflow = overflow
        options.connection.maxLineBytes = maxLineBytes
        options.maxLineBytes = maxLineBytes
        let stdio = StdioService(
            transport: StdioTransport(service: service, streams: streams, options: options), service: service,
            drainTimeout: .seconds(drainTimeout))
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: stdio, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .cancelGroup),
                    .init(service: ReloadService(service: service)),
                ],
                gracefulShutdownSignals: [.sigterm], cancellationSignals: [.sigint], logger: logger))
        do {
            try await group.run()
        } catch is CancellationError {
            // SIGINT: ended at once, as asked.
        } catch let failure as CommandFailure {
            throw failure
        }
        throw stdio.transport.summary.errors > 0 ? CommandExit.someLineFailed : CommandExit.done
    }
}

extension Connection.Overflow: ExpressibleByArgument {}

/// The conversation on the standard streams, as the service group runs it.
private struct StdioService: ServiceLifecycle.Service {
    let transport: StdioTransport
    let service: SolverService
    let drainTimeout: Duration

    func run() async throws {
        let end = await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await transport.run()
            } onGracefulShutdown: {
                service.beginDrain()
                Task {
                    try? await Task.sleep(for: drainTimeout)
                    service.endAll(.shutdown)
                }
            }
        } onCancel: {
            transport.abort()
        }
        switch end {
        case .drained, .readerGone: break
        case .inputFailed(let errno):
            throw CommandFailure(code: .someLineFailed, message: "stdin could not be read (error \(errno))")
        case .noResources:
            throw CommandFailure(code: .usage, message: "the system has no threads or file descriptors left")
        }
    }
}

/// Reads the profiles again on SIGHUP.
private struct ReloadService: ServiceLifecycle.Service {
    let service: SolverService

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            _ = service.reload()
        }
    }
}
